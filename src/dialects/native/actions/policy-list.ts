import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { listPolicies } from '../../../core/operations/inspect.ts'
import { action } from '../action.ts'
import { principalOf, whose } from '../fields.ts'

const policy = z.object({ id: z.string(), name: z.string(), language: z.string(), document: z.string() })

export const PolicyList = action({
  name: 'policy-list',
  rights: { principal: 'policy:list' },
  summary: 'List the policies of a user or a role, with their documents.',
  evidence: inferred('ours'),

  request: whose,
  response: { policies: z.array(policy) },

  operation: listPolicies,
  async toCore(asked, here) {
    const principal = await principalOf(here, asked)
    return principal instanceof Refusal ? principal : { principal: principal.id }
  },
  fromCore: (policies) => ({
    policies: policies.map(({ id, name, language, document }) => ({ id, name, language, document })),
  }),
})
