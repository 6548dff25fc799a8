import { inferred } from '../../../contract/evidence.ts'
import { lines } from '../../../contract/fields.ts'
import { exportRows } from '../../../core/operations/backup.ts'
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
