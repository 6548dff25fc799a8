/**
 * Irreversible steps whose date has passed. A date counts as passed when the caller's clock and the engine's own agree,
 * and only running time since it was first seen so makes the step due: a clock that jumps destroys nothing. The observed
 * time is kept in the database, so that a restart does not lose it.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Instant } from '../../core/object.ts'
import type { Due } from '../../core/ports.ts'
import { transact } from './commit.ts'
import type { Database } from './schema.ts'
import { stateSql } from './state-sql.ts'

const dueMax = 100

const steps = [
  { step: 'destroy', date: 'destroy_at' },
  { step: 'dropMaterial', date: 'material_expires_at' },
] as const
type Step = (typeof steps)[number]

const passed = ({ step, date }: Step, now: Instant, engineNow: RawBuilder<number>): RawBuilder<boolean> => {
  const at = sql.ref(`key.${date}`)
  const both = sql<boolean>`(${at} <= ${now} and ${at} <= ${engineNow})`
  return step === 'dropMaterial' ? sql<boolean>`(${both} and ${sql.ref('key.material_present')} = 1)` : both
}

/** Another date, even one that has passed too, was not observed yet. */
const forget = async (db: Database, { step, date }: Step, isPassed: RawBuilder<boolean>) => {
  await db
    .deleteFrom('observed')
    .where('step', '=', step)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('key')
            .select('key.id')
            .whereRef('key.id', '=', 'observed.key')
            .whereRef(`key.${date}`, '=', 'observed.date')
            .where(isPassed),
        ),
      ),
    )
    .execute()
}

const begin = async (db: Database, { step, date }: Step, isPassed: RawBuilder<boolean>) => {
  await db
    .insertInto('observed')
    .columns(['key', 'step', 'date', 'elapsed'])
    .expression(
      db
        .selectFrom('key')
        .where(isPassed)
        .select(['id', sql.lit(step).as('step'), sql.ref<number>(date).as('date'), sql.lit(0).as('elapsed')]),
    )
    .onConflict((same) => same.columns(['key', 'step']).doNothing())
    .execute()
}

/** Nothing is lost by a rotation that comes too early or too late, so the caller's clock decides. */
const dueRotations = async (db: Database, now: Instant): Promise<readonly Due[]> => {
  const rows = await db
    .selectFrom('key')
    .select(['id as key', 'account'])
    .where('rotation_enabled', '=', 1)
    .where('rotation_next_at', '<=', now)
    .where(stateSql(now), '=', 'active')
    .orderBy('rotation_next_at')
    .orderBy('id')
    .limit(dueMax)
    .execute()
  return rows.map((row) => ({ step: 'rotate', ...row }))
}

/** As `Store.due`. `engineNow` is the engine's clock as an expression. */
export const dueSteps = (
  db: Database,
  now: Instant,
  elapsed: number,
  observedMin: number,
  engineNow: RawBuilder<number>,
): Promise<readonly Due[]> => {
  if (!(elapsed >= 0 && elapsed < Number.MAX_SAFE_INTEGER)) throw new RangeError('running time out of range')
  return transact(db, async (tx) => {
    for (const step of steps) await forget(tx, step, passed(step, now, engineNow))
    await tx
      .updateTable('observed')
      .set((eb) => ({ elapsed: eb('elapsed', '+', Math.floor(elapsed)) }))
      .execute()
    for (const step of steps) await begin(tx, step, passed(step, now, engineNow))
    const irreversible = await tx
      .selectFrom('observed')
      .innerJoin('key', 'key.id', 'observed.key')
      .select(['observed.step', 'observed.key', 'key.account'])
      .where('observed.elapsed', '>=', observedMin)
      .orderBy('observed.date')
      .orderBy('observed.key')
      .orderBy('observed.step')
      .limit(dueMax)
      .execute()
    return [...irreversible, ...(await dueRotations(tx, now))]
  })
}
