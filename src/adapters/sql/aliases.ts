/** Lists of aliases. */
import type { Alias, Place } from '../../core/object.ts'
import type { AliasPage } from '../../core/pages.ts'
import type { Columns } from './columns.ts'
import { fromColumns } from './rows.ts'
import type { Database } from './schema.ts'

export const pageAliases = async (
  db: Database,
  { account, region }: Pick<Place, 'account' | 'region'>,
  { key, after, limit }: AliasPage,
): Promise<readonly Alias[]> => {
  let query = db.selectFrom('alias').selectAll().where('account', '=', account).where('region', '=', region)
  if (key !== undefined) query = query.where('key', '=', key)
  const rows = await query.where('name', '>', after).orderBy('name').limit(limit).execute()
  return rows.map((columns) => fromColumns('alias', columns as unknown as Columns))
}
