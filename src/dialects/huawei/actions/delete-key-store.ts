import { inferred } from '../../../contract/evidence.ts'
import { removeKeyStore } from '../../../core/operations/key-stores.ts'
import { action } from '../action.ts'
import { keyStoreId } from '../key-stores.ts'

export const DeleteKeyStore = action({
  name: 'DeleteKeyStore',
  rights: { keyStore: 'kms:keystore:delete' },
  summary: 'Remove a key store that no key is in.',
  evidence: inferred('keystores page, which says neither the status nor what must hold before'),

  request: { keystore_id: keyStoreId.describe('The key store.') },
  response: {},

  operation: removeKeyStore,
  toCore: ({ keystore_id }) => ({ id: keystore_id }),
  fromCore: () => ({}),
})
