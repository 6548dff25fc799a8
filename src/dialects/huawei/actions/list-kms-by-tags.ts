import { documented } from '../../../contract/evidence.ts'
import { choice, decimal, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { listByTags } from '../../../core/operations/key-tags.ts'
import { action } from '../action.ts'
import { sequence } from '../fields.ts'
import { keyRecord, recordOf } from '../key-record.ts'
import { conditions, conditionsOf, malformed, matches, notWithCount } from '../tag-search.ts'
import { shown, shownTag } from '../tags.ts'

const limitDefault = 10
const limitMax = 1000

const resource = z.object({
  resource_id: z.string(),
  resource_detail: keyRecord,
  resource_name: z.string().describe('The name of the key.'),
  tags: z.array(shownTag),
})

export const ListKmsByTags = action({
  name: 'ListKmsByTags',
  rights: { keys: 'kms:cmk:listByTag' },
  summary: 'Find or count keys by their tags and their name.',
  evidence: documented('tag pages; that several values of one key are alternatives is our own reading'),

  request: {
    resource_instances: text({ pattern: /^resource_instances$/, code: 'KMS.0408' }).describe('resource_instances.'),
    action: choice(['filter', 'count'], { code: 'KMS.0404' })
      .describe('filter, when absent: the keys. count: how many there are.')
      .optional(),
    tags: conditions.describe('All of them must hold; every key where there is none.').optional(),
    matches: matches.describe('Other fields that must match.').optional(),
    limit: decimal({ min: 1, max: limitMax, empty: limitDefault })
      .describe(`The most keys; ${limitDefault} when absent.`)
      .optional(),
    offset: decimal({ max: Number.MAX_SAFE_INTEGER, empty: 0, code: 'KMS.0417' })
      .describe('How many keys are passed over.')
      .optional(),
    sequence,
  },
  response: { resources: z.array(resource).describe('Absent for count.').optional(), total_count: z.int() },

  operation: listByTags,
  toCore({ action: asked, tags, matches: fields = [], limit, offset }, { place }) {
    if (asked === 'count' && limit !== undefined) return notWithCount('limit')
    if (asked === 'count' && offset !== undefined) return notWithCount('offset')
    const [{ value: nameSearch = '' } = {}] = fields
    const filter = { tags: conditionsOf(tags), ...(nameSearch === '' ? {} : { nameSearch }) }
    const page = { offset: offset ?? 0, limit: asked === 'count' ? 0 : (limit ?? limitDefault) }
    return { at: place, page: { filter, order: 'oldestFirst' as const, ...page } }
  },
  fromCore({ total, keys }, { region }, { action: asked }) {
    if (asked === 'count') return { total_count: total }
    const resources = keys.map((found) => ({
      resource_id: found.key.id,
      resource_detail: recordOf(found, region),
      resource_name: found.key.name,
      tags: shown(found.key.tags),
    }))
    return { resources, total_count: total }
  },

  errors: {
    invalidField: malformed('KMS.0214'),
    missingData: malformed('KMS.0204'),
    unknownField: malformed('KMS.0308'),
  },
})
