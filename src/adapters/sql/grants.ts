/** One row for each grant of each key, written with the key's own row, by which grants are found. */
import type { AccountId, Grant, Key, Party, RegionId, Snapshot } from '../../core/object.ts'
import type { Columns } from './columns.ts'
import { keyFromColumns } from './rows.ts'
import type { Database } from './schema.ts'

const isIn = (grants: readonly Grant[]) => {
  const ids = new Set(grants.map(({ id }) => id))
  return ({ id }: Grant): boolean => ids.has(id)
}

/** A grant never changes: it is there or it is not. */
export const replaceGrants = async (db: Database, row: Snapshot, over: Snapshot): Promise<void> => {
  if (row.kind !== 'key' || over.kind !== 'key' || row.grants === over.grants) return
  const [kept, before] = [isIn(row.grants), isIn(over.grants)]
  const gone = over.grants.filter((grant) => !kept(grant)).map(({ id }) => id)
  if (gone.length > 0) await db.deleteFrom('key_grant').where('id', 'in', gone).execute()
  const { account, region, id: key } = row
  const rows = row.grants
    .filter((grant) => !before(grant))
    .map(({ id, retiring }) => ({
      id,
      account,
      region,
      key,
      retiring_by: retiring?.by ?? null,
      retiring_id: retiring?.id ?? null,
    }))
  if (rows.length > 0) await db.insertInto('key_grant').values(rows).execute()
}

export const dropGrants = async (db: Database, row: Snapshot): Promise<void> => {
  if (row.kind === 'key' && row.grants.length > 0) await db.deleteFrom('key_grant').where('key', '=', row.id).execute()
}

export const grantHolder = async (db: Database, account: AccountId, grant: string): Promise<string | undefined> => {
  const found = await db
    .selectFrom('key_grant')
    .select('key')
    .where('id', '=', grant)
    .where('account', '=', account)
    .executeTakeFirst()
  return found?.key
}

/** The most keys that are looked at: a list of this API says no more either. */
const keysMax = 1000

export const retirableKeys = async (db: Database, region: RegionId, { by, id }: Party): Promise<readonly Key[]> => {
  const rows = await db
    .selectFrom('key')
    .selectAll()
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('key_grant')
        .select('key')
        .where('retiring_id', '=', id)
        .where('retiring_by', '=', by)
        .where('region', '=', region),
    )
    .orderBy('created_at')
    .orderBy('id')
    .limit(keysMax)
    .execute()
  return rows.map((columns) => keyFromColumns(columns as unknown as Columns))
}
