import { documented } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { takeTag } from '../../../core/operations/key-tags.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'

export const DeleteTag = action({
  name: 'DeleteTag',
  rights: { key: 'kms:cmk:unTag' },
  userOwned: ['key'],
  summary: 'Take a tag from a key.',
  evidence: documented('tag pages; the word of identity policies is inferred'),

  request: {
    key_id: keyId.describe('The key.'),
    key: text().describe('The key of the tag: all that follows in the path.'),
  },
  response: {},

  operation: takeTag,
  toCore: ({ key_id, key }) => ({ keyId: key_id, tagKey: key }),
  fromCore: () => ({}),
})
