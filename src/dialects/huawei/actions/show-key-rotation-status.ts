import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { describeRotation } from '../../../core/operations/rotation.ts'
import { symmetric } from '../../../core/operations/target.ts'
import { action } from '../action.ts'
import { keyId, milliseconds, sequence } from '../fields.ts'

export const ShowKeyRotationStatus = action({
  name: 'ShowKeyRotationStatus',
  rights: { key: 'kms:cmk:getRotation' },
  summary: 'Say whether a key is rotated by itself, how often, and how often it was.',
  evidence: documented('get-key-rotation-status page; that an asymmetric key is refused is inferred'),

  request: { key_id: keyId.describe('The key.'), sequence },
  response: {
    key_rotation_enabled: z.boolean().describe('A boolean here, and text in the record of a key.'),
    rotation_interval: z.int().describe('Days.'),
    last_rotation_time: z.string().describe('UTC milliseconds as text; empty for never.'),
    number_of_rotations: z.int(),
  },

  operation: describeRotation,
  toCore: ({ key_id }) => ({ keyId: key_id, families: symmetric }),
  fromCore: ({ enabled, periodDays, lastAt, rotations }) => ({
    key_rotation_enabled: enabled,
    rotation_interval: periodDays,
    last_rotation_time: milliseconds(lastAt),
    number_of_rotations: rotations,
  }),

  errors: { incompatibleCryptographicUsageMask: 'KMS.0324' },
})
