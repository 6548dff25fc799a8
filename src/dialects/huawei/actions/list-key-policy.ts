import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { listReleasePolicies } from '../../../core/operations/release-policies.ts'
import { action } from '../action.ts'
import {
  listedPolicyMembers,
  listedPolicyMembersOf,
  pageInfo,
  policyRecord,
  policyRecordOf,
  spacePage,
  spacePageMembers,
  spacePageOf,
} from '../key-spaces.ts'

export const ListKeyPolicy = action({
  name: 'ListKeyPolicy',
  rights: { policies: 'kms:policy:list' },
  summary: 'List the key policies of a key space, oldest first; here the policy has names in camel case.',
  evidence: inferred('SDK models; status, word and order are not published'),

  request: spacePageMembers,
  response: {
    page_info: pageInfo,
    keyspace_policies: z.array(z.object({ ...policyRecord, policy: listedPolicyMembers })),
  },

  operation: listReleasePolicies,
  toCore: (asked, { place }) => ({ at: place, ...spacePageOf(asked) }),
  fromCore(rows, _here, asked) {
    const { page, page_info } = spacePage(rows, asked)
    const keyspace_policies = page.map((row) => ({ ...policyRecordOf(row), policy: listedPolicyMembersOf(row.terms) }))
    return { page_info, keyspace_policies }
  },
})
