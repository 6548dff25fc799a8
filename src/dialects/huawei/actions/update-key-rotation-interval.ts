import { documented } from '../../../contract/evidence.ts'
import { decimal } from '../../../contract/fields.ts'
import { setRotationPeriod } from '../../../core/operations/rotation.ts'
import { action } from '../action.ts'
import { keyId, rotationIntervalDefault, sequence } from '../fields.ts'

export const UpdateKeyRotationInterval = action({
  name: 'UpdateKeyRotationInterval',
  rights: { key: 'kms:cmk:updateRotation' },
  userOwned: ['key'],
  summary: 'Change how often a key is rotated; the new interval counts from now.',
  evidence: documented('update-key-rotation-interval page and user guide; the states are inferred'),

  request: {
    key_id: keyId.describe('The key.'),
    rotation_interval: decimal({ min: 30, max: rotationIntervalDefault, code: 'KMS.3001' }).describe('Days.'),
    sequence,
  },
  response: {},

  operation: setRotationPeriod,
  toCore: ({ key_id, rotation_interval }) => ({ keyId: key_id, periodDays: rotation_interval }),
  fromCore: () => ({}),
})
