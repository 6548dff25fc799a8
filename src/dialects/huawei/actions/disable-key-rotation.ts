import { documented } from '../../../contract/evidence.ts'
import { endRotation } from '../../../core/operations/rotation.ts'
import { action } from '../action.ts'
import { keyId, sequence } from '../fields.ts'

export const DisableKeyRotation = action({
  name: 'DisableKeyRotation',
  rights: { key: 'kms:cmk:disableRotation' },
  userOwned: ['key'],
  summary: 'Turn automatic rotation off; the versions that the key has stay.',
  evidence: documented('disable-key-rotation page; the states are inferred'),

  request: { key_id: keyId.describe('The key.'), sequence },
  response: {},

  operation: endRotation,
  toCore: ({ key_id }) => ({ keyId: key_id }),
  fromCore: () => ({}),
})
