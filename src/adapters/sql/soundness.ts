/** What the rows of a database say of each other, beyond what an engine's own check of its pages knows. */
import { sql } from 'kysely'
import type { Instant, Kind } from '../../core/object.ts'
import { miscounted } from './key-counts.ts'
import { hasMaterial } from './rows.ts'
import { type Database, tables } from './schema.ts'

export interface Soundness {
  /** Slots of wrapped material that no row owns and that are not free: what was in them was to be overwritten. */
  readonly strayMaterial: number
  /** Keys and data keys that are there although they were destroyed. */
  readonly risen: readonly string[]
  /** Combinations of facts of which there are more keys, or fewer, than were counted. */
  readonly miscounted: number
  /** When the youngest key was made; undefined where there is none. */
  readonly newestAt: Instant | undefined
}

const owners = (Object.keys(tables) as Kind[]).filter((kind) => hasMaterial[kind]).map((kind) => tables[kind])

const owned = sql.join(
  [sql`select slot from vacancy`, ...owners.map((table) => sql`select material as slot from ${sql.table(table)}`)],
  sql` union all `,
)

/** Where the newest of each place stands last in an index. */
const newest = sql<{ newest: Instant | null }>`select max(
    (select created_at from "key" k where k.account = p.account and k.region = p.region
      order by created_at desc limit 1)) as newest
  from (select distinct account, region from key_count) p`

/** As many as a person reads. */
const risenMax = 10

export const soundnessOf = async (db: Database): Promise<Soundness> => {
  // A join and no NOT IN, which PostgreSQL would answer row by row.
  const stray = await sql<{ count: number }>`select count(*) as count from material m
    left join (${owned}) o on o.slot = m.slot where o.slot is null`.execute(db)
  const risen = await sql<{ id: string }>`select t."key" as id from tombstone t
    where exists (select 1 from "key" k where k.id = t."key" and t.kind = 'key')
    or exists (select 1 from data_key d where d.id = t."key" and t.kind = 'dataKey')
    limit ${sql.lit(risenMax)}`.execute(db)
  return {
    strayMaterial: stray.rows[0]?.count ?? 0,
    risen: risen.rows.map(({ id }) => id),
    miscounted: await miscounted(db),
    newestAt: (await newest.execute(db)).rows[0]?.newest ?? undefined,
  }
}
