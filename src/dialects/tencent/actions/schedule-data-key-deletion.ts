import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { scheduleDataKeyDestruction } from '../../../core/operations/data-key-lifecycle.ts'
import { action } from '../action.ts'
import { oneDataKey, pendingWindow, unlistedDenial } from '../data-keys.ts'
import { forMember, seconds } from '../fields.ts'

export const ScheduleDataKeyDeletion = action({
  name: 'ScheduleDataKeyDeletion',
  rights: { dataKey: 'kms:ScheduleDataKeyDeletion' },
  summary: 'Plan the deletion of a hosted data key.',
  evidence: documented('ScheduleDataKeyDeletion page; that an Enabled data key can be scheduled is inferred'),

  request: { ...oneDataKey, PendingWindowInDays: pendingWindow.describe('Days until deletion.') },
  response: { DeletionDate: z.int().describe('Unix seconds.'), DataKeyId: z.string() },

  operation: scheduleDataKeyDestruction,
  ...forMember,
  toCore: ({ DataKeyId, PendingWindowInDays }) => ({ dataKeyId: DataKeyId, days: PendingWindowInDays }),
  fromCore: ({ dataKeyId, destroyAt }) => ({ DeletionDate: seconds(destroyAt), DataKeyId: dataKeyId }),

  errors: unlistedDenial,
})
