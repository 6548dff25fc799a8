/** Aliases: rows of their own, and their names in the row of their key. Groups of keys. */
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

export const aliases = async (db: Database, { integer, text, tableEnd }: Engine): Promise<void> => {
  for (const statement of [
    sql`alter table "key" add column aliases ${text} not null default '[]'`,
    sql`alter table "key" add column object_group ${text} not null default ''`,
    sql`create table alias (
      id ${text} not null primary key,
      account ${text} not null,
      revision ${integer} not null,
      region ${text} not null,
      name ${text} not null,
      written ${text} not null,
      key ${text} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null
    ) ${tableEnd}`,
    sql`create unique index alias_by_name on alias (account, region, name)`,
    sql`create index alias_of_key on alias (key, name)`,
  ])
    await statement.execute(db)
}
