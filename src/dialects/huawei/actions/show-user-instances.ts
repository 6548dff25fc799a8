import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { countKeys } from '../../../core/operations/service.ts'
import { action } from '../action.ts'

export const ShowUserInstances = action({
  name: 'ShowUserInstances',
  rights: { service: 'kms:cmk:getInstance' },
  summary: 'Count the keys of the account in the region; those that products own do not count.',
  evidence: documented('user-instances page; that keys to be deleted count is inferred'),

  request: {},
  response: { instance_num: z.int() },

  operation: countKeys,
  toCore: (_members, { place }) => ({ at: place }),
  fromCore: (count) => ({ instance_num: count }),
})
