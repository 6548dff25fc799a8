import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { describeService } from '../../../core/operations/service.ts'
import { action } from '../action.ts'

/** What a limit reads as where there is none: the largest number that every SDK's integer holds. */
const unlimited = 2_147_483_647

export const GetServiceStatus = action({
  name: 'GetServiceStatus',
  rights: { service: 'kms:GetServiceStatus' },
  summary: 'Tell that KMS is active, how many CMKs there are, and how many there may be.',
  evidence: inferred('GetServiceStatus page for the members; the values of a self-hosted service are ours'),

  request: {},
  response: {
    ServiceEnabled: z.boolean(),
    InvalidType: z.int(),
    UserLevel: z.int(),
    ProExpireTime: z.int(),
    ProRenewFlag: z.int(),
    ProResourceId: z.string(),
    ExclusiveVSMEnabled: z.boolean(),
    ExclusiveHSMEnabled: z.boolean(),
    SubscriptionInfo: z.string(),
    CmkUserCount: z.int(),
    CmkLimit: z.int(),
    ExclusiveHSMList: z.array(z.never()),
    IsAllowedDataKeyHosted: z.boolean(),
    DataKeyLimit: z.int(),
    FreeDataKeyLimit: z.int(),
    DataKeyUsedCount: z.int(),
    IsAllowedSync: z.boolean(),
  },

  operation: describeService,
  toCore: (_members, { place }) => ({ at: place }),
  fromCore: ({ keys, keysMax, dataKeys, dataKeysMax }) => ({
    ServiceEnabled: true,
    InvalidType: 1,
    UserLevel: 0,
    ProExpireTime: 0,
    ProRenewFlag: 0,
    ProResourceId: '',
    ExclusiveVSMEnabled: false,
    ExclusiveHSMEnabled: false,
    SubscriptionInfo: '',
    CmkUserCount: keys,
    CmkLimit: keysMax ?? unlimited,
    ExclusiveHSMList: [],
    IsAllowedDataKeyHosted: true,
    DataKeyLimit: dataKeysMax ?? unlimited,
    FreeDataKeyLimit: 0,
    DataKeyUsedCount: dataKeys,
    IsAllowedSync: false,
  }),
})
