import { inferred } from '../../../contract/evidence.ts'
import { lines } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { endQuarantine, exportRows, readQuarantine } from '../../../core/operations/backup.ts'
import { action } from '../action.ts'

export const Backup = action({
  name: 'backup',
  rights: { all: 'installation:backup' },
  summary: 'Give out every row of this moment, for the command to seal; material is wrapped as it is.',
  evidence: inferred('ours'),
  request: {},
  response: { lines },
  operation: exportRows,
  toCore: () => ({}),
  fromCore: (dumped) => ({ lines: dumped }),
})

const undone = z.object({
  was: z.string(),
  kind: z.string(),
  id: z.string(),
  key: z.string().optional(),
  at: z.string().optional(),
  by: z.string().optional(),
})

export const RestoreStatus = action({
  name: 'restore-status',
  rights: { all: 'restore:status' },
  summary: 'Tell whether the installation is in quarantine, and what its backup undoes.',
  evidence: inferred('ours'),
  request: {},
  response: {
    quarantined: z.boolean(),
    takenAt: z.string().optional(),
    restoredAt: z.string().optional(),
    sources: z.array(z.string()).optional(),
    undone: z.array(undone).optional(),
  },
  operation: readQuarantine,
  toCore: () => ({}),
  fromCore: (row) =>
    row === null
      ? { quarantined: false }
      : {
          quarantined: true,
          takenAt: new Date(row.takenAt).toISOString(),
          restoredAt: new Date(row.restoredAt).toISOString(),
          sources: [...row.sources],
          undone: row.undone.map(({ at, ...one }) => ({
            ...one,
            ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
          })),
        },
})

export const RestoreAccept = action({
  name: 'restore-accept',
  rights: { quarantine: 'restore:accept' },
  summary: 'Answer clients again after a restore.',
  evidence: inferred('ours'),
  request: {},
  response: { takenAt: z.string() },
  operation: endQuarantine,
  toCore: () => ({}),
  fromCore: ({ takenAt }) => ({ takenAt: new Date(takenAt).toISOString() }),
})
