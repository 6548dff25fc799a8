/** White-box keys, and the tables of each in a row of their own, which is read when they are asked for and not else. */
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

const statements = ({ integer, bytes, text, tableEnd }: Engine) => [
  sql`create table white_box_key (
    id ${text} not null primary key,
    account ${text} not null,
    revision ${integer} not null,
    region ${text} not null,
    project ${text} not null,
    creator ${text} not null,
    name ${text} not null,
    description ${text} not null,
    algorithm ${text} not null,
    material ${integer} not null references material (slot),
    created_at ${integer} not null,
    suspended integer not null,
    bound integer not null,
    tags ${text} not null
  ) ${tableEnd}`,
  sql`create unique index white_box_key_in_account on white_box_key (account, id)`,
  sql`create table white_box_tables (
    id ${text} not null primary key references white_box_key (id),
    account ${text} not null,
    revision ${integer} not null,
    material ${integer} not null references material (slot),
    devices ${text} not null,
    locked ${bytes}
  ) ${tableEnd}`,
]

export const whiteBoxKeys = async (db: Database, engine: Engine): Promise<void> => {
  for (const statement of statements(engine)) await statement.execute(db)
}
