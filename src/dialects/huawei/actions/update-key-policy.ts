import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { changeReleasePolicy } from '../../../core/operations/release-policies.ts'
import { action } from '../action.ts'
import {
  policyId,
  policyMembers,
  policyMembersOf,
  policyText,
  spaceDescription,
  termsOf,
  timeText,
} from '../key-spaces.ts'

export const UpdateKeyPolicy = action({
  name: 'UpdateKeyPolicy',
  rights: { policy: 'kms:policy:update' },
  summary: 'Give a key policy other terms, also for the capsules that there are.',
  evidence: inferred('SDK models; the status is not published'),

  request: {
    policy_id: policyId,
    policy: policyText,
    description: spaceDescription.describe('As it was, when absent.').optional(),
  },
  response: {
    policy_id: z.string(),
    policy: policyMembers,
    description: z.string(),
    last_modify_time: z.string().describe('yyyy-mm-ddTHH:MM:SSZ.'),
  },

  operation: changeReleasePolicy,
  toCore({ policy_id, policy, description }) {
    const terms = termsOf(policy, 'policy')
    if (terms instanceof Refusal) return terms
    return { id: policy_id.toLowerCase(), terms, ...(description === undefined ? {} : { description }) }
  },
  fromCore: ({ id, terms, description, modifiedAt }) => ({
    policy_id: id,
    policy: policyMembersOf(terms),
    description,
    last_modify_time: timeText(modifiedAt),
  }),
})
