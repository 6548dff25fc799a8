import { documented } from '../../../contract/evidence.ts'
import { suspend } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { foreign, keyId, memberAccount } from '../fields.ts'

export const DisableKey = action({
  name: 'DisableKey',
  rights: { keys: 'kms:DisableKey' },
  summary: 'Disable a CMK: it neither encrypts nor decrypts.',
  evidence: documented('DisableKey page; that a disabled CMK stays so is inferred from the Terraform provider'),

  request: { KeyId: keyId.describe('The CMK.'), MemberAccount: memberAccount },
  response: {},

  operation: suspend,
  toCore: ({ KeyId, MemberAccount }, here) => foreign(MemberAccount, here) ?? { keyIds: [KeyId] },
  fromCore: () => ({}),
})
