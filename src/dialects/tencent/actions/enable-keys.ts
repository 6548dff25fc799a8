import { documented } from '../../../contract/evidence.ts'
import { resume } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { forMember, keyIds, memberAccount } from '../fields.ts'

export const EnableKeys = action({
  name: 'EnableKeys',
  rights: { keys: 'kms:EnableKeys' },
  summary: 'Enable CMKs, all of them or none.',
  evidence: documented('EnableKeys page; all or nothing is inferred by analogy to white-box keys'),

  request: { KeyIds: keyIds.describe('The CMKs.'), MemberAccount: memberAccount },
  response: {},

  operation: resume,
  ...forMember,
  toCore: ({ KeyIds }) => ({ keyIds: KeyIds }),
  fromCore: () => ({}),
})
