import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { detachPolicy } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { name, policyId, principalOf, whose } from '../fields.ts'

export const PolicyDetach = action({
  name: 'policy-detach',
  rights: { principal: 'policy:detach', policy: 'policy:detach' },
  summary: 'Take a policy from a user or a role, and remove it.',
  evidence: inferred('ours'),

  request: {
    ...whose,
    policy: name.describe('Name of the policy.'),
  },
  response: { name: z.string() },

  operation: detachPolicy,
  async toCore({ policy, ...asked }, here) {
    const principal = await principalOf(here, asked)
    if (principal instanceof Refusal) return principal
    const id = await policyId(here, principal, policy)
    return id === undefined
      ? refuse({ reason: 'objectNotFound', kind: 'policy' })
      : { principal: principal.id, policy: id }
  },
  fromCore: ({ name: policy }) => ({ name: policy }),
})
