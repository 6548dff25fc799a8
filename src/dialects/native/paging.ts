/** Lists come page by page. A cursor says where the next one begins, and nothing that a client could rely on. */
import { base64FromBytes, bytesFromBase64, integer, text } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'
import { type Refusal, refuse } from '../../core/failure.ts'

export const pageMembers = {
  limit: integer({ min: 1, max: 200 }).describe('Most entries; 50 when absent.').optional(),
  cursor: text({ charactersMax: 1024 }).describe('What `next` of the page before said.').optional(),
}
export const next = z.string().nullable().describe('The cursor of the next page; null at the end.')

interface Asked {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

export const limitOf = ({ limit = 50 }: Asked): number => limit

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const cursorOf = (place: string): string => base64FromBytes(encoder.encode(place))

const wrong = (): Refusal => refuse({ reason: 'invalidAttributeValue', member: 'cursor', why: 'is none of this list' })

/** The text that a cursor stands for; empty for the first page. */
export const placeOf = ({ cursor }: Asked): string | Refusal => {
  if (cursor === undefined) return ''
  const bytes = bytesFromBase64(cursor)
  return bytes?.length ? decoder.decode(bytes) : wrong()
}

const digits = /^\d{1,9}$/

/** Of a list that is counted through. */
export const offsetOf = (asked: Asked): number | Refusal => {
  const place = placeOf(asked)
  if (typeof place !== 'string') return place
  return place === '' ? 0 : digits.test(place) ? Number(place) : wrong()
}

export const nextOf = (offset: number, shown: number, total: number): string | null =>
  shown > 0 && offset + shown < total ? cursorOf(String(offset + shown)) : null
