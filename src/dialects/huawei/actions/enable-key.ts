import { documented } from '../../../contract/evidence.ts'
import { returnToUse } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { keyId, keyInState, keyStates, sequence } from '../fields.ts'

export const EnableKey = action({
  name: 'EnableKey',
  rights: { key: 'kms:cmk:enable' },
  userOwned: ['key'],
  summary: 'Return a disabled key to use; one that another API archived comes out of the archive.',
  evidence: documented('enable-key page; that it ends an archive is our own choice'),

  request: { key_id: keyId.describe('The key.'), sequence },
  response: { key_info: keyInState },

  operation: returnToUse,
  toCore: ({ key_id }) => ({ keyId: key_id }),
  fromCore: (_result, _here, { key_id }) => ({ key_info: { key_id, key_state: keyStates.active } }),

  errors: { wrongKeyLifecycleState: 'KMS.1201' },
})
