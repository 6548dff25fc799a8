/** The record in pages, the newest entry first, for people; and what is new in it. */
import type { AuditCriteria, AuditRecord } from '../audit.ts'
import type { AccountId, Instant } from '../object.ts'
import { type Call, look, type Targets } from '../operation.ts'
import { dayMs } from './create.ts'

/** What a journal says of a call, as it stands there. */
export type Recorded = Readonly<Record<string, unknown>> & { readonly at: string }

export interface RecordQuery {
  /** Of which the entries are; empty for every one and for what is done in none. */
  readonly account: AccountId | ''
  readonly criteria: AuditCriteria
  readonly dialect?: string
  /** Anywhere in the entry, as it is written. */
  readonly text?: string
}

/** How far a list has come: the time of its last entry, and how many of that time were told. */
export interface Place {
  readonly at: Instant
  readonly told: number
}

export interface RecordPage {
  readonly entries: readonly Recorded[]
  readonly next: Place | null
}

/**
 * A line is asked as the text that it is, and parsed when it is told: a quote inside a value is escaped, so a member with
 * its value stands in it only where it is that member.
 */
const meaning = ({ account, dialect, text }: RecordQuery): ((line: string) => boolean) => {
  const parts = [
    ...(account === '' ? [] : [`"account":${JSON.stringify(account)}`]),
    ...(dialect === undefined ? [] : [`"dialect":${JSON.stringify(dialect)}`]),
    ...(text === undefined ? [] : [text]),
  ]
  return (line) => parts.every((part) => line.includes(part))
}

async function* linesOf(record: AuditRecord, query: RecordQuery, criteria: AuditCriteria): AsyncGenerator<string> {
  const isMeant = meaning(query)
  for await (const found of record.search(criteria, Number.MAX_SAFE_INTEGER))
    if ('line' in found && isMeant(found.line)) yield found.line
}

const entryOf = (line: string): Recorded => JSON.parse(line) as Recorded

/** The last so many of a window of time, the newest first. */
const lastOf = async (record: AuditRecord, query: RecordQuery, criteria: AuditCriteria, count: number) => {
  const kept: string[] = []
  for await (const line of linesOf(record, query, criteria)) {
    kept.push(line)
    // Now and then, so that taking off the first costs nothing each time.
    if (kept.length >= 2 * count) kept.splice(0, kept.length - count)
  }
  return kept.slice(-count).reverse().map(entryOf)
}

/** Nothing is kept longer, unless for ever: then a search names its time. */
const daysMax = 400

/** Windows of growing length back in time: what is new is found without reading what is old. */
export const newestOf = async (record: AuditRecord, query: RecordQuery, until: Instant, count: number) => {
  const { since = until - daysMax * dayMs } = query.criteria
  const entries: Recorded[] = []
  let span = dayMs
  for (let end = until; end > since && entries.length < count; span *= 4) {
    const begin = Math.max(since, end - span)
    entries.push(
      ...(await lastOf(record, query, { ...query.criteria, since: begin, until: end }, count - entries.length)),
    )
    end = begin
  }
  return entries
}

const timeOf = ({ at }: Recorded): Instant => Date.parse(at)

const placeAfter = (entries: readonly Recorded[], before: Place | undefined): Place | null => {
  const last = entries.at(-1)
  if (!last) return null
  const at = timeOf(last)
  const same = entries.filter((entry) => timeOf(entry) === at).length
  return { at, told: same + (before?.at === at ? before.told : 0) }
}

const targets = ({ account }: RecordQuery) => ({
  record: { in: { account, region: '', project: '' }, kind: 'service' } as const,
})

export const pageRecord = look({
  name: 'pageRecord',
  summary: 'Read entries of the record, the newest first, page by page.',
  rights: { record: 'searchRecord' },
  targets: (query: RecordQuery & { limit: number; after?: Place }) => targets(query),
  async run({ house, now }: Call<Targets>, { limit, after, ...query }): Promise<RecordPage> {
    const { until = now + dayMs } = query.criteria
    const end = after ? Math.min(until, after.at + 1) : until
    const skipped = after?.told ?? 0
    const found = await newestOf(house.record, query, end, limit + skipped + 1)
    const entries = found.slice(skipped, skipped + limit)
    return { entries, next: found.length > skipped + limit ? placeAfter(entries, after) : null }
  },
})

export const followRecord = look({
  name: 'followRecord',
  summary: 'Read what was recorded since a moment, the oldest first.',
  rights: { record: 'searchRecord' },
  targets: (query: RecordQuery & { limit: number; after?: Place }) => targets(query),
  async run({ house, now }: Call<Targets>, { limit, after, ...query }): Promise<RecordPage> {
    if (!after) return { entries: [], next: { at: now, told: 0 } }
    const entries: Recorded[] = []
    let skip = after.told
    for await (const line of linesOf(house.record, query, { ...query.criteria, since: after.at })) {
      const entry = entryOf(line)
      if (skip > 0 && timeOf(entry) === after.at) skip -= 1
      else entries.push(entry)
      if (entries.length === limit) break
    }
    return { entries, next: placeAfter(entries, after) ?? after }
  },
})
