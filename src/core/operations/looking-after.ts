/** What the operator looks at: the processes that serve, the known answers that are tried, and how it went lately. */
import { look } from '../operation.ts'
import { scrubId } from '../upkeep.ts'
import { whole } from './target.ts'

export const describeNodes = look({
  name: 'describeNodes',
  summary: 'Tell which processes serve, which program each runs, and which root key generation it has loaded.',
  rights: { all: 'administer' },
  targets: (_request: Record<string, never>) => whole,
  async run({ house }) {
    const { members } = await house.upgrade.state()
    const loaded = new Map((await house.rootKey.members()).map(({ name, generation }) => [name, generation?.number]))
    const programs = new Map(members.map(({ name, program }) => [name, program]))
    return [...new Set([...programs.keys(), ...loaded.keys()])].map((name) => ({
      name,
      program: programs.get(name),
      generation: loaded.get(name),
    }))
  },
})

export const describeCanaries = look({
  name: 'describeCanaries',
  summary: 'Tell how far the check has come that every key version still opens what it sealed at birth.',
  rights: { all: 'administer' },
  targets: (_request: Record<string, never>) => whole,
  async run({ view }) {
    const scrub = await view.get('scrub', scrubId)
    return {
      startedAt: scrub?.startedAt,
      done: scrub?.position === null,
      checked: scrub?.checked ?? 0,
      failed: scrub?.failed ?? [],
    }
  },
})

export const readSeries = look({
  name: 'readSeries',
  summary: 'Tell how many calls this process answered lately, minute by minute, and how fast.',
  rights: { all: 'administer' },
  targets: (_request: { minutes: number }) => whole,
  run: ({ house }, { minutes }) => house.inspect.series(minutes),
})
