import { documented } from '../../../contract/evidence.ts'
import { decimal } from '../../../contract/fields.ts'
import { scheduleDestruction } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { keyId, keyIdMember, keyState, keyStates, sequence } from '../fields.ts'

export const DeleteKey = action({
  name: 'DeleteKey',
  rights: { key: 'kms:cmk:scheduleKeyDeletion' },
  summary: 'Plan the deletion of a key; until then it can be cancelled.',
  evidence: documented('schedule-key-deletion page; the exact instant and the word of identity policies are inferred'),

  request: {
    key_id: keyId.describe('The key.'),
    pending_days: decimal({ min: 7, max: 1096, code: 'KMS.1401' }).describe('Days until deletion.'),
    sequence,
  },
  response: { key_id: keyIdMember, key_state: keyState.describe('4, pending deletion.') },

  operation: scheduleDestruction,
  toCore: ({ key_id, pending_days }) => ({ keyId: key_id, days: pending_days }),
  fromCore: ({ keyId: id }) => ({ key_id: id, key_state: keyStates.destructionScheduled }),

  errors: {
    missingData: ({ member }) => (member === 'pending_days' ? 'KMS.1401' : 'KMS.0204'),
    wrongKeyLifecycleState: 'KMS.1402',
  },
})
