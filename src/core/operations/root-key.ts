/** The root key's seal and its generations: what opens it, another seal, another generation, and what that one wraps. */
import { type Refusal, refuse } from '../failure.ts'
import type { House } from '../house.ts'
import type { Keyring } from '../keyring.ts'
import type { DomainKey } from '../object.ts'
import { change, look, use } from '../operation.ts'
import type { Member, NewSeal, Reader, Rejected, RootGeneration, SealState } from '../ports.ts'

const whole = { all: { in: { account: '', region: '', project: '' }, kind: 'service' } } as const
const operators = { all: 'administer' } as const

const orRefusal = <T extends object>(said: T | Rejected, member: string): T | Refusal =>
  'rejected' in said ? refuse({ reason: 'invalidAttributeValue', member, why: said.rejected }) : said

const pageRows = 500

/** How many domain keys a generation wraps. */
interface Wraps {
  readonly generation: RootGeneration
  readonly count: number
}

const wrapsOf = async (read: Reader, keyring: Keyring): Promise<readonly Wraps[]> => {
  const counts = new Map<string, Wraps>()
  for (let after = ''; ; ) {
    const page = await read.rows('domainKey', { after, limit: pageRows })
    for (const row of page) {
      const generation = keyring.generationOf(row) ?? { id: '', number: 0 }
      counts.set(generation.id, { generation, count: (counts.get(generation.id)?.count ?? 0) + 1 })
    }
    const last = page.at(-1)
    if (!last || page.length < pageRows) return [...counts.values()]
    after = last.id
  }
}

export interface RootKeyReport extends SealState {
  readonly members: readonly Member[]
  readonly wraps: readonly Wraps[]
  readonly settled: boolean
}

export const describeRootKey = look({
  name: 'describeRootKey',
  summary: 'Tell how the root key is kept, who has loaded which generation, and what each one wraps.',
  rights: operators,
  targets: (_request: Record<string, never>) => whole,
  async run({ house: { rootKey, keyring } }, _request, read): Promise<RootKeyReport> {
    const state = rootKey.state()
    const members = await rootKey.members()
    const wraps = await wrapsOf(read, keyring)
    return { ...state, members, wraps, settled: !state.sealed && rootKey.isSettled() }
  },
})

export const unsealRootKey = use({
  name: 'unsealRootKey',
  summary: 'Open the root key by its passphrase, or bring one share of those that open it.',
  rights: operators,
  targets: (_request: { input: string }) => whole,
  run: async ({ house }, { input }): Promise<SealState | Refusal> =>
    orRefusal(await house.rootKey.unseal(input), 'what was given'),
})

export const prepareSeal = use({
  name: 'prepareSeal',
  summary: 'Make another seal for the root key beside the one in use.',
  rights: operators,
  targets: (_request: NewSeal) => whole,
  run: async ({ house }, to): Promise<{ readonly shares: readonly string[] } | Refusal> =>
    orRefusal(await house.rootKey.prepare(to), 'the new seal'),
})

export const adoptSeal = use({
  name: 'adoptSeal',
  summary: 'Put the prepared seal in the place of the one in use, once what its operators kept has opened it.',
  rights: operators,
  targets: (_request: { inputs: readonly string[] }) => whole,
  run: async ({ house }, { inputs }): Promise<SealState | Refusal> =>
    orRefusal(await house.rootKey.adopt(inputs), 'the new seal'),
})

export const addRootGeneration = use({
  name: 'addRootGeneration',
  summary: 'Give a root key another generation, which wraps from now on.',
  rights: operators,
  targets: (_request: { backing: string | undefined }) => whole,
  run: async ({ house }, { backing }): Promise<RootGeneration | Refusal> =>
    orRefusal(await house.rootKey.addGeneration(backing), 'the root key'),
})

type Kept = Pick<House, 'rootKey'>

/** Whoever has not loaded the newest generation could not open what it wraps, and would still wrap by an older one. */
const behind = async ({ rootKey }: Kept): Promise<readonly string[]> => {
  const { generation } = rootKey.state()
  const members = await rootKey.members()
  return members.filter((member) => member.generation?.id !== generation.id).map(({ name }) => name)
}

interface Rewrapping {
  /** The id of the last domain key of the page before; empty for the first one. */
  readonly after: string
}

export interface Rewrapped {
  readonly rewrapped: number
  readonly looked: number
  /** Processes that must load the newest generation before anything is wrapped by it. */
  readonly behind: readonly string[]
  /** The ids of those that do not open; they stay as they are. */
  readonly broken: readonly string[]
  /** Where the next page begins; undefined after the last one. */
  readonly next: string | undefined
}

interface Page extends Omit<Rewrapped, 'rewrapped'> {
  readonly rows: readonly { readonly over: DomainKey; readonly put: DomainKey }[]
}

const rewrapRows = 100

const pageAfter = async ({ house }: { house: House }, { after }: Rewrapping): Promise<Page> => {
  const waiting = await behind(house)
  if (waiting.length > 0) return { rows: [], looked: 0, behind: waiting, broken: [], next: after }
  const page = await house.store.reader.rows('domainKey', { after, limit: rewrapRows })
  const rows: { over: DomainKey; put: DomainKey }[] = []
  const broken: string[] = []
  for (const over of page) {
    const put = house.keyring.rewrapped(over)
    if (put === 'broken') broken.push(over.id)
    else if (put !== 'same') rows.push({ over, put })
  }
  const next = page.length === rewrapRows ? page.at(-1)?.id : undefined
  return { rows, looked: page.length, behind: [], broken, next }
}

/**
 * One page of the domain keys, those of key stores too. Every one that an older generation wraps is wrapped by the present
 * one; material under them is not touched. Again is harmless, so that it can go on wherever it was interrupted.
 */
export const rewrapDomainKeys = change({
  name: 'rewrapDomainKeys',
  summary: 'Wrap a page of the domain keys by the present generation of their root key.',
  rights: operators,
  targets: (_request: Rewrapping) => whole,
  prepare: pageAfter,
  refresh: pageAfter,
  decide: (_call, _request, { rows, ...page }) => ({
    result: { ...page, rewrapped: rows.length },
    effects: rows.map(({ over, put }) => ({ put, over })),
  }),
})

/** The rotation has ended when no domain key is left under an older generation, and every process has the new one. */
export const settleRootKey = use({
  name: 'settleRootKey',
  summary: 'End a rotation of the root key: from then on a root key file without the new generation is refused.',
  rights: operators,
  targets: (_request: Record<string, never>) => whole,
  async run({ house }): Promise<Pick<Rewrapped, 'behind'>> {
    const waiting = await behind(house)
    if (waiting.length === 0) await house.rootKey.settle()
    return { behind: waiting }
  },
})
