import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { modifyDescription } from '../../../core/operations/attributes.ts'
import { action } from '../action.ts'
import { keyDescription, keyId, keyIdMember, sequence } from '../fields.ts'

export const UpdateKeyDescription = action({
  name: 'UpdateKeyDescription',
  rights: { key: 'kms:cmk:updateKeyDescription' },
  userOwned: ['key'],
  summary: 'Describe a key anew.',
  evidence: documented('update-key-description page; the word of identity policies is inferred'),

  request: {
    key_id: keyId.describe('The key.'),
    key_description: keyDescription.describe('Its new description; it may be empty.'),
    sequence,
  },
  response: { key_info: z.object({ key_id: keyIdMember, key_description: z.string() }) },

  operation: modifyDescription,
  toCore: ({ key_id, key_description }) => ({ keyId: key_id, description: key_description }),
  fromCore: (_result, _here, { key_id, key_description }) => ({ key_info: { key_id, key_description } }),
})
