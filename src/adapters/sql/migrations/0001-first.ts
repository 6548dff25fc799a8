import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

/** What every managed object has. */
const common = (engine: Engine) => sql`
  id ${engine.text} not null primary key,
  account ${engine.text} not null,
  revision ${engine.integer} not null`

const keyTable = (engine: Engine) => sql`create table "key" (${common(engine)},
  region ${engine.text} not null,
  project ${engine.text} not null,
  creator ${engine.text} not null,
  lineage ${engine.text} not null,
  owner ${engine.text} not null,
  name ${engine.text} not null,
  description ${engine.text} not null,
  usage ${engine.text} not null,
  algorithm ${engine.text} not null,
  origin ${engine.text} not null,
  created_at ${engine.integer} not null,
  suspended integer not null,
  deactivated integer not null,
  destroy_at ${engine.integer},
  material_present integer not null,
  material_expires_at ${engine.integer},
  material_digest ${engine.text},
  primary_version integer not null,
  rotation_enabled integer not null,
  rotation_period_days integer not null,
  rotation_next_at ${engine.integer} not null,
  rotation_last_at ${engine.integer},
  bindings integer not null
) ${engine.tableEnd}`

const objectTables = (engine: Engine) => [
  keyTable(engine),
  sql`create table account (${common(engine)},
    name ${engine.text} not null,
    external ${engine.text} not null,
    created_at ${engine.integer} not null
  ) ${engine.tableEnd}`,
  sql`create table domain_key (${common(engine)},
    version integer not null,
    lineage ${engine.text} not null,
    material ${engine.integer} not null references material (slot),
    created_at ${engine.integer} not null
  ) ${engine.tableEnd}`,
  sql`create table principal (${common(engine)},
    name ${engine.text} not null,
    root integer not null,
    disabled integer not null,
    external ${engine.text} not null,
    policies ${engine.text} not null,
    password_record ${engine.text},
    created_at ${engine.integer} not null
  ) ${engine.tableEnd}`,
  sql`create table credential (${common(engine)},
    principal ${engine.text} not null,
    dialect ${engine.text} not null,
    disabled integer not null,
    material ${engine.integer} not null references material (slot),
    created_at ${engine.integer} not null
  ) ${engine.tableEnd}`,
  sql`create table policy (${common(engine)},
    name ${engine.text} not null,
    language ${engine.text} not null,
    document ${engine.text} not null,
    created_at ${engine.integer} not null
  ) ${engine.tableEnd}`,
  sql`create table key_version (${common(engine)},
    "key" ${engine.text} not null references "key" (id),
    version integer not null,
    algorithm ${engine.text} not null,
    material ${engine.integer} references material (slot),
    canary ${engine.bytes},
    created_at ${engine.integer} not null
  ) ${engine.tableEnd}`,
  sql`create table import_ticket (${common(engine)},
    ticket ${engine.text} not null,
    padding ${engine.text} not null,
    material ${engine.integer} not null references material (slot),
    expires_at ${engine.integer} not null,
    failures integer not null,
    foreign key (id) references "key" (id)
  ) ${engine.tableEnd}`,
  sql`create table binding (${common(engine)},
    "key" ${engine.text} not null references "key" (id),
    product ${engine.text} not null,
    resource ${engine.text} not null,
    created_at ${engine.integer} not null
  ) ${engine.tableEnd}`,
]

/** Slots of wrapped material: `material.ts` says why they are not columns. */
const materialTables = (engine: Engine) => [
  sql`create table material (slot ${engine.counted} primary key, bytes ${engine.bytes} not null) ${engine.tableEnd}`,
  sql`create table vacancy (
    slot ${engine.integer} not null primary key references material (slot),
    size integer not null
  ) ${engine.tableEnd}`,
  sql`create index vacancy_by_size on vacancy (size)`,
]

const ledgerTables = (engine: Engine) => [
  sql`create table installation (
    one integer not null primary key check (one = 1),
    id ${engine.text} not null,
    created_at ${engine.integer} not null,
    root_generation_id ${engine.text} not null,
    root_generation_number integer not null,
    root_check ${engine.bytes} not null
  ) ${engine.tableEnd}`,
  sql`create table barrier (
    one integer not null primary key check (one = 1),
    generation ${engine.text} not null,
    epoch ${engine.integer} not null
  ) ${engine.tableEnd}`,
  sql`create table change (
    epoch ${engine.integer} not null,
    kind ${engine.text} not null,
    id ${engine.text} not null,
    primary key (epoch, kind, id)
  ) ${engine.tableEnd}`,
  sql`create table outbox (
    request ${engine.text} not null primary key,
    at ${engine.integer} not null,
    entry ${engine.text} not null
  ) ${engine.tableEnd}`,
  sql`create table name (
    account ${engine.text} not null,
    region ${engine.text} not null,
    kind ${engine.text} not null,
    name ${engine.text} not null,
    holder ${engine.text} not null,
    until ${engine.integer},
    primary key (account, region, kind, name)
  ) ${engine.tableEnd}`,
  sql`create index name_by_holder on name (kind, holder)`,
  sql`create table tombstone (
    "key" ${engine.text} not null primary key,
    account ${engine.text} not null,
    region ${engine.text} not null,
    lineage ${engine.text} not null,
    destroyed_at ${engine.integer} not null
  ) ${engine.tableEnd}`,
  sql`create table observed (
    "key" ${engine.text} not null references "key" (id) on delete cascade,
    step ${engine.text} not null,
    date ${engine.integer} not null,
    elapsed ${engine.integer} not null,
    primary key ("key", step)
  ) ${engine.tableEnd}`,
]

/** How often which version of a key was used, by whom and through which dialect, minute by minute. */
const usageTable = (engine: Engine) => sql`create table usage (
    "key" ${engine.text} not null,
    version integer not null,
    principal ${engine.text} not null,
    dialect ${engine.text} not null,
    minute ${engine.integer} not null,
    count ${engine.integer} not null,
    primary key ("key", minute, version, principal, dialect)
  ) ${engine.tableEnd}`

/** The facts of a state end the list indexes, so that a filtered count never leaves the index. */
const facts = sql`suspended, deactivated, destroy_at, material_present, material_expires_at`
const indexes = [
  sql`create index key_by_use on "key" (account, region, owner, usage, created_at, id, ${facts})`,
  sql`create index key_by_age on "key" (account, region, created_at, id, ${facts})`,
  sql`create index key_by_lineage on "key" (lineage)`,
  sql`create index key_to_destroy on "key" (destroy_at) where destroy_at is not null`,
  sql`create index key_to_empty on "key" (material_expires_at) where material_expires_at is not null`,
  sql`create index usage_by_minute on usage (minute)`,
  sql`create index key_to_rotate on "key" (rotation_next_at) where rotation_enabled = 1`,
  sql`create index key_version_by_key on key_version ("key")`,
  sql`create index binding_by_key on binding ("key")`,
  sql`create index credential_by_principal on credential (principal)`,
  ...[
    'account',
    'domain_key',
    'principal',
    'credential',
    'policy',
    'key',
    'key_version',
    'import_ticket',
    'binding',
  ].map((table) => sql`create unique index ${sql.id(`${table}_in_account`)} on ${sql.table(table)} (account, id)`),
]

export const first = async (db: Database, engine: Engine): Promise<void> => {
  for (const statement of [
    ...materialTables(engine),
    ...objectTables(engine),
    ...ledgerTables(engine),
    usageTable(engine),
    ...indexes,
  ]) {
    await statement.execute(db)
  }
  await sql`insert into barrier (one, generation, epoch) values (1, ${randomUUID()}, 0)`.execute(db)
}
