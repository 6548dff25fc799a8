/** Usage counts: what was counted in memory is added to the table in one transaction. */
import type { Use } from '../../core/ports.ts'
import { transact } from './commit.ts'
import type { Database } from './schema.ts'

/** Rows in one statement: an engine bounds the values of a statement. */
const step = 500

export const addUses = (db: Database, uses: readonly Use[]): Promise<void> =>
  transact(db, async (tx) => {
    for (let from = 0; from < uses.length; from += step)
      await tx
        .insertInto('usage')
        .values(uses.slice(from, from + step).map((use) => ({ ...use })))
        .onConflict((same) =>
          same
            .columns(['key', 'minute', 'version', 'principal', 'dialect'])
            .doUpdateSet((eb) => ({ count: eb('usage.count', '+', eb.ref('excluded.count')) })),
        )
        .execute()
  })
