import { documented } from '../../../contract/evidence.ts'
import { rename } from '../../../core/operations/attributes.ts'
import { action } from '../action.ts'
import { alias, forMember, keyId, memberAccount } from '../fields.ts'

export const UpdateAlias = action({
  name: 'UpdateAlias',
  rights: { key: 'kms:UpdateAlias' },
  summary: 'Rename a CMK.',
  evidence: documented('UpdateAlias page; the code in PendingDelete and the rule of CreateKey for names are inferred'),

  request: {
    Alias: alias.describe('New alias.'),
    KeyId: keyId.describe('The CMK.'),
    MemberAccount: memberAccount,
  },
  response: {},

  operation: rename,
  ...forMember,
  toCore: ({ KeyId, Alias }) => ({ keyId: KeyId, name: Alias }),
  fromCore: () => ({}),
})
