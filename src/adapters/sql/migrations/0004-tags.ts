/** Tags: in the row of the object that has them, and each in a row of its own, by which objects are found. */
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

const statements = ({ text, tableEnd }: Engine) => [
  sql`alter table "key" add column tags ${text} not null default '[]'`,
  sql`create table tag (
    account ${text} not null,
    region ${text} not null,
    kind ${text} not null,
    id ${text} not null,
    tag_key ${text} not null,
    tag_value ${text} not null,
    primary key (kind, id, tag_key)
  ) ${tableEnd}`,
  sql`create index tag_by_value on tag (account, region, tag_key, tag_value, kind, id)`,
]

export const tags = async (db: Database, engine: Engine): Promise<void> => {
  for (const statement of statements(engine)) await statement.execute(db)
}
