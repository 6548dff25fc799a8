import { documented } from '../../../contract/evidence.ts'
import { modifyDescription } from '../../../core/operations/attributes.ts'
import { action } from '../action.ts'
import { description, forMember, keyId, memberAccount } from '../fields.ts'

export const UpdateKeyDescription = action({
  name: 'UpdateKeyDescription',
  rights: { key: 'kms:UpdateKeyDescription' },
  summary: 'Change the description of a CMK.',
  evidence: documented('UpdateKeyDescription page; the code in PendingDelete is inferred'),

  request: {
    Description: description.describe('New description.'),
    KeyId: keyId.describe('The CMK.'),
    MemberAccount: memberAccount,
  },
  response: {},

  operation: modifyDescription,
  ...forMember,
  toCore: ({ KeyId, Description }) => ({ keyId: KeyId, description: Description }),
  fromCore: () => ({}),
})
