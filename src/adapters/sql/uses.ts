/**
 * Usage counts: what was counted in memory is added to the table in one transaction. Minutes are kept for two days, then
 * folded into days, and days are kept for 400: a busy key has some three thousand rows and not half a million.
 */
import { type OnConflictBuilder, sql } from 'kysely'
import type { Use } from '../../core/ports.ts'
import type { UsedBy, UseQuery, UseSum } from '../../core/uses.ts'
import { transact } from './commit.ts'
import { claimDuty, type Duty } from './duty.ts'
import type { Database, Schema } from './schema.ts'
import { inSteps } from './steps.ts'

/** Rows in one statement: an engine bounds the values of a statement. */
const step = 500
const dayMinutes = 1440
const minutesKept = 2 * dayMinutes
const daysKept = 400
/** Rows that one write folds, about, so that the work of a long pause is done bit by bit. */
const foldMax = 2000

/** What is there already is added to. */
const added = (same: OnConflictBuilder<Schema, 'usage'>) =>
  same
    .columns(['key', 'minute', 'version', 'principal', 'dialect'])
    .doUpdateSet({ count: sql<number>`usage.count + excluded.count` })

const add = async (db: Database, uses: readonly Use[]): Promise<void> => {
  for (const some of inSteps(uses, step))
    await db
      .insertInto('usage')
      .values(some.map((use) => ({ ...use })))
      .onConflict(added)
      .execute()
}

/** The first minute of a day stands for the day. */
const isMinute = sql<boolean>`minute % ${sql.lit(dayMinutes)} <> 0`

const fold = async (db: Database, now: number): Promise<void> => {
  const old = db
    .selectFrom('usage')
    .where('minute', '<', now - minutesKept)
    .where(isMinute)
  // Whole minutes, at least one, and as many as hold about `foldMax` rows.
  const reached = await old.select('minute').orderBy('minute').offset(foldMax).limit(1).executeTakeFirst()
  const until = reached?.minute ?? now - minutesKept - 1
  const day = sql<number>`minute - minute % ${sql.lit(dayMinutes)}`
  await db
    .insertInto('usage')
    .columns(['key', 'version', 'principal', 'dialect', 'minute', 'count'])
    .expression(
      old
        .where('minute', '<=', until)
        .select(['key', 'version', 'principal', 'dialect', day.as('minute')])
        .select((eb) => eb.fn.sum<number>('count').as('count'))
        .groupBy(['key', 'version', 'principal', 'dialect', day]),
    )
    .onConflict(added)
    .execute()
  await db.deleteFrom('usage').where('minute', '<=', until).where(isMinute).execute()
}

/** In one order for every process, so that two that add to the same rows never wait for each other. */
const inOrder = (a: Use, b: Use): number => {
  const [left, right] = [a, b].map(({ key, minute, version, principal, dialect }) =>
    [key, minute, version, principal, dialect].join('\n'),
  )
  return (left ?? '') < (right ?? '') ? -1 : 1
}

/** `now`: minutes since 1970. One node folds at a time: two that read the same minutes would count them twice. */
export const addUses = (
  db: Database,
  uses: readonly Use[],
  now: number,
  { holder, engineNow }: Omit<Duty, 'name'>,
): Promise<void> =>
  transact(db, async (tx) => {
    await add(tx, uses.toSorted(inOrder))
    if (!(await claimDuty(tx, { name: 'fold', holder, engineNow }))) return
    await fold(tx, now)
    await tx
      .deleteFrom('usage')
      .where('minute', '<', now - daysKept * dayMinutes)
      .execute()
  })

/** What an engine gives of a column that is summed over, or of one that is not told apart. */
const columnOf = (by: readonly UsedBy[], name: UsedBy, step: number) => {
  if (name === 'minute')
    return by.includes(name) ? sql<number>`usage.minute - usage.minute % ${sql.lit(step)}` : sql<number>`0`
  const column = sql.ref(`usage.${name}`)
  return by.includes(name) ? sql<number>`${column}` : sql<number>`${sql.lit(name === 'version' ? 0 : '')}`
}

const columns = ['key', 'version', 'principal', 'dialect', 'minute'] as const

/** Sums of what was written; counts in memory are not among them. */
export const sumUses = async (db: Database, query: UseQuery): Promise<readonly UseSum[]> => {
  const { of, from, until, step: minutes, by, limit } = query
  const within = db.selectFrom('usage').where('usage.minute', '>=', from).where('usage.minute', '<', until)
  const meant =
    'key' in of
      ? within.where('usage.key', '=', of.key)
      : within.where(({ exists, selectFrom }) =>
          exists(
            selectFrom('key')
              .select('key.id')
              .whereRef('key.id', '=', 'usage.key')
              .where('key.account', '=', of.account)
              .where('key.region', '=', of.region),
          ),
        )
  const selected = columns.map((name) => columnOf(by, name, minutes).as(name))
  const grouped = by.length === 0 ? meant : meant.groupBy(by.map((name) => columnOf(by, name, minutes)))
  const rows = await grouped
    .select(selected)
    .select((eb) => eb.fn.sum<number | string>('usage.count').as('count'))
    .orderBy('count', 'desc')
    .limit(limit)
    .execute()
  return rows
    .filter(({ count }) => count !== null)
    .map((row) => ({ ...(row as unknown as Use), minute: Number(row.minute), count: Number(row.count) }))
}
