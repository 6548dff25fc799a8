/**
 * How many keys there are of each combination of the facts that lists ask for, and indexes by those facts. Triggers count:
 * so no write can forget to, not even one of the program before, which runs beside this one for a while.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

const columns = [
  'account',
  'region',
  'owner',
  'usage',
  'algorithm',
  'origin',
  'material_present',
  'deactivated',
  'suspended',
] as const

const listed = sql.join(columns.map((column) => sql.ref(column)))

/** Not the date itself: when it passes, nothing is written. */
const scheduled = (row: string) => sql`case when ${sql.ref(`${row}destroy_at`)} is null then 0 else 1 end`

const table = ({ text, integer, tableEnd }: Engine) => sql`create table key_count (
  account ${text} not null,
  region ${text} not null,
  owner ${text} not null,
  usage ${text} not null,
  algorithm ${text} not null,
  origin ${text} not null,
  material_present integer not null,
  deactivated integer not null,
  suspended integer not null,
  scheduled integer not null,
  shard integer not null,
  keys ${integer} not null,
  primary key (${listed}, scheduled, shard)
) ${tableEnd}`

const conflict = sql`on conflict (${listed}, scheduled, shard) do update set keys = key_count.keys + excluded.keys`

/** Adds `by` to the count of what a row of `key` is. */
const count = (row: 'old' | 'new', by: 1 | -1) => sql`
  insert into key_count (${listed}, scheduled, shard, keys)
  values (${sql.join(columns.map((column) => sql.ref(`${row}.${column}`)))}, ${scheduled(`${row}.`)}, 0, ${sql.lit(by)})
  ${conflict};`

/** SQLite compares NULL only with IS. */
const changed = sql.join(
  [...columns, 'destroy_at'].map((column) => sql`${sql.ref(`old.${column}`)} is not ${sql.ref(`new.${column}`)}`),
  sql` or `,
)

const sqliteTriggers = [
  sql`create trigger key_counted_in after insert on "key" begin ${count('new', 1)} end`,
  sql`create trigger key_counted_out after delete on "key" begin ${count('old', -1)} end`,
  sql`create trigger key_counted_again after update on "key" when ${changed}
    begin ${count('old', -1)} ${count('new', 1)} end`,
]

/** Connections that write at once seldom meet in a row: each counts in one of these many, and the sum is the count. */
const shards = 64

const each = (rows: 'added' | 'gone', by: 1 | -1) =>
  sql`select ${listed}, ${scheduled('')} as scheduled, ${sql.lit(by)} as keys from ${sql.ref(rows)}`

/** In one order, so that two of one shard never wait for each other in a circle within a statement. */
const addUp = (rows: RawBuilder<unknown>) => sql`
  insert into key_count (${listed}, scheduled, shard, keys)
  select ${listed}, scheduled, pg_backend_pid() % ${sql.lit(shards)}, sum(keys) from (${rows}) as changed
  group by ${listed}, scheduled having sum(keys) <> 0 order by ${listed}, scheduled
  ${conflict};`

/** Once for each statement: a row that one transaction writes again and again gets slower each time. */
const postgresTriggers = [
  sql`create function key_counted() returns trigger language plpgsql as $$ begin
    if tg_op = 'INSERT' then ${addUp(each('added', 1))}
    elsif tg_op = 'DELETE' then ${addUp(each('gone', -1))}
    else ${addUp(sql`${each('added', 1)} union all ${each('gone', -1)}`)} end if;
    return null;
  end $$`,
  ...(['insert', 'delete', 'update'] as const).map(
    (change) => sql`create trigger ${sql.ref(`key_counted_after_${change}`)} after ${sql.raw(change)} on "key"
      referencing ${change === 'delete' ? sql`` : sql`new table as added`} ${change === 'insert' ? sql`` : sql`old table as gone`}
      for each statement execute function key_counted()`,
  ),
]

/** The other facts of a state end both, so that what has passed its date is left out without reading the row. */
const dates = sql`destroy_at, material_expires_at`
const indexes = [
  sql`create index key_by_facts on "key" (${listed}, (${scheduled('')}), created_at, id, ${dates})`,
  sql`create index key_by_place on "key" (account, region, created_at, id, owner, usage, algorithm, origin, object_group,
    material_present, deactivated, suspended, ${dates}, name)`,
  sql`create index key_by_destruction on "key" (account, region, destroy_at) where destroy_at is not null`,
  sql`create index key_by_expiry on "key" (account, region, material_expires_at)
    where material_expires_at is not null and material_present = 1 and destroy_at is null`,
  // What they were for is asked of the new ones; the program before finds its keys by those too.
  sql`drop index key_by_use`,
  sql`drop index key_by_age`,
]

const recount = sql`insert into key_count (${listed}, scheduled, shard, keys)
  select ${listed}, ${scheduled('')}, 0, count(*) from "key" group by ${listed}, ${scheduled('')}`

export const keyCounts = async (db: Database, engine: Engine): Promise<void> => {
  const triggers = engine.name === 'sqlite' ? sqliteTriggers : postgresTriggers
  for (const statement of [table(engine), ...triggers, ...indexes, recount]) await statement.execute(db)
}
