import { documented } from '../../../contract/evidence.ts'
import { cancelDestruction } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { keyId, keyIdMember, keyState, keyStates, sequence } from '../fields.ts'

export const CancelKeyDeletion = action({
  name: 'CancelKeyDeletion',
  rights: { key: 'kms:cmk:cancelKeyDeletion' },
  summary: 'Undo schedule-key-deletion; the key is disabled, or pending import without material.',
  evidence: documented(
    'cancel-key-deletion page, with the state of its example; the word of identity policies is inferred',
  ),

  request: { key_id: keyId.describe('The key.'), sequence },
  response: { key_id: keyIdMember, key_state: keyState.describe('3 disabled, or 5 pending import.') },

  operation: cancelDestruction,
  toCore: ({ key_id }) => ({ keyId: key_id }),
  fromCore: ({ keyId: id, state }) => ({ key_id: id, key_state: keyStates[state] }),

  errors: { wrongKeyLifecycleState: 'KMS.1501' },
})
