import { documented } from '../../../contract/evidence.ts'
import { beginRotation } from '../../../core/operations/rotation.ts'
import { action } from '../action.ts'
import { keyId, rotationIntervalDefault, sequence } from '../fields.ts'

export const EnableKeyRotation = action({
  name: 'EnableKeyRotation',
  rights: { key: 'kms:cmk:enableRotation' },
  narrow: { key: ['active'] },
  userOwned: ['key'],
  summary: 'Turn automatic rotation on, every 365 days.',
  evidence: documented('enable-key-rotation page'),

  request: { key_id: keyId.describe('The key.'), sequence },
  response: {},

  operation: beginRotation,
  toCore: ({ key_id }) => ({ keyId: key_id, periodDays: rotationIntervalDefault }),
  fromCore: () => ({}),

  errors: { incompatibleCryptographicUsageMask: 'KMS.0324' },
})
