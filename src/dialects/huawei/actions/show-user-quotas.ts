import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { grantsMax } from '../../../core/access/grant.ts'
import { describeService } from '../../../core/operations/service.ts'
import { action } from '../action.ts'

/** What stands for no limit: clients read a number of 32 bits. */
const unlimited = 2_147_483_647

export const ShowUserQuotas = action({
  name: 'ShowUserQuotas',
  rights: { service: 'kms:cmk:getQuota' },
  summary: 'Say how many keys there may be, and how many count; and how many grants one key may have.',
  evidence: documented('user-quotas page; that keys to be deleted no longer count is our own rule'),

  request: {},
  response: {
    quotas: z.object({
      resources: z.array(z.object({ type: z.enum(['CMK', 'grant_per_CMK']), used: z.int(), quota: z.int() })),
    }),
  },

  operation: describeService,
  toCore: (_members, { place }) => ({ at: place }),
  fromCore: ({ keys, keysMax }) => ({
    quotas: {
      resources: [
        { type: 'CMK' as const, used: keys, quota: keysMax ?? unlimited },
        { type: 'grant_per_CMK' as const, used: 0, quota: grantsMax },
      ],
    },
  }),
})
