/**
 * Pages of keys, and how many there are. Keys of equal facts lie together in an index in the order of lists, and counters tell how
 * many they are: a page is merged from those stretches, from whichever end is nearer. What no counter knows (a text, a
 * tag, a group) is looked for by an index where it has few candidates, else by reading the keys of the place in their order.
 */
import { type RawBuilder, sql } from 'kysely'
import type { AccountId, Instant, Key, Place } from '../../core/object.ts'
import type { KeyFilter, KeyPage } from '../../core/pages.ts'
import type { Reader } from '../../core/ports.ts'
import { writesAtOnce } from './engine.ts'
import { classesOf, countClasses, type In, type KeyClass, passedKeys, statesOf } from './key-counts.ts'
import { all, conditionsOf, factConditions, isCounted, type Sql, stateIn } from './key-filter.ts'
import { bounded, loadRows, pageMax } from './lists.ts'
import type { Database } from './schema.ts'
import { candidates, foundMax } from './sqlite/text-index.ts'

/** Counted by reading where a rough total will do. */
const roughMax = 10_000
/** Stretches that are merged; SQLite merges at most 500. */
const stretchesMax = 200

interface Slice {
  readonly order: KeyPage['order']
  readonly offset: number
  readonly limit: number
}

const direction = ({ order }: Slice) => (order === 'newestFirst' ? sql`desc` : sql`asc`)

/** The same rows of `total` from whichever end is nearer; whoever reads from the other one turns them round. */
const fromNearerEnd = (slice: Slice, total: number): Slice & { turned: boolean } => {
  const limit = Math.max(0, Math.min(slice.limit, total - slice.offset))
  if (slice.offset * 2 < total) return { ...slice, limit, turned: false }
  const order = slice.order === 'newestFirst' ? 'oldestFirst' : 'newestFirst'
  return { order, limit, offset: Math.max(0, total - slice.offset - limit), turned: true }
}

/** For the rest of the transaction: PostgreSQL takes a deep page for a reason to read and sort the whole table. */
const inOrderOfIndex = sql`select set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true),
  set_config('max_parallel_workers_per_gather', '0', true)`

/**
 * A stretch of keys: what is after FROM. Both engines merge stretches that come in order; PostgreSQL reads them so only where each
 * one asks for it by itself.
 */
const slicing = async (db: Database, stretches: readonly Sql[], slice: Slice): Promise<string[]> => {
  if (writesAtOnce(db)) await inOrderOfIndex.execute(db)
  const way = direction(slice)
  const ordered = sql`order by created_at ${way}, id ${way}`
  const itself = writesAtOnce(db) ? sql`${ordered} limit ${sql.lit(slice.offset + slice.limit)}` : sql``
  const each = stretches.map((from) => sql`select created_at, id from ${from} ${itself}`)
  const merged = writesAtOnce(db) ? each.map((stretch) => sql`(${stretch})`) : each
  const query = sql<{ id: string }>`select created_at, id from (${sql.join(merged, sql` union all `)}) as stretches
    ${ordered} limit ${slice.limit} offset ${slice.offset}`
  return (await query.execute(db)).rows.map(({ id }) => id)
}

const ofPlace = ({ region }: In, account: AccountId, conditions: readonly Sql[]): Sql =>
  sql`"key" where ${all([sql`account = ${account}`, sql`region = ${region}`, ...conditions])}`

const stretchOf = (row: KeyClass, conditions: readonly Sql[]): Sql =>
  sql`"key" where ${all([
    ...(['account', 'region', 'owner', 'usage', 'algorithm', 'origin'] as const).map(
      (column) => sql`${sql.ref(column)} = ${row[column]}`,
    ),
    ...(['material_present', 'deactivated', 'suspended'] as const).map(
      (column) => sql`${sql.ref(column)} = ${sql.lit(row[column])}`,
    ),
    // As the index says it.
    sql`case when destroy_at is null then 0 else 1 end = ${sql.lit(row.scheduled)}`,
    ...conditions,
  ])}`

/** Keys that are in an asked state only because a date has passed: found by the date, since they are few among many. */
const passedOnly = (
  at: In,
  { states = [], ...facts }: KeyFilter,
  now: Instant,
  classes: readonly KeyClass[],
): Sql[] => {
  const dates = new Set(
    classes.flatMap((row) => {
      const { calm, passed } = statesOf(row)
      if (!states.includes(passed) || states.includes(calm)) return []
      return [row.scheduled === 1 ? ('destroy_at' as const) : ('material_expires_at' as const)]
    }),
  )
  // Before 1970 no date of a key has passed.
  const notYet = sql`not (${all(stateIn(-1, states))})`
  return [...dates].map(
    (date) =>
      sql`(${passedKeys(at, date, now)}) as passed where ${all([
        ...factConditions(facts),
        ...stateIn(now, states),
        notYet,
      ])}`,
  )
}

/** Of the classes whose keys are in an asked state until a date passes. */
const calmStretches = ({ states }: KeyFilter, now: Instant, classes: readonly KeyClass[]): Sql[] =>
  classes.flatMap((row) => {
    const { calm, passed } = statesOf(row)
    if (!states) return [stretchOf(row, [])]
    if (!states.includes(calm)) return []
    return [stretchOf(row, states.includes(passed) ? [] : stateIn(now, states))]
  })

