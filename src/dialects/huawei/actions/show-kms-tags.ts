import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { describeKeyTags } from '../../../core/operations/key-tags.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'
import { shown, shownTag } from '../tags.ts'

export const ShowKmsTags = action({
  name: 'ShowKmsTags',
  rights: { key: 'kms:cmk:listTags' },
  summary: 'Read the tags of a key.',
  evidence: documented('tag pages; the word of identity policies is inferred'),

  request: { key_id: keyId.describe('The key.') },
  response: { tags: z.array(shownTag), existTagsNum: z.int().describe('How many there are.') },

  operation: describeKeyTags,
  toCore: ({ key_id }) => ({ keyId: key_id }),
  fromCore: (tags) => ({ tags: shown(tags), existTagsNum: tags.size }),
})
