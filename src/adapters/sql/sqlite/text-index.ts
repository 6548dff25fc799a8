/**
 * The index of texts in a SQLite database (`migrations/0018`): which keys may contain a text, told by every three
 * characters of it, and how the index takes in what it lacks.
 */
import { sql } from 'kysely'
import type { KeyFilter, TagCondition } from '../../../core/pages.ts'
import type { In } from '../key-counts.ts'
import type { Sql } from '../key-filter.ts'
import type { Database } from '../schema.ts'

/** As many candidates are looked at one by one; with more it is quicker to read the keys in their order. */
export const foundMax = 60_000
/** Triples of a long text; the others would tell no more keys apart. */
const triplesMax = 8

/**
 * Triples that cover the text, as a question to the index; undefined for a text that it cannot be asked for. From its end:
 * the first one sets the pace, and ids and names of one time begin alike.
 */
const question = (text: string): string | undefined => {
  const characters = [...text]
  if (characters.length < 3 || text.includes('\0')) return undefined
  const last = characters.length - 3
  const count = Math.min(triplesMax, Math.ceil(last / 3) + 1)
  const starts = Array.from({ length: count }, (_, at) => Math.max(0, last - at * 3))
  const triples = starts.map((start) => characters.slice(start, start + 3).join(''))
  return [...new Set(triples)].map((triple) => `"${triple.replaceAll('"', '""')}"`).join(' AND ')
}

const isFew = async (db: Database, rows: Sql): Promise<boolean> => {
  const counting = sql<{ count: number }>`select count(*) as count from (${rows} limit ${sql.lit(foundMax + 1)})`
  return ((await counting.execute(db)).rows[0]?.count ?? 0) <= foundMax
}

export interface Candidates {
  /** FROM of the keys that may match: `key` is read by them, and not they by it. */
  readonly from: Sql
  readonly areFew: boolean
}

const textRows = (asked: string): Sql => sql`select rowid as row from key_text
  where key_text match ${asked} and rowid not in (select row from key_text_lacks) union all select row from key_text_lacks`

const tagRows = (at: In, { key, values }: TagCondition): Sql => {
  const valued = values.length > 0 ? sql`and tag_value in (${sql.join(values)})` : sql``
  return sql`select id as row from tag where account in (${sql.join(at.accounts)})
    and region = ${at.region} and tag_key = ${key} ${valued} and kind = 'key'`
}

interface Way {
  readonly rows: Sql
  /** What the rows are of `key`. */
  readonly column: 'rowid' | 'id'
}

/** Every index that can be asked, those of texts first. */
const waysTo = async (db: Database, at: In, filter: KeyFilter): Promise<Way[]> => {
  const texts = [filter.search, filter.nameSearch].filter((text) => text !== undefined)
  const questions = texts.map(question).filter((asked) => asked !== undefined)
  const made = questions.length > 0 && (await isMade(db)) ? questions : []
  return [
    ...made.map((asked) => ({ rows: textRows(asked), column: 'rowid' }) as const),
    ...(filter.tags ?? []).map((tag) => ({ rows: tagRows(at, tag), column: 'id' }) as const),
  ]
}

const fromWay = ({ rows, column }: Way): Sql =>
  sql`(${rows}) as candidate cross join "key" on "key".${sql.raw(column)} = candidate.row`

/** By the first index that knows of few, else by the first one; undefined where none can be asked. */
export const candidates = async (db: Database, at: In, filter: KeyFilter): Promise<Candidates | undefined> => {
  const ways = await waysTo(db, at, filter)
  for (const way of ways) if (await isFew(db, way.rows)) return { from: fromWay(way), areFew: true }
  return ways[0] && { from: fromWay(ways[0]), areFew: false }
}

/** Keys that the index may lack before it takes them in: each time it writes anew some of what it has, however many come. */
const lackedMax = 256
/** Keys taken in at once where many are lacked, after a migration or a restore: others wait for their commits meanwhile. */
const takenMax = 512

const lacked = async (db: Database): Promise<number> => {
  const counting = sql<{ count: number }>`select count(*) as count from
    (select row from key_text_lacks limit ${sql.lit(lackedMax + 1)})`
  return (await counting.execute(db)).rows[0]?.count ?? 0
}

/** Inside a transaction, and outside of savepoints: the index takes in what it lacks, where that is much. True while there is more. */
export const takeIn = async (db: Database): Promise<boolean> => {
  if ((await lacked(db)) <= lackedMax) return false
  const rows = sql`(select row from key_text_lacks order by row limit ${sql.lit(takenMax)})`
  await sql`delete from key_text where rowid in ${rows}`.execute(db)
  await sql`insert into key_text (rowid, id, name) select rowid, id, name from "key" where rowid in ${rows}`.execute(db)
  await sql`delete from key_text_lacks where row in ${rows}`.execute(db)
  return (await lacked(db)) > lackedMax
}

/**
 * Rows of `key` may be renumbered by a VACUUM, which no program of ours does, but some operator. It counts up the version of
 * the schema, and an index that was made at another one is not relied on. Whatever else counts it up costs an index.
 */
const made = sql<{
  made: number
}>`select count(*) as made from key_text_made join pragma_schema_version using (schema_version)`

const isMade = async (db: Database): Promise<boolean> => (await made.execute(db)).rows[0]?.made === 1

/** The index of a database that was just migrated, or renumbered, begins with nothing. */
export const beginTextIndex = async (db: Database): Promise<void> => {
  if (await isMade(db)) return
  for (const statement of [
    sql`insert into key_text (key_text) values ('delete-all')`,
    sql`insert or ignore into key_text_lacks select rowid from "key"`,
    sql`insert or replace into key_text_made select 1, schema_version from pragma_schema_version`,
  ])
    await statement.execute(db)
}
