import { documented } from '../../../contract/evidence.ts'
import { integer } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { listKeyStores } from '../../../core/operations/key-stores.ts'
import { action } from '../action.ts'
import { keyStoreRecord, keyStoreRecordOf } from '../key-stores.ts'

export const ListKeyStores = action({
  name: 'ListKeyStores',
  rights: { keyStores: 'kms:keystore:list' },
  summary: 'List the key stores of the account in the region, without the built-in one.',
  evidence: documented('keystores page; that the built-in store is not listed is inferred, as is the word'),

  request: {
    limit: integer({ min: 1, max: 1000 }).describe('Most rows to return; 10 when absent.').optional(),
    offset: integer().describe('Rows to skip.').optional(),
  },
  response: { total: z.int(), keystores: z.array(keyStoreRecord) },

  operation: listKeyStores,
  toCore: (_asked, { place }) => ({ at: place }),
  fromCore: (stores, { caller }, { limit = 10, offset = 0 }) => ({
    total: stores.length,
    keystores: stores.slice(offset, offset + limit).map((store) => keyStoreRecordOf(store, caller.account)),
  }),
})
