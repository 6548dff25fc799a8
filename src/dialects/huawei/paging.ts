/** Pages by a marker that is the place of their first entry, as lists of keys and of grants have them. */
import { decimal } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'

/** The most entries of one answer; a client that asks for more gets them on the next page. */
const pageMax = 1000
const limitDefault = 2000
const limitMax = 9999

export const pageMembers = {
  limit: decimal({ min: 1, max: limitMax, empty: limitDefault, code: 'KMS.1601' })
    .describe(`The most entries; an answer has ${pageMax} at most.`)
    .optional(),
  marker: decimal({ max: Number.MAX_SAFE_INTEGER, empty: 0, code: 'KMS.1602' })
    .describe('next_marker of the page before; 0 or absent for the first.')
    .optional(),
}

interface Asked {
  readonly limit?: number | undefined
  readonly marker?: number | undefined
}

export const pageOf = ({ limit = limitDefault, marker = 0 }: Asked) => ({
  offset: marker,
  limit: Math.min(limit, pageMax),
})

export const pageResult = {
  next_marker: z.string().describe('Of the next page; empty on the last one.'),
  truncated: z.enum(['true', 'false']).describe('Whether more follow; text, and no boolean.'),
  total: z.int(),
}

/** What is said beside `entries` entries of `total`. */
export const nextOf = ({ marker = 0 }: Asked, entries: number, total: number) => {
  const next = marker + entries
  const more = entries > 0 && next < total
  return { next_marker: more ? String(next) : '', truncated: more ? 'true' : 'false', total } as const
}
