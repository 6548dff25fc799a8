/** A group of changes in one transaction: each succeeds or is undone by itself, and one flush makes all of them durable. */
import { sql } from 'kysely'
import { type Commit, type Committed, type Epoch, UnknownOutcome } from '../../core/ports.ts'
import type { Refused } from './additions.ts'
import { addTogether, applyEffects, type Done, onlyAdds, type Touched } from './effects.ts'
import { wasRolledBack } from './errors.ts'
import { lockRows } from './locks.ts'
import { drain, enqueue } from './outbox.ts'
import type { Database } from './schema.ts'
import { inSteps } from './steps.ts'

/** Epochs that `change` reaches back; a cache that is further behind forgets everything. */
export const changeEpochsMax = 10_000
/** Rows of one INSERT: three parameters each, far below SQLite's and PostgreSQL's limits. */
const changeRowsMax = 1_000

/** What one change of a group came to: an answer, or a fault of which nothing was kept. */
export type Result = Committed | Failed
export interface Group {
  readonly results: readonly Result[]
  readonly removedMaterial: boolean
}
type Failed = { outcome: 'failed'; cause: unknown }
type Attempt = Done | Refused | Failed

const isDone = (attempt: Attempt): attempt is Done => 'touched' in attempt

/** Where the engine has given up the whole transaction, there is no savepoint to go back to: that fails the group. */
const undo = async (db: Database, refused: Refused | Failed): Promise<void> => {
  try {
    await sql`rollback to savepoint change`.execute(db)
  } catch (cause) {
    throw refused.outcome === 'failed' ? refused.cause : cause
  }
}

const failed = (cause: unknown): Failed => ({ outcome: 'failed', cause })

/** What `work` came to. Nothing is left of it where it was refused, or failed. */
const attempt = async <D extends object>(
  db: Database,
  work: () => Promise<D | Refused>,
): Promise<D | Refused | Failed> => {
  await sql`savepoint change`.execute(db)
  const result = await work().catch(failed)
  // Nothing of the transaction is left where the engine undid it for another one's sake: all of it is done again.
  if ('cause' in result && wasRolledBack(result.cause)) throw result.cause
  if ('outcome' in result) await undo(db, result)
  await sql`release savepoint change`.execute(db)
  return result
}

const alone = (db: Database, node: string, change: Commit): Promise<Attempt> =>
  attempt(db, async () => {
    const applied = await applyEffects(db, change)
    if ('touched' in applied) await enqueue(db, node, [change.entry])
    return applied
  })

/**
 * Changes that only add, all of them by the same few statements: what takes time is a statement's way to the engine and
 * back. None of them where one is refused, and it is left to `alone` to find out which.
 */
const together = async (db: Database, node: string, changes: readonly Commit[]): Promise<Map<Commit, Done>> => {
  if (changes.length < 2) return new Map()
  const done = await attempt(db, async () => {
    const added = await addTogether(db, changes)
    if (!('outcome' in added))
      await enqueue(
        db,
        node,
        changes.map(({ entry }) => entry),
      )
    return added
  })
  return new Map('outcome' in done ? [] : changes.map((change, at) => [change, done[at] as Done]))
}

const currentEpoch = async (db: Database): Promise<Epoch> =>
  (await db.selectFrom('barrier').select('epoch').executeTakeFirstOrThrow()).epoch

const advance = async (db: Database, by: number): Promise<Epoch> => {
  const row = await db
    .updateTable('barrier')
    .set((eb) => ({ epoch: eb('epoch', '+', by) }))
    .returning('epoch')
    .executeTakeFirstOrThrow()
  return row.epoch
}

/**
 * Gives every change that has effects an epoch of its own and lists what it touched. Last in the transaction: in
 * PostgreSQL the lock on the barrier's row makes epochs commit in order, and is held as briefly as can be.
 */
const publish = async (db: Database, touched: readonly (readonly Touched[])[]): Promise<Epoch> => {
  if (touched.length === 0) return currentEpoch(db)
  const last = await advance(db, touched.length)
  const start = last - touched.length
  const rows = touched.flatMap((objects, index) => objects.map((object) => ({ epoch: start + index + 1, ...object })))
  for (const some of inSteps(rows, changeRowsMax)) await db.insertInto('change').values(some).execute()
  await db
    .deleteFrom('change')
    .where('epoch', '<=', last - changeEpochsMax)
    .execute()
  return last
}

const answer = (attempts: readonly Attempt[], last: Epoch): readonly Result[] => {
  let epoch = last - attempts.filter((each) => isDone(each) && each.touched.length > 0).length
  return attempts.map((each) => {
    if (!isDone(each)) return each
    if (each.touched.length > 0) epoch += 1
    // A change without effects answers the newest epoch: whoever caused the state that it met may still be settling.
    return { outcome: 'committed', epoch: each.touched.length > 0 ? epoch : last }
  })
}

/** All of `changes` within the transaction `db`; their entries wait for the journal of `node`. */
export const applyGroup = async (db: Database, node: string, changes: readonly Commit[]): Promise<Group> => {
  const attempts: Attempt[] = []
  await lockRows(db, changes)
  const added = await together(db, node, changes.filter(onlyAdds))
  for (const change of changes) attempts.push(added.get(change) ?? (await alone(db, node, change)))
  const done = attempts.filter(isDone)
  const last = await publish(
    db,
    done.map((each) => each.touched).filter((touched) => touched.length > 0),
  )
  return { results: answer(attempts, last), removedMaterial: done.some((each) => each.removedMaterial) }
}

/**
 * Runs `work` in a transaction. Throws what `work` throws, with nothing changed; `UnknownOutcome` when COMMIT itself
 * failed, for then the change may be there or not (after a failed flush its frames may still be found in the log),
 * unless the engine said that it undid it.
 */
export const transact = async <T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> => {
  let committing = false
  try {
    return await db.transaction().execute(async (tx) => {
      const result = await work(tx)
      committing = true
      return result
    })
  } catch (cause) {
    if (committing && !wasRolledBack(cause)) throw new UnknownOutcome('the outcome of a commit is not known', { cause })
    throw cause
  }
}

/** Whose outbox it is, and which entries of it the journal has meanwhile. */
export interface Outbox {
  readonly node: string
  readonly drained: readonly string[]
}

/** One transaction, with what `beside` does in it at its end. Throws as `transact`, for the whole group. */
export const commitGroup = (
  db: Database,
  changes: readonly Commit[],
  { node, drained }: Outbox,
  beside?: (tx: Database) => Promise<unknown>,
): Promise<Group> =>
  transact(db, async (tx) => {
    await drain(tx, drained)
    const group = await applyGroup(tx, node, changes)
    await beside?.(tx)
    return group
  })
