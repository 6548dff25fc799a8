import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { createReleasePolicy } from '../../../core/operations/release-policies.ts'
import { action } from '../action.ts'
import { callingUser } from '../grants.ts'
import { keySpaceId, policyText, spaceDescription, spaceName, termsOf } from '../key-spaces.ts'

export const CreateKeyPolicy = action({
  name: 'CreateKeyPolicy',
  rights: { policies: 'kms:policy:create' },
  summary: 'Make a key policy: to whom and when capsules that point to it are opened.',
  evidence: inferred('SDK models; status and word are not published'),

  request: {
    keyspace_id: keySpaceId,
    policy_name: spaceName.describe('What it is called; need not be unique.'),
    policy: policyText,
    description: spaceDescription.describe('What is said of it.').optional(),
  },
  response: { policy_id: z.string() },

  operation: createReleasePolicy,
  toCore({ keyspace_id, policy_name, policy, description = '' }, { place, caller }) {
    const terms = termsOf(policy, 'policy')
    if (terms instanceof Refusal) return terms
    const keySpace = keyspace_id.toLowerCase()
    return { at: place, keySpace, name: policy_name, terms, description, creator: callingUser(caller) }
  },
  fromCore: ({ id }) => ({ policy_id: id }),
})
