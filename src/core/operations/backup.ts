/** Backups, and what a restored installation has to make good before it answers anybody. */
import { refuse } from '../failure.ts'
import { change, look } from '../operation.ts'
import { quarantineId } from '../upkeep.ts'
import { whole } from './target.ts'

export const exportRows = look({
  name: 'exportRows',
  summary: 'Give out every row of this moment, material wrapped as it is.',
  rights: { all: 'administer' },
  targets: (_request: Record<string, never>) => whole,
  async run({ house, view }) {
    // What the first backup undoes would be known to nobody who restores the second.
    if (!(await view.reload('quarantine', quarantineId))) return house.dump()
    const why = 'cannot be made: the installation is in quarantine. End that first'
    return refuse({ reason: 'invalidAttributeValue', member: 'the backup', why })
  },
})

export const readQuarantine = look({
  name: 'readQuarantine',
  summary: 'Tell whether the installation is in quarantine, and what its backup undoes.',
  rights: { all: 'administer' },
  targets: (_request: Record<string, never>) => whole,
  run: async ({ view }) => (await view.get('quarantine', quarantineId)) ?? null,
})

export const endQuarantine = change({
  name: 'endQuarantine',
  summary: 'Answer clients again after a restore.',
  rights: { quarantine: 'administer' },
  targets: (_request: Record<string, never>) => ({ quarantine: { kind: 'quarantine', id: quarantineId } as const }),
  prepare: () => {},
  decide: ({ at: { quarantine } }) => ({ result: quarantine, effects: [{ drop: quarantine }] }),
})
