/**
 * Where connections write at once, every row that a group of changes decides on is locked before the first of them
 * looks at it: a guard that holds, or a revision that is compared, then still does at COMMIT. All groups lock in one
 * order, by kind and id, so that none waits for another in a circle.
 */
import type { Kind } from '../../core/object.ts'
import type { Commit, Effect } from '../../core/ports.ts'
import { writesAtOnce } from './engine.ts'
import { type Database, type Named, objects, objectTable } from './schema.ts'
import { inSteps } from './steps.ts'

/** Ids in one IN list. */
const lockStep = 500

/** A quota is counted and then relied on: changes of one account that have one take their turns. */
const lockedBy = (effect: Effect): readonly Named[] => {
  const row = 'add' in effect ? effect.add : 'put' in effect ? effect.over : effect.drop
  const own = 'add' in effect ? [] : [{ kind: row.kind, id: row.id }]
  return 'within' in effect && effect.within ? [...own, { kind: 'account', id: row.account }] : own
}

const lockKind = async (db: Database, kind: Kind, ids: readonly string[]): Promise<void> => {
  for (const some of inSteps(ids, lockStep))
    await objects(db)
      .selectFrom(objectTable(kind))
      .select('id')
      .where('id', 'in', some)
      .orderBy('id')
      .forUpdate()
      .execute()
}

export const lockRows = async (db: Database, changes: readonly Commit[]): Promise<void> => {
  if (!writesAtOnce(db)) return
  const named = changes.flatMap(({ guards, effects }): readonly Named[] => [...guards, ...effects.flatMap(lockedBy)])
  const byKind = [...Map.groupBy(named, ({ kind }) => kind)].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [kind, rows] of byKind) await lockKind(db, kind, [...new Set(rows.map(({ id }) => id))].sort())
}
