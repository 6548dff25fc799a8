import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { listPolicies } from '../../../core/operations/inspect.ts'
import { action } from '../action.ts'
import { accountRef, name, principalOf } from '../fields.ts'

export const PolicyList = action({
  name: 'policy-list',
  rights: { principal: 'policy:list' },
  summary: 'List the policies of a user, with their documents.',
  evidence: inferred('ours'),

  request: { user: name.describe('Name or number of the user.'), account: accountRef },
  response: { policies: z.array(z.object({ name: z.string(), dialect: z.string(), document: z.string() })) },

  operation: listPolicies,
  async toCore({ user, account }, here) {
    const principal = await principalOf(here, user, account)
    return principal instanceof Refusal ? principal : { principal: principal.id }
  },
  fromCore: (policies) => ({
    policies: policies.map(({ name: policy, language, document }) => ({ name: policy, dialect: language, document })),
  }),
})
