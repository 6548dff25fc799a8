import { inferred } from '../../../contract/evidence.ts'
import { removeReleasePolicy } from '../../../core/operations/release-policies.ts'
import { action } from '../action.ts'
import { policyId } from '../key-spaces.ts'

export const DeleteKeyPolicy = action({
  name: 'DeleteKeyPolicy',
  rights: { policy: 'kms:policy:delete' },
  summary: 'Remove a key policy: capsules that point to it are opened to nobody.',
  evidence: inferred('SDK models; the status, and what becomes of capsules, are not published'),

  request: { policy_id: policyId },
  response: {},

  operation: removeReleasePolicy,
  toCore: ({ policy_id }) => ({ id: policy_id.toLowerCase() }),
  fromCore: () => ({}),
})
