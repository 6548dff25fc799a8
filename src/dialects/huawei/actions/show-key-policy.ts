import { inferred } from '../../../contract/evidence.ts'
import { describeReleasePolicy } from '../../../core/operations/release-policies.ts'
import { action } from '../action.ts'
import { policyId, policyMembers, policyMembersOf, policyRecord, policyRecordOf } from '../key-spaces.ts'

export const ShowKeyPolicy = action({
  name: 'ShowKeyPolicy',
  rights: { policy: 'kms:policy:get' },
  summary: 'Read one key policy.',
  evidence: inferred('SDK models; the status is not published'),

  request: { policy_id: policyId },
  response: { ...policyRecord, policy: policyMembers },

  operation: describeReleasePolicy,
  toCore: ({ policy_id }) => ({ id: policy_id.toLowerCase() }),
  fromCore: (row) => ({ ...policyRecordOf(row), policy: policyMembersOf(row.terms) }),
})
