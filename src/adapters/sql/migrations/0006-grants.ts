/** Grants: in the row of their key, and each in a row of its own, by which they are found. */
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

export const grants = async (db: Database, { text, tableEnd }: Engine): Promise<void> => {
  for (const statement of [
    sql`alter table "key" add column grants ${text} not null default '[]'`,
    sql`create table key_grant (
      id ${text} not null primary key,
      account ${text} not null,
      region ${text} not null,
      key ${text} not null,
      retiring_by ${text},
      retiring_id ${text}
    ) ${tableEnd}`,
    sql`create index key_grant_of_key on key_grant (key)`,
    sql`create index key_grant_retiring on key_grant (retiring_id, retiring_by, region) where retiring_id is not null`,
  ])
    await statement.execute(db)
}
