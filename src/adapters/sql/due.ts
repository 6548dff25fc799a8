/**
 * Irreversible steps whose date has passed. A date counts as passed when the caller's clock and the engine's own agree,
 * and only running time since it was first seen so makes the step due: a clock that jumps destroys nothing. The observed
 * time is kept in the database, so that a restart does not lose it.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Instant } from '../../core/object.ts'
import type { Due } from '../../core/ports.ts'
import { transact } from './commit.ts'
import { claimDuty, type Duty } from './duty.ts'
import { type Database, objects, objectTable, tables } from './schema.ts'
import { stateSql } from './state-sql.ts'

const dueMax = 100

const steps = [
  { kind: 'key', step: 'destroy', date: 'destroy_at' },
  { kind: 'key', step: 'dropMaterial', date: 'material_expires_at' },
  { kind: 'dataKey', step: 'destroy', date: 'destroy_at' },
] as const
type Step = (typeof steps)[number]

const passed = ({ kind, step, date }: Step, now: Instant, engineNow: RawBuilder<number>): RawBuilder<boolean> => {
  const at = sql.ref(`${tables[kind]}.${date}`)
  const both = sql<boolean>`(${at} <= ${now} and ${at} <= ${engineNow})`
  return step === 'dropMaterial' ? sql<boolean>`(${both} and ${sql.ref('key.material_present')} = 1)` : both
}

/** Another date, even one that has passed too, was not observed yet. */
const forget = async (db: Database, { kind, step, date }: Step, isPassed: RawBuilder<boolean>) => {
  const table = objectTable(kind)
  const standing = objects(db)
    .selectFrom(table)
    .select(sql.lit(1).as('one'))
    .where(sql.ref(`${tables[kind]}.id`), '=', sql.ref('observed.id'))
    .where(sql.ref(`${tables[kind]}.${date}`), '=', sql.ref('observed.date'))
    .where(isPassed)
  await db
    .deleteFrom('observed')
    .where('kind', '=', kind)
    .where('step', '=', step)
    .where(({ not, exists }) => not(exists(standing)))
    .execute()
}

const begin = async (db: Database, { kind, step, date }: Step, isPassed: RawBuilder<boolean>) => {
  const seen = objects(db)
    .selectFrom(objectTable(kind))
    .where(isPassed)
    .select([
      sql.lit(kind).as('kind'),
      'id',
      'account',
      sql.lit(step).as('step'),
      sql.ref<number>(date).as('date'),
      sql.lit(0).as('elapsed'),
    ])
  await db
    .insertInto('observed')
    .columns(['kind', 'id', 'account', 'step', 'date', 'elapsed'])
    .expression(seen)
    .onConflict((same) => same.columns(['kind', 'id', 'step']).doNothing())
    .execute()
}

/** Nothing is lost by a rotation that comes too early or too late, so the caller's clock decides. */
const dueRotations = async (db: Database, now: Instant): Promise<readonly Due[]> => {
  const rows = await db
    .selectFrom('key')
    .select(['id', 'account'])
    .where('rotation_enabled', '=', 1)
    .where('rotation_next_at', '<=', now)
    .where(stateSql('key', now), '=', 'active')
    .orderBy('rotation_next_at')
    .orderBy('id')
    .limit(dueMax)
    .execute()
  return rows.map((row) => ({ step: 'rotate', kind: 'key', ...row }))
}

/** As `Store.due`; nothing is due for a node while another one has the duty, and only the one that has it counts time. */
export const dueSteps = (
  db: Database,
  now: Instant,
  elapsed: number,
  observedMin: number,
  { holder, engineNow }: Omit<Duty, 'name'>,
): Promise<readonly Due[]> => {
  if (!(elapsed >= 0 && elapsed < Number.MAX_SAFE_INTEGER)) throw new RangeError('running time out of range')
  return transact(db, async (tx) => {
    if (!(await claimDuty(tx, { name: 'schedule', holder, engineNow }))) return []
    for (const step of steps) await forget(tx, step, passed(step, now, engineNow))
    await tx
      .updateTable('observed')
      .set((eb) => ({ elapsed: eb('elapsed', '+', Math.floor(elapsed)) }))
      .execute()
    for (const step of steps) await begin(tx, step, passed(step, now, engineNow))
    const irreversible = await tx
      .selectFrom('observed')
      .select(['step', 'kind', 'id', 'account'])
      .where('elapsed', '>=', observedMin)
      .orderBy('date')
      .orderBy('id')
      .orderBy('step')
      .limit(dueMax)
      .execute()
    return [...irreversible, ...(await dueRotations(tx, now))]
  })
}
