import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { cancelDataKeyDestruction } from '../../../core/operations/data-key-lifecycle.ts'
import { action } from '../action.ts'
import { oneDataKey, toOne } from '../data-keys.ts'
import { forMember } from '../fields.ts'

export const CancelDataKeyDeletion = action({
  name: 'CancelDataKeyDeletion',
  rights: { dataKey: 'kms:CancelDataKeyDeletion' },
  summary: 'Undo ScheduleDataKeyDeletion; the data key is Disabled.',
  evidence: documented(
    'CancelDataKeyDeletion page; Disabled, and that the CMK must not be on its way out, are inferred',
  ),

  request: oneDataKey,
  response: { DataKeyId: z.string() },

  operation: cancelDataKeyDestruction,
  ...forMember,
  toCore: toOne,
  fromCore: ({ dataKeyId }) => ({ DataKeyId: dataKeyId }),

  errors: {
    wrongKeyLifecycleState: ({ kind }) =>
      kind === 'key' ? 'ResourceUnavailable.CmkStateNotSupport' : 'ResourceUnavailable.DataKeyNotPendingDelete',
  },
})
