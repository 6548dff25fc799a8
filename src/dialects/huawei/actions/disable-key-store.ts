import { documented } from '../../../contract/evidence.ts'
import { suspendKeyStore } from '../../../core/operations/key-stores.ts'
import { action } from '../action.ts'
import { keyStoreId, keyStoreState, keyStoreStateOf } from '../key-stores.ts'

export const DisableKeyStore = action({
  name: 'DisableKeyStore',
  rights: { keyStore: 'kms:keystore:disable' },
  summary: 'Take a key store out of use: nothing in it encrypts, decrypts or signs.',
  evidence: documented('keystores page; what it means for keys, and the word, are inferred'),

  request: { keystore_id: keyStoreId.describe('The key store.') },
  response: { keystore: keyStoreState },

  operation: suspendKeyStore,
  toCore: ({ keystore_id }) => ({ id: keystore_id }),
  fromCore: (store) => ({ keystore: keyStoreStateOf(store) }),
})
