import { documented } from '../../../contract/evidence.ts'
import { integer } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { scheduleDestruction } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { forMember, keyId, memberAccount, seconds } from '../fields.ts'

export const ScheduleKeyDeletion = action({
  name: 'ScheduleKeyDeletion',
  rights: { key: 'kms:ScheduleKeyDeletion' },
  narrow: { key: ['preActive', 'suspended', 'deactivated'] },
  summary: 'Plan the deletion of a CMK.',
  evidence: documented('ScheduleKeyDeletion page; the exact instant is inferred from four of five published dates'),

  request: {
    KeyId: keyId.describe('The CMK.'),
    PendingWindowInDays: integer({ min: 7, max: 30, code: 'InvalidParameter.InvalidPendingWindowInDays' }).describe(
      'Days until deletion.',
    ),
    MemberAccount: memberAccount,
  },
  response: { DeletionDate: z.int().describe('Unix seconds.'), KeyId: z.string() },

  operation: scheduleDestruction,
  ...forMember,
  toCore: ({ KeyId, PendingWindowInDays }) => ({ keyId: KeyId, days: PendingWindowInDays }),
  fromCore: ({ keyId: id, destroyAt }) => ({ DeletionDate: seconds(destroyAt), KeyId: id }),

  errors: {
    wrongKeyLifecycleState: ({ state }) =>
      state === 'active' ? 'ResourceUnavailable.CmkShouldBeDisabled' : 'ResourceUnavailable.CmkStateNotSupport',
  },
})
