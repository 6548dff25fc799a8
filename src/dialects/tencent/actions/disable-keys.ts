import { documented } from '../../../contract/evidence.ts'
import { suspend } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { forMember, keyIds, memberAccount } from '../fields.ts'

export const DisableKeys = action({
  name: 'DisableKeys',
  rights: { keys: 'kms:DisableKeys' },
  summary: 'Disable CMKs, all of them or none.',
  evidence: documented('DisableKeys page; all or nothing is inferred by analogy to white-box keys'),

  request: { KeyIds: keyIds.describe('The CMKs.'), MemberAccount: memberAccount },
  response: {},

  operation: suspend,
  ...forMember,
  toCore: ({ KeyIds }) => ({ keyIds: KeyIds }),
  fromCore: () => ({}),
})
