import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { rename } from '../../../core/operations/attributes.ts'
import { action } from '../action.ts'
import { keyAlias, keyId, keyIdMember, sequence } from '../fields.ts'

export const UpdateKeyAlias = action({
  name: 'UpdateKeyAlias',
  rights: { key: 'kms:cmk:updateKeyAlias' },
  userOwned: ['key'],
  summary: 'Rename a key; its aliases are other objects and stay.',
  evidence: documented('update-key-alias page; the word of identity policies is inferred'),

  request: { key_id: keyId.describe('The key.'), key_alias: keyAlias.describe('Its new name.'), sequence },
  response: { key_info: z.object({ key_id: keyIdMember, key_alias: z.string() }) },

  operation: rename,
  toCore: ({ key_id, key_alias }) => ({ keyId: key_id, name: key_alias }),
  fromCore: (_result, _here, { key_id, key_alias }) => ({ key_info: { key_id, key_alias } }),
})
