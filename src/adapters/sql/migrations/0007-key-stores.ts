/** Key stores, and the copies of keys in other regions. */
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

export const keyStores = async (db: Database, { integer, text, tableEnd }: Engine): Promise<void> => {
  for (const statement of [
    sql`alter table "key" add column key_store ${text}`,
    sql`alter table "key" add column copies ${text}`,
    sql`create table key_store (
      id ${text} not null primary key,
      account ${text} not null,
      revision ${integer} not null,
      region ${text} not null,
      project ${text} not null,
      name ${text} not null,
      backing ${text} not null,
      suspended integer not null,
      keys integer not null,
      external ${text} not null,
      created_at ${integer} not null
    ) ${tableEnd}`,
    sql`create index key_store_of_account on key_store (account, id)`,
  ])
    await statement.execute(db)
}
