import { documented } from '../../../contract/evidence.ts'
import { deleteWhiteBoxKey } from '../../../core/operations/white-box-keys.ts'
import { action } from '../action.ts'
import { oneWhiteBoxKey, toOne } from '../white-box.ts'

export const DeleteWhiteBoxKey = action({
  name: 'DeleteWhiteBoxKey',
  rights: { key: 'kms:DeleteWhiteBoxKey' },
  summary: 'Delete a disabled white-box key at once.',
  evidence: documented('DeleteWhiteBoxKey page; the code for an enabled one is inferred'),

  request: oneWhiteBoxKey,
  response: {},

  operation: deleteWhiteBoxKey,
  toCore: toOne,
  fromCore: () => ({}),

  errors: { wrongKeyLifecycleState: 'FailedOperation' },
})