const pageIds = async (
  db: Database,
  at: In,
  page: KeyPage,
  now: Instant,
  classes: readonly KeyClass[],
  total: number,
): Promise<string[]> => {
  const slice = fromNearerEnd(page, total)
  if (slice.limit === 0) return []
  const byFacts = isCounted(page.filter)
    ? [...calmStretches(page.filter, now, classes), ...passedOnly(at, page.filter, now, classes)]
    : []
  const read = (slice.offset + slice.limit) * byFacts.length
  const keys = classes.reduce((sum, row) => sum + row.keys, 0)
  // Every stretch is read as far as the page may reach; where that is more than there is, the whole place is read once.
  const isMerged = byFacts.length > 0 && byFacts.length <= stretchesMax && read <= Math.max(keys, pageMax)
  const conditions = conditionsOf(db, at, page.filter, now)
  const stretches = isMerged ? byFacts : at.accounts.map((account) => ofPlace(at, account, conditions))
  const ids = await slicing(db, stretches, slice)
  return slice.turned ? ids.reverse() : ids
}

interface Found {
  readonly total: number
  /** There are more than `total`. */
  readonly isLeast?: boolean
  readonly ids: string[]
}

/** The page and the count of keys that are few; `total` is above `max` where they are not, and then tells no more. */
const findFew = async (
  db: Database,
  from: Sql,
  conditions: readonly Sql[],
  slice: Slice,
  max: number,
): Promise<Found> => {
  const way = direction(slice)
  const query = sql<{ total: number; id: string | null }>`with
    found as materialized (select created_at, id from ${from} where ${all(conditions)} limit ${max + 1}),
    page as (select created_at, id from found order by created_at ${way}, id ${way}
      limit ${slice.limit} offset ${slice.offset})
    select counted.total, page.id from (select count(*) as total from found) as counted left join page on 1 = 1
    order by page.created_at ${way}, page.id ${way}`
  const { rows } = await query.execute(db)
  return { total: Number(rows[0]?.total ?? 0), ids: rows.flatMap(({ id }) => (id === null ? [] : [id])) }
}

const countMatches = async (db: Database, place: Sql, conditions: readonly Sql[]): Promise<number> => {
  const query: RawBuilder<{ count: number }> =
    sql`select count(*) as count from "key" where ${all([place, ...conditions])}`
  return Number((await query.execute(db)).rows[0]?.count)
}

/**
 * Where to look for keys that are few, and how many of them at most. Few candidates are read whatever is asked. Where they are
 * many, a rough total ends with the first of them, and an exact one is quicker to have from all keys in their order.
 */
const whereFew = async (db: Database, at: In, { filter, roughly }: KeyPage): Promise<readonly [Sql, number]> => {
  const indexed = writesAtOnce(db) ? undefined : await candidates(db, at, filter)
  if (indexed?.areFew) return [indexed.from, foundMax]
  return roughly ? [indexed?.from ?? sql`"key"`, roughMax] : [sql`"key"`, foundMax]
}

const uncountedPage = async (db: Database, at: In, page: KeyPage, now: Instant): Promise<Found> => {
  const place = sql`account in (${sql.join(at.accounts)}) and region = ${at.region}`
  const conditions = conditionsOf(db, at, page.filter, now)
  const [from, max] = await whereFew(db, at, page)
  const found = await findFew(db, from, [place, ...conditions], page, max)
  if (found.total <= max) return found
  // Of one end only, since nobody knows where the other is.
  if (page.roughly)
    return { total: max, isLeast: true, ids: await pageIds(db, at, page, now, [], Number.POSITIVE_INFINITY) }
  const total = await countMatches(db, place, conditions)
  return { total, ids: await pageIds(db, at, page, now, [], total) }
}

const countedPage = async (db: Database, at: In, page: KeyPage, now: Instant): Promise<Found> => {
  const classes = await classesOf(db, at, page.filter)
  const total = await countClasses(db, at, page.filter, now, classes)
  return { total, ids: await pageIds(db, at, page, now, classes, total) }
}

const checked = (page: KeyPage): KeyPage => ({
  ...page,
  offset: bounded(page.offset, 0, Number.MAX_SAFE_INTEGER),
  limit: bounded(page.limit, 0, pageMax),
})

/**
 * One page of keys and the number of all that match, or the least that it can be, of one moment. Throws `RangeError` past
 * 1,000 rows a page.
 */
export const pageKeys = (
  db: Database,
  { account, region }: Place,
  asked: KeyPage,
  now: Instant,
): ReturnType<Reader['keys']> =>
  db
    .transaction()
    .setAccessMode('read only')
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const page = checked(asked)
      const at = { accounts: page.accounts ?? [account], region }
      const {
        total,
        isLeast = false,
        ids,
      } = await (isCounted(page.filter) ? countedPage : uncountedPage)(tx, at, page, now)
      const rows = await loadRows(
        tx,
        ids.map((id) => ({ kind: 'key', id })),
      )
      return { total, isLeast, rows: rows as readonly Key[] }
    })

export const countKeys = async (db: Database, place: Place, filter: KeyFilter, now: Instant): Promise<number> =>
  (await pageKeys(db, place, { filter, order: 'newestFirst', offset: 0, limit: 0 }, now)).total
