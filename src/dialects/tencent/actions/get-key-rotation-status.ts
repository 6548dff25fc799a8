import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { describeRotation } from '../../../core/operations/rotation.ts'
import { action } from '../action.ts'
import { forMember, keyId, memberAccount } from '../fields.ts'

export const GetKeyRotationStatus = action({
  name: 'GetKeyRotationStatus',
  rights: { key: 'kms:GetKeyRotationStatus' },
  summary: 'Tell whether automatic rotation is on.',
  evidence: documented('GetKeyRotationStatus page; that every state allows it is inferred'),

  request: { KeyId: keyId.describe('The CMK.'), MemberAccount: memberAccount },
  response: { KeyRotationEnabled: z.boolean() },

  operation: describeRotation,
  ...forMember,
  toCore: ({ KeyId }) => ({ keyId: KeyId }),
  fromCore: ({ enabled }) => ({ KeyRotationEnabled: enabled }),
})
