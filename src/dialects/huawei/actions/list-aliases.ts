import { documented } from '../../../contract/evidence.ts'
import { decimal, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { listAliases } from '../../../core/operations/aliases.ts'
import { action } from '../action.ts'
import { aliasMembers, aliasRecord } from '../alias-record.ts'
import { keyId } from '../fields.ts'

const limitDefault = 100
const limitMax = 1000

export const ListAliases = action({
  name: 'ListAliases',
  rights: { place: 'kms:alias:list', key: 'kms:alias:list' },
  summary: 'List the aliases of the region, or of one key, by name, page by page.',
  evidence: documented('list-aliases page; bounds, order, and which clients get the answer in an array are inferred'),

  request: {
    key_id: keyId.describe('Only those of this key.').optional(),
    limit: decimal({ min: 1, max: limitMax, empty: limitDefault, code: 'KMS.1601' })
      .describe(`The most aliases; ${limitDefault} when absent.`)
      .optional(),
    marker: text({ pattern: /^[a-zA-Z0-9:/_-]{0,255}$/, code: 'KMS.1602' })
      .describe('next_marker of the page before.')
      .optional(),
  },
  response: {
    aliases: z.array(z.object(aliasMembers)),
    page_info: z.object({
      next_marker: z.string().describe('Of the next page; empty on the last one.'),
      current_count: z.int().describe('How many are on this page.'),
    }),
  },

  operation: listAliases,
  toCore: ({ key_id, limit = limitDefault, marker = '' }, { place }) => ({
    at: place,
    ...(key_id === undefined ? {} : { keyId: key_id }),
    after: marker,
    limit,
  }),
  fromCore: ({ aliases, more }, { caller, house }) => ({
    aliases: aliases.map((one) => aliasRecord(one, caller.account, house)),
    page_info: { next_marker: more ? (aliases.at(-1)?.name ?? '') : '', current_count: aliases.length },
  }),
})
