import { documented } from '../../../contract/evidence.ts'
import { tagKey } from '../../../core/operations/key-tags.ts'
import { action } from '../action.ts'
import { keyId, sequence } from '../fields.ts'
import { tag, tagsOf, tagsOfKeyMax } from '../tags.ts'

export const CreateKmsTag = action({
  name: 'CreateKmsTag',
  rights: { key: 'kms:cmk:tag' },
  userOwned: ['key'],
  summary: 'Give a key a tag; a tag of the same key gets the new value.',
  evidence: documented(
    'tag pages; bounds are the wider ones of two editions, the word of identity policies is inferred',
  ),

  request: { key_id: keyId.describe('The key.'), tag: tag.describe('The tag.'), sequence },
  response: {},

  operation: tagKey,
  toCore: ({ key_id, tag: one }) => ({ keyId: key_id, tags: tagsOf([one]), max: tagsOfKeyMax }),
  fromCore: () => ({}),
})
