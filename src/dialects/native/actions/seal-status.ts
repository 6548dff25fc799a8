import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { describeRootKey } from '../../../core/operations/root-key.ts'
import { action } from '../action.ts'
import { sealMembers, sealShown } from '../seal-fields.ts'

export const SealStatus = action({
  name: 'seal-status',
  rights: { all: 'seal:status' },
  summary: 'Tell how the root key is kept, who has loaded which generation, and what each one wraps.',
  evidence: inferred('ours'),
  request: {},
  response: {
    ...sealMembers,
    settled: z.boolean().describe('Whether no rotation is under way.'),
    members: z.array(z.object({ name: z.string(), generation: z.number().nullable() })),
    domainKeys: z.array(z.object({ number: z.number(), id: z.string(), count: z.number() })),
  },
  operation: describeRootKey,
  toCore: () => ({}),
  fromCore: ({ settled, members, wraps, ...state }) => ({
    ...sealShown(state),
    settled,
    members: members.map(({ name, generation }) => ({ name, generation: generation?.number ?? null })),
    domainKeys: wraps.map(({ generation, count }) => ({ ...generation, count })),
  }),
})
