import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

/**
 * Data keys that are kept. `key` is no foreign key: a data key outlives, as a row, the key that protects it. What was
 * observed to have passed was about keys alone; it is observed anew, which only makes a destruction later.
 */
const statements = (engine: Engine) => [
  sql`create table data_key (
    id ${engine.text} not null primary key,
    account ${engine.text} not null,
    revision ${engine.integer} not null,
    region ${engine.text} not null,
    project ${engine.text} not null,
    creator ${engine.text} not null,
    owner ${engine.text} not null,
    "key" ${engine.text} not null,
    key_version integer not null,
    name ${engine.text} not null,
    description ${engine.text} not null,
    origin ${engine.text} not null,
    size integer not null,
    material ${engine.integer} not null references material (slot),
    context ${engine.text} not null,
    created_at ${engine.integer} not null,
    suspended integer not null,
    destroy_at ${engine.integer},
    tags ${engine.text} not null
  ) ${engine.tableEnd}`,
  sql`create unique index data_key_in_account on data_key (account, id)`,
  sql`create index data_key_by_age on data_key (account, region, created_at, id, suspended, destroy_at)`,
  sql`create index data_key_by_key on data_key ("key")`,
  sql`create index data_key_to_destroy on data_key (destroy_at) where destroy_at is not null`,
  sql`drop table observed`,
  sql`create table observed (
    kind ${engine.text} not null,
    id ${engine.text} not null,
    account ${engine.text} not null,
    step ${engine.text} not null,
    date ${engine.integer} not null,
    elapsed ${engine.integer} not null,
    primary key (kind, id, step)
  ) ${engine.tableEnd}`,
  sql`alter table tombstone add column kind ${engine.text} not null default 'key'`,
]

export const dataKeys = async (db: Database, engine: Engine): Promise<void> => {
  for (const statement of statements(engine)) await statement.execute(db)
}
