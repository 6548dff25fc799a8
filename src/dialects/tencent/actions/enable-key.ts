import { documented } from '../../../contract/evidence.ts'
import { resume } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { forMember, keyId, memberAccount } from '../fields.ts'

export const EnableKey = action({
  name: 'EnableKey',
  rights: { keys: 'kms:EnableKey' },
  summary: 'Enable a CMK.',
  evidence: documented('EnableKey page; that an enabled CMK stays so is inferred from the Terraform provider'),

  request: { KeyId: keyId.describe('The CMK.'), MemberAccount: memberAccount },
  response: {},

  operation: resume,
  ...forMember,
  toCore: ({ KeyId }) => ({ keyIds: [KeyId] }),
  fromCore: () => ({}),
})
