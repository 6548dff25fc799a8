/** Everything that is read from the database: rows by id, pages of keys, counts. */
import { type SelectQueryBuilder, sql } from 'kysely'
import type { AccountId, Instant, Key, Kind, Place, RegionId, Snapshot, Tagged } from '../../core/object.ts'
import type { KeyFilter, KeyPage, TaggedPage, UniqueName } from '../../core/ports.ts'
import { type Columns, fromColumns, hasMaterial, keyFromColumns } from './rows.ts'
import { type Database, type Named, objects, objectTable, type Schema } from './schema.ts'
import { stateSql } from './state-sql.ts'
import { hasTag, pageTagged } from './tags.ts'

/** The LIKE pattern, with backslash as its escape, of texts that contain this one. */
const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** A page of the rows of a kind, ordered by id. */
export interface RowPage {
  readonly account?: AccountId
  /** The last id of the page before. */
  readonly after?: string
  /** 1 to 1,000. */
  readonly limit: number
}

export const pageMax = 1_000
/** Ids in one IN list. */
const loadStep = 100

export const bounded = (value: number, least: number, most: number): number => {
  if (!Number.isSafeInteger(value) || value < least || value > most) throw new RangeError('page out of range')
  return value
}

const select = (db: Database, kind: Kind) => {
  const table = objectTable(kind)
  const rows = objects(db).selectFrom(table).selectAll(table)
  if (!hasMaterial[kind]) return rows
  return rows.leftJoin('material', 'material.slot', `${table}.material`).select('material.bytes') as typeof rows
}

const loadKind = async (db: Database, kind: Kind, ids: readonly string[], into: Map<string, Snapshot>) => {
  for (let from = 0; from < ids.length; from += loadStep) {
    const found = await select(db, kind)
      .where('id', 'in', ids.slice(from, from + loadStep))
      .execute()
    for (const columns of found) into.set(`${kind}/${columns.id}`, fromColumns(kind, columns))
  }
}

/** The rows of `names` in their order; undefined where there is none. */
export const loadRows = async (db: Database, names: readonly Named[]): Promise<readonly (Snapshot | undefined)[]> => {
  const found = new Map<string, Snapshot>()
  for (const [kind, group] of Map.groupBy(names, (name) => name.kind)) {
    await loadKind(db, kind, [...new Set(group.map((name) => name.id))], found)
  }
  return names.map(({ kind, id }) => found.get(`${kind}/${id}`))
}

export const pageRows = async <K extends Kind>(
  db: Database,
  kind: K,
  page: RowPage,
): Promise<readonly Snapshot<K>[]> => {
  let query = select(db, kind)
    .orderBy('id')
    .limit(bounded(page.limit, 1, pageMax))
  if (page.account !== undefined) query = query.where('account', '=', page.account)
  if (page.after !== undefined) query = query.where('id', '>', page.after)
  return (await query.execute()).map((columns) => fromColumns(kind, columns))
}

/** Who holds a name. */
export const holderOf = async (
  db: Database,
  { account, region, kind, name }: UniqueName,
): Promise<string | undefined> => {
  const held = await db
    .selectFrom('name')
    .select('holder')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .executeTakeFirst()
  return held?.holder
}

/** Reads every row of the kind that has the value somewhere in its external ids, of which an installation has few. */
export const knownAs = async (
  db: Database,
  kind: 'account' | 'principal',
  name: string,
  value: string,
): Promise<string | undefined> => {
  const rows = await objects(db)
    .selectFrom(objectTable(kind))
    .select(['id', 'external'])
    .where(sql<boolean>`external like ${containing(JSON.stringify(value))} escape '\\'`)
    .orderBy('id')
    .execute()
  const known = rows.find(({ external }) => {
    const ids = JSON.parse(String(external)) as Readonly<Record<string, string>>
    return Object.hasOwn(ids, name) && ids[name] === value
  })
  return known?.id
}

/** Tagged objects, of one moment. */
export const taggedRows = (db: Database, account: AccountId, page: TaggedPage): Promise<readonly Tagged[]> =>
  db
    .transaction()
    .setAccessMode('read only')
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const names = await pageTagged(tx, account, { ...page, limit: bounded(page.limit, 1, pageMax) })
      return (await loadRows(tx, names)) as readonly Tagged[]
    })

/** ASCII only, as SQLite's `lower`: what a client sees must not hang on a locale. */
const asciiLower = (value: string): string => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

const patternOf = (search: string): string => containing(asciiLower(search))

export const searchSql = (search: string) => {
  const pattern = patternOf(search)
  return sql<boolean>`(lower(id) like ${pattern} escape '\\' or lower(name) like ${pattern} escape '\\')`
}

/** One account nearly always; several where one administers the others. */
export interface In {
  readonly accounts: readonly AccountId[]
  readonly region: RegionId
}

type Keys = SelectQueryBuilder<Schema, 'key', object>

/** An empty list of states, usages or algorithms matches nothing. */
const filtered = (db: Database, at: In, filter: KeyFilter, now: Instant): Keys => {
  const { states, usages, algorithms, origin, owner, search, nameSearch, group, tags = [] } = filter
  let keys: Keys = db.selectFrom('key').where('account', 'in', at.accounts).where('region', '=', at.region)
  if (owner !== undefined) keys = keys.where('owner', owner === 'user' ? '=' : '<>', 'user')
  if (usages) keys = usages.length > 0 ? keys.where('usage', 'in', usages) : keys.where(sql<boolean>`1 = 0`)
  if (algorithms)
    keys = algorithms.length > 0 ? keys.where('algorithm', 'in', algorithms) : keys.where(sql<boolean>`1 = 0`)
  if (origin !== undefined) keys = keys.where('origin', '=', origin)
  if (states)
    keys = states.length > 0 ? keys.where(stateSql('key', now), 'in', states) : keys.where(sql<boolean>`1 = 0`)
  if (group !== undefined) keys = keys.where('object_group', '=', group)
  if (search !== undefined) keys = keys.where(searchSql(search))
  if (nameSearch !== undefined) keys = keys.where(sql<boolean>`lower(name) like ${patternOf(nameSearch)} escape '\\'`)
  for (const condition of tags) keys = keys.where(hasTag(at.accounts, [at.region], condition))
  return keys
}

export const countKeys = (db: Database, { account, region }: Place, filter: KeyFilter, now: Instant): Promise<number> =>
  countIn(db, { accounts: [account], region }, filter, now)

const countIn = async (db: Database, at: In, filter: KeyFilter, now: Instant): Promise<number> => {
  const counting = filtered(db, at, filter, now).select((eb) => eb.fn.countAll<number>().as('count'))
  return Number((await counting.executeTakeFirstOrThrow()).count)
}

/** One page of keys and the number of all that match, of one moment. Throws `RangeError` past 1,000 rows a page. */
export const pageKeys = (
  db: Database,
  { account, region }: Place,
  page: KeyPage,
  now: Instant,
): Promise<{ total: number; rows: readonly Key[] }> =>
  db
    .transaction()
    .setAccessMode('read only')
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const at = { accounts: page.accounts ?? [account], region }
      const direction = page.order === 'newestFirst' ? 'desc' : 'asc'
      const rows = await filtered(tx, at, page.filter, now)
        .selectAll()
        .orderBy('created_at', direction)
        .orderBy('id', direction)
        .offset(bounded(page.offset, 0, Number.MAX_SAFE_INTEGER))
        .limit(bounded(page.limit, 0, pageMax))
        .execute()
      const total = await countIn(tx, at, page.filter, now)
      return { total, rows: rows.map((columns) => keyFromColumns(columns as unknown as Columns)) }
    })
