import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { usages } from '../../../core/object.ts'
import { list } from '../../../core/operations/describe.ts'
import type { KeyFilter } from '../../../core/pages.ts'
import { states } from '../../../core/state.ts'
import { action } from '../action.ts'
import { keyRecord, keyShown } from '../key-fields.ts'
import { limitOf, next, nextOf, offsetOf, pageMembers } from '../paging.ts'

const condition = z.strictObject({
  key: text({ charactersMax: 128 }),
  values: z.array(text({ charactersMax: 256 })).max(20),
})
const origins = ['generated', 'imported'] as const

const request = {
  search: text({ charactersMax: 128 }).describe('Part of the id or the name.').optional(),
  states: z.array(z.enum(states)).max(6).optional(),
  usages: z.array(z.enum(usages)).max(4).optional(),
  origins: z.array(z.enum(origins)).max(2).optional(),
  tags: z.array(condition).max(10).describe('All of them must hold; no values for any value.').optional(),
  owner: z.enum(['user', 'product']).optional(),
  sort: z.enum(['newest', 'oldest']).describe('newest when absent.').optional(),
  roughly: z
    .boolean()
    .describe('Take a least total, where counting all would take long; counted exactly when absent.')
    .optional(),
  ...pageMembers,
}

type Asked = z.output<z.ZodObject<typeof request>>

/** Nothing chosen is everything. */
const filterOf = ({ search, states: chosen, usages: uses, origins: from, tags, owner }: Asked): KeyFilter => ({
  ...(search ? { search } : {}),
  ...(chosen?.length ? { states: chosen } : {}),
  ...(uses?.length ? { usages: uses } : {}),
  ...(from?.length === 1 && from[0] ? { origin: from[0] } : {}),
  ...(tags?.length ? { tags } : {}),
  ...(owner ? { owner } : {}),
})

export const KeyList = action({
  name: 'key-list',
  rights: { keys: 'key:list' },
  summary: 'List the keys of the account in the region, page by page.',
  evidence: inferred('ours'),
  request,
  response: {
    keys: z.array(keyRecord),
    next,
    total: z.int(),
    isLeast: z.boolean().describe('There are more than `total`; only where `roughly` was asked.'),
  },
  operation: list,
  toCore(asked, { place }) {
    const offset = offsetOf(asked)
    if (offset instanceof Refusal) return offset
    const order = asked.sort === 'oldest' ? ('oldestFirst' as const) : ('newestFirst' as const)
    const { roughly = false } = asked
    return { at: place, page: { filter: filterOf(asked), order, offset, limit: limitOf(asked), roughly } }
  },
  fromCore({ total, isLeast, keys }, _here, asked) {
    const offset = offsetOf(asked)
    const begun = offset instanceof Refusal ? 0 : offset
    const reached = isLeast && keys.length === limitOf(asked) ? Number.POSITIVE_INFINITY : total
    return { keys: keys.map(keyShown), next: nextOf(begun, keys.length, reached), total, isLeast }
  },
})
