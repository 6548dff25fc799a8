import { documented } from '../../../contract/evidence.ts'
import { suspend } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { keyId, keyInState, keyStates, sequence } from '../fields.ts'

export const DisableKey = action({
  name: 'DisableKey',
  rights: { keys: 'kms:cmk:disable' },
  narrow: { keys: ['active'] },
  summary: 'Take a key out of use until it is enabled again.',
  evidence: documented('disable-key page; the code for a key that another product relies on is inferred'),

  request: { key_id: keyId.describe('The key.'), sequence },
  response: { key_info: keyInState },

  operation: suspend,
  toCore: ({ key_id }) => ({ keyIds: [key_id] }),
  fromCore: (_result, _here, { key_id }) => ({ key_info: { key_id, key_state: keyStates.suspended } }),

  errors: { wrongKeyLifecycleState: 'KMS.1301' },
})
