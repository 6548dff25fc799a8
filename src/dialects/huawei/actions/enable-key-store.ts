import { documented } from '../../../contract/evidence.ts'
import { resumeKeyStore } from '../../../core/operations/key-stores.ts'
import { action } from '../action.ts'
import { keyStoreId, keyStoreState, keyStoreStateOf } from '../key-stores.ts'

export const EnableKeyStore = action({
  name: 'EnableKeyStore',
  rights: { keyStore: 'kms:keystore:enable' },
  summary: 'Return a key store, and the keys in it, to use.',
  evidence: documented('keystores page; what it means for keys, and the word, are inferred'),

  request: { keystore_id: keyStoreId.describe('The key store.') },
  response: { keystore: keyStoreState },

  operation: resumeKeyStore,
  toCore: ({ keystore_id }) => ({ id: keystore_id }),
  fromCore: (store) => ({ keystore: keyStoreStateOf(store) }),
})
