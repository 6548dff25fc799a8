import { documented } from '../../../contract/evidence.ts'
import { suspend } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { forMember, keyId, memberAccount } from '../fields.ts'

export const DisableKey = action({
  name: 'DisableKey',
  rights: { keys: 'kms:DisableKey' },
  summary: 'Disable a CMK: it neither encrypts nor decrypts.',
  evidence: documented('DisableKey page; that a disabled CMK stays so is inferred from the Terraform provider'),

  request: { KeyId: keyId.describe('The CMK.'), MemberAccount: memberAccount },
  response: {},

  operation: suspend,
  ...forMember,
  toCore: ({ KeyId }) => ({ keyIds: [KeyId] }),
  fromCore: () => ({}),
})
