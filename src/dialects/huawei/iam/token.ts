/** What the calls that make a token share. */
import type { Here } from '../../../contract/action.ts'
import { noted, z } from '../../../contract/schema.ts'
import type { Issued } from '../../../core/operations/session.ts'
import { subjectHeader } from './envelope.ts'
import { tokenOf, tokenRecord } from './records.ts'

/** How long a token lives, seconds. */
export const tokenSeconds = 86_400

export const tokenResponse = {
  [subjectHeader]: noted(z.string(), { sensitive: true }).describe('The token; in the header of this name.'),
  token: tokenRecord,
} as const

export const nocatalog = z.string().max(64).describe('Not empty: the answer has no catalog.').optional()

export const fromIssued = (issued: Issued, { house }: Here, method: string, without: string | undefined) => ({
  [subjectHeader]: issued.token,
  token: tokenOf({ ...issued, method, withCatalog: !without }, house),
})
