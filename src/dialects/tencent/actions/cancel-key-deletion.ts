import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { cancelDestruction } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { forMember, keyId, memberAccount } from '../fields.ts'

export const CancelKeyDeletion = action({
  name: 'CancelKeyDeletion',
  rights: { key: 'kms:CancelKeyDeletion' },
  summary: 'Undo ScheduleKeyDeletion; the CMK is Disabled, or PendingImport without material.',
  evidence: documented('CancelKeyDeletion page; PendingImport without material is inferred'),

  request: { KeyId: keyId.describe('The CMK.'), MemberAccount: memberAccount },
  response: { KeyId: z.string() },

  operation: cancelDestruction,
  ...forMember,
  toCore: ({ KeyId }) => ({ keyId: KeyId }),
  fromCore: ({ keyId: id }) => ({ KeyId: id }),

  errors: { wrongKeyLifecycleState: 'ResourceUnavailable.CmkNotPendingDelete' },
})
