import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { listTagValues } from '../../../core/operations/key-tags.ts'
import { action } from '../action.ts'

export const ListKmsTags = action({
  name: 'ListKmsTags',
  rights: { keys: 'kms:cmk:listTags' },
  summary: 'Read every tag that keys of the region have: its values by its key.',
  evidence: documented('tag pages; the word of identity policies is inferred'),

  request: {},
  response: { tags: z.array(z.object({ key: z.string(), values: z.array(z.string()) })) },

  operation: listTagValues,
  toCore: (_members, { place }) => ({ at: place }),
  fromCore: (byKey) => ({ tags: [...byKey].map(([key, values]) => ({ key, values })) }),
})
