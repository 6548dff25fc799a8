/** Rows by id, by kind, by name and by tag. */
import { sql } from 'kysely'
import type { AccountId, Kind, Snapshot, Tagged } from '../../core/object.ts'
import type { TaggedPage } from '../../core/pages.ts'
import type { UniqueName } from '../../core/ports.ts'
import { containing } from './key-filter.ts'
import { fromColumns, hasMaterial } from './rows.ts'
import { type Database, type Named, objects, objectTable } from './schema.ts'
import { inSteps } from './steps.ts'
import { pageTagged } from './tags.ts'

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

/** By kind and id; of a row that is damaged why it cannot be read. */
type Found = Map<string, Snapshot | Error>

const readOne = (kind: Kind, columns: Parameters<typeof fromColumns>[1]): Snapshot | Error => {
  try {
    return fromColumns(kind, columns)
  } catch (error) {
    return error as Error
  }
}

const loadKind = async (db: Database, kind: Kind, ids: readonly string[], into: Found) => {
  for (const some of inSteps(ids, loadStep)) {
    const found = await select(db, kind).where('id', 'in', some).execute()
    for (const columns of found) into.set(`${kind}/${columns.id}`, readOne(kind, columns))
  }
}

/** The rows of `names` in their order; undefined where there is none, and why it cannot be read where it is damaged. */
export const loadEach = async (db: Database, names: readonly Named[]) => {
  const found: Found = new Map()
  for (const [kind, group] of Map.groupBy(names, (name) => name.kind)) {
    await loadKind(db, kind, [...new Set(group.map((name) => name.id))], found)
  }
  return names.map(({ kind, id }) => found.get(`${kind}/${id}`))
}

/** The same where one that is damaged fails all. */
export const loadRows = async (db: Database, names: readonly Named[]): Promise<readonly (Snapshot | undefined)[]> =>
  (await loadEach(db, names)).map((row) => {
    if (row instanceof Error) throw row
    return row
  })

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
