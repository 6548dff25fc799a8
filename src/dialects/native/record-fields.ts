/** What is asked of the record, and how its entries are shown. */
import type { Here } from '../../contract/action.ts'
import { choice, text } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'
import { Refusal, refuse } from '../../core/failure.ts'
import type { Place, Recorded, RecordPage, RecordQuery } from '../../core/operations/audit-pages.ts'
import { accountId } from './fields.ts'
import { cursorOf, placeOf } from './paging.ts'

const word = text({ charactersMax: 512 }).optional()
const instant = z.iso.datetime('must be a time in UTC').optional()

export const queryMembers = {
  from: instant.describe('From this time on.'),
  to: instant.describe('Before this time.'),
  key: word.describe('Id of a key.'),
  principal: word,
  action: word,
  dialect: word,
  outcome: choice(['success', 'refused', 'unknown', 'failed']).optional(),
  request: word,
  source: word,
  text: word.describe('Anywhere in the entry.'),
  account: text({ pattern: /^(?:\*|[0-9A-Za-z][0-9A-Za-z._@-]{0,63})$/ })
    .describe("Name or number of the account, `*` for all; one's own when absent.")
    .optional(),
}

type Asked = z.output<z.ZodObject<typeof queryMembers>>

const millis = (at: string | undefined): number | undefined => (at === undefined ? undefined : Date.parse(at))

/** Of which account the entries are: on the socket of all, where none is named. */
const accountOf = ({ account }: Asked, here: Here): Promise<string | Refusal> | string =>
  account === '*' || (account === undefined && here.caller.account.id === '') ? '' : accountId(here, account)

export const queryOf = async (asked: Asked, here: Here): Promise<RecordQuery | Refusal> => {
  const account = await accountOf(asked, here)
  if (account instanceof Refusal) return account
  const { from, to, dialect, text: part, account: _named, ...criteria } = asked
  const { key, principal, action, outcome, request, source } = criteria
  return {
    account,
    criteria: { since: millis(from), until: millis(to), key, principal, action, outcome, request, source },
    ...(dialect === undefined ? {} : { dialect }),
    ...(part === undefined ? {} : { text: part }),
  }
}

const placeForm = /^(\d{1,15}) (\d{1,9})$/

export const placeIn = (asked: { readonly cursor?: string | undefined }): Place | undefined | Refusal => {
  const written = placeOf(asked)
  if (written instanceof Refusal || written === '') return written === '' ? undefined : written
  const [, at, told] = placeForm.exec(written) ?? []
  return at === undefined || told === undefined
    ? refuse({ reason: 'invalidAttributeValue', member: 'cursor', why: 'is none of this list' })
    : { at: Number(at), told: Number(told) }
}

/** The chain of the journal is for who verifies the journal. */
const entryShown = ({ prev: _previous, hash: _hash, ...entry }: Recorded) => entry

export const pageShown = ({ entries, next }: RecordPage) => ({
  entries: entries.map(entryShown),
  next: next ? cursorOf(`${next.at} ${next.told}`) : null,
})
