import { documented } from '../../../contract/evidence.ts'
import { describe } from '../../../core/operations/describe.ts'
import { action } from '../action.ts'
import { keyId, sequence } from '../fields.ts'
import { keyRecord, recordOf } from '../key-record.ts'

export const ListKeyDetail = action({
  name: 'ListKeyDetail',
  rights: { keys: 'kms:cmk:get' },
  summary: 'Read one key.',
  evidence: documented('describe-key page; key_spec of newer keys is the one of create-key'),

  request: { key_id: keyId.describe('The key.'), sequence },
  response: { key_info: keyRecord },

  operation: describe,
  toCore: ({ key_id }) => ({ keyIds: [key_id] }),
  fromCore([found], { region }) {
    if (!found) throw new Error('a described key is missing')
    return { key_info: recordOf(found, region) }
  },
})
