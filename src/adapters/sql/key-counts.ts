/**
 * How many keys a filter matches, from the counters of `key_count`. They count facts and no states, because a state changes
 * when a date passes and nothing is written then: what is counted is taken as if no date had passed, and set right by
 * the keys whose date has, which an index finds and which are few, since they are destroyed or emptied soon.
 */
import { type RawBuilder, sql } from 'kysely'
import type { AccountId, Instant, RegionId } from '../../core/object.ts'
import type { KeyFilter } from '../../core/pages.ts'
import { type State, stateOf } from '../../core/state.ts'
import type { Database, KeyCountTable } from './schema.ts'

/** One account nearly always; several where one administers the others. */
export interface In {
  readonly accounts: readonly AccountId[]
  readonly region: RegionId
}

/** Keys of one combination of facts, and how many there are. */
export type KeyClass = Omit<KeyCountTable, 'shard'>

/** What a filter says of the facts that are counted. */
export type FactFilter = Pick<KeyFilter, 'states' | 'usages' | 'algorithms' | 'origin' | 'owner'>

type Facts = Pick<KeyCountTable, 'owner' | 'usage' | 'algorithm' | 'origin'>

const fits = (row: Facts, { usages, algorithms, origin, owner }: FactFilter): boolean =>
  (usages === undefined || usages.some((usage) => usage === row.usage)) &&
  (algorithms === undefined || algorithms.includes(row.algorithm)) &&
  (origin === undefined || origin === row.origin) &&
  (owner === undefined || (owner === 'user') === (row.owner === 'user'))

const facts = [
  'account',
  'region',
  'owner',
  'usage',
  'algorithm',
  'origin',
  'material_present',
  'deactivated',
  'suspended',
  'scheduled',
] as const

/** The classes of a place that have keys and, as far as their facts say, fit the filter. */
export const classesOf = async (db: Database, at: In, filter: FactFilter): Promise<readonly KeyClass[]> => {
  const rows = await db
    .selectFrom('key_count')
    .select(facts)
    .select((eb) => eb.fn.sum<number>('keys').as('keys'))
    .where('account', 'in', at.accounts)
    .where('region', '=', at.region)
    .groupBy(facts)
    .execute()
  return rows.filter((row) => row.keys > 0 && fits(row, filter))
}

/** The states of a class's keys: while no date of theirs has passed, and once the one that comes first has. */
export const statesOf = (row: Pick<KeyClass, 'material_present' | 'deactivated' | 'suspended' | 'scheduled'>) => {
  const [calm, passed] = [0, 2].map((now) =>
    stateOf(
      {
        destroyAt: row.scheduled === 1 ? 1 : null,
        suspended: row.suspended === 1,
        deactivated: row.deactivated === 1,
        materialPresent: row.material_present === 1,
        materialExpiresAt: 1,
      },
      now,
    ),
  ) as [State, State]
  return { calm, passed }
}

/** Keys whose date has passed, with what a filter asks of them; the few that the counters are wrong about. */
export const passedKeys = (at: In, date: 'destroy_at' | 'material_expires_at', now: Instant): RawBuilder<unknown> => {
  const place = sql`account in (${sql.join(at.accounts)}) and region = ${at.region}`
  // As the partial indexes say it, so that they are taken.
  return date === 'destroy_at'
    ? sql`select * from "key" where ${place} and destroy_at is not null and destroy_at <= ${now}`
    : sql`select * from "key" where ${place} and material_expires_at is not null and material_present = 1
        and destroy_at is null and material_expires_at <= ${now}`
}

type PassedClass = Facts & Pick<KeyClass, 'material_present' | 'deactivated' | 'suspended' | 'keys'>

const passedClasses = async (db: Database, at: In, date: 'destroy_at' | 'material_expires_at', now: Instant) => {
  const facts = sql`owner, usage, algorithm, origin, material_present, deactivated, suspended`
  const query = sql<PassedClass>`with passed as materialized (${passedKeys(at, date, now)})
    select ${facts}, count(*) as keys from passed group by ${facts}`
  return (await query.execute(db)).rows.map((row) => ({ ...row, scheduled: date === 'destroy_at' ? 1 : 0 }))
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)

/** How many of the classes' keys are in one of the states. */
export const countClasses = async (
  db: Database,
  at: In,
  filter: FactFilter,
  now: Instant,
  classes: readonly KeyClass[],
): Promise<number> => {
  const { states } = filter
  if (!states) return sum(classes.map(({ keys }) => keys))
  const isAsked = (state: State): number => (states.includes(state) ? 1 : 0)
  const total = sum(classes.map((row) => row.keys * isAsked(statesOf(row).calm)))
  /** By how much the count of a class is off for each key of it whose date has passed. */
  const off = (row: Parameters<typeof statesOf>[0]): number =>
    isAsked(statesOf(row).passed) - isAsked(statesOf(row).calm)
  const corrections: number[] = []
  for (const [date, scheduled] of [
    ['destroy_at', 1],
    ['material_expires_at', 0],
  ] as const) {
    if (!classes.some((row) => row.scheduled === scheduled && off(row) !== 0)) continue
    const passed = (await passedClasses(db, at, date, now)).filter((row) => fits(row, filter))
    corrections.push(...passed.map((row) => row.keys * off(row)))
  }
  return total + sum(corrections)
}

/** Classes whose keys are not as many as the counters say: every key is looked at. */
export const miscounted = async (db: Database): Promise<number> => {
  const columns = sql.join(facts.map((fact) => sql.ref(fact)))
  const keys = sql`select *, case when destroy_at is null then 0 else 1 end as scheduled from "key"`
  const query = sql<{ count: number }>`select count(*) as count from (
    select ${columns} from (
      select ${columns}, keys from key_count union all select ${columns}, -1 as keys from (${keys}) as each_key
    ) as compared group by ${columns} having sum(keys) <> 0
  ) as differing`
  return Number((await query.execute(db)).rows[0]?.count)
}
