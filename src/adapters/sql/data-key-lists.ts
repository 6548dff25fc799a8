/** Pages and counts of data keys. */
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Instant, Place, Snapshot } from '../../core/object.ts'
import type { DataKeyFilter, DataKeyPage } from '../../core/pages.ts'
import type { Columns } from './columns.ts'
import type { In } from './key-counts.ts'
import { searchSql } from './key-filter.ts'
import { bounded, pageMax } from './lists.ts'
import { fromColumns } from './rows.ts'
import type { Database, Schema } from './schema.ts'
import { stateSql } from './state-sql.ts'
import { hasTag } from './tags.ts'

type DataKeys = SelectQueryBuilder<Schema, 'data_key', object>

/** An empty list of states matches nothing. */
const filtered = (db: Database, at: In, filter: DataKeyFilter, now: Instant): DataKeys => {
  const { states, origin, owner, search, key, bytes, tags = [] } = filter
  let rows: DataKeys = db.selectFrom('data_key').where('account', 'in', at.accounts).where('region', '=', at.region)
  if (owner !== undefined) rows = rows.where('owner', owner === 'user' ? '=' : '<>', 'user')
  if (origin !== undefined) rows = rows.where('origin', '=', origin)
  if (key !== undefined) rows = rows.where('key', '=', key)
  if (bytes !== undefined) rows = rows.where('size', '=', bytes)
  if (states)
    rows = states.length > 0 ? rows.where(stateSql('dataKey', now), 'in', states) : rows.where(sql<boolean>`1 = 0`)
  if (search !== undefined) rows = rows.where(sql<boolean>`${searchSql(db, search)}`)
  for (const condition of tags) rows = rows.where(hasTag(at.accounts, [at.region], condition))
  return rows
}

export const countDataKeys = (db: Database, { account, region }: Place, filter: DataKeyFilter, now: Instant) =>
  countIn(db, { accounts: [account], region }, filter, now)

const countIn = async (db: Database, at: In, filter: DataKeyFilter, now: Instant): Promise<number> => {
  const counting = filtered(db, at, filter, now).select((eb) => eb.fn.countAll<number>().as('count'))
  return Number((await counting.executeTakeFirstOrThrow()).count)
}

/** One page of data keys and the number of all that match, of one moment. Throws `RangeError` past 1,000 rows a page. */
export const pageDataKeys = (
  db: Database,
  { account, region }: Place,
  page: DataKeyPage,
  now: Instant,
): Promise<{ total: number; rows: readonly Snapshot<'dataKey'>[] }> =>
  db
    .transaction()
    .setAccessMode('read only')
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const at = { accounts: page.accounts ?? [account], region }
      const direction = page.order === 'newestFirst' ? 'desc' : 'asc'
      const rows = await filtered(tx, at, page.filter, now)
        .innerJoin('material', 'material.slot', 'data_key.material')
        .selectAll('data_key')
        .select('material.bytes')
        .orderBy('created_at', direction)
        .orderBy('id', direction)
        .offset(bounded(page.offset, 0, Number.MAX_SAFE_INTEGER))
        .limit(bounded(page.limit, 0, pageMax))
        .execute()
      const total = await countIn(tx, at, page.filter, now)
      return { total, rows: rows.map((columns) => fromColumns('dataKey', columns as unknown as Columns)) }
    })
