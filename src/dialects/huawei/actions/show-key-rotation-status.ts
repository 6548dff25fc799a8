import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { describeVersions, type HeldMaterial } from '../../../core/operations/next-material.ts'
import { action } from '../action.ts'
import { keyId, milliseconds, sequence } from '../fields.ts'

const materialOf = (id: string, { version, createdAt, expiresAt, waits }: HeldMaterial) => ({
  material_id: `${id}.${version}`,
  charge_id: '',
  create_time: milliseconds(createdAt),
  expiration_time: milliseconds(expiresAt),
  state: waits ? (0 as const) : (2 as const),
})

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
    key_materials: z
      .array(
        z.object({
          material_id: z.string(),
          charge_id: z.string().describe('Empty: nothing is billed.'),
          create_time: z.string().describe('UTC milliseconds as text.'),
          expiration_time: z.string().describe('UTC milliseconds as text; empty for never.'),
          state: z.union([z.literal(0), z.literal(2)]).describe('0 waits for rotate-on-demand, 2 enabled; a number.'),
        }),
      )
      .describe('Of an external key, oldest first; absent for any other.')
      .optional(),
  },

  operation: describeVersions,
  toCore: ({ key_id }) => ({ keyId: key_id }),
  fromCore: ({ keyId: id, rotation, rotations, origin, materials }) => ({
    key_rotation_enabled: rotation.enabled,
    rotation_interval: rotation.periodDays,
    last_rotation_time: milliseconds(rotation.lastAt),
    number_of_rotations: rotations,
    ...(origin === 'imported' ? { key_materials: materials.map((one) => materialOf(id, one)) } : {}),
  }),

  errors: { incompatibleCryptographicUsageMask: 'KMS.0324' },
})
