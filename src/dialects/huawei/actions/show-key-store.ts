import { documented } from '../../../contract/evidence.ts'
import { describeKeyStore } from '../../../core/operations/key-stores.ts'
import { action } from '../action.ts'
import { keyStoreId, keyStoreRecord, keyStoreRecordOf } from '../key-stores.ts'

export const ShowKeyStore = action({
  name: 'ShowKeyStore',
  rights: { keyStore: 'kms:keystore:get' },
  summary: 'Read one key store.',
  evidence: documented('keystores page; the text of create_time is what clients need; the word is inferred'),

  request: { keystore_id: keyStoreId.describe('The key store.') },
  response: { keystore: keyStoreRecord },

  operation: describeKeyStore,
  toCore: ({ keystore_id }) => ({ id: keystore_id }),
  fromCore: (store, { caller }) => ({ keystore: keyStoreRecordOf(store, caller.account) }),
})
