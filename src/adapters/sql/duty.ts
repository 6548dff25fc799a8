/** Work that one process does at a time for all of them. */
import { type RawBuilder, sql } from 'kysely'
import type { Database } from './schema.ts'

export interface Duty {
  readonly name: 'schedule' | 'fold'
  /** The node that asks. It keeps what it has by asking again. */
  readonly holder: string
  /** The engine's clock as an expression: the one that all processes share. */
  readonly engineNow: RawBuilder<number>
}

/** How long a node that is not heard of keeps a duty, ms: longer than a minute, in which it asks again. */
const dutyMs = 90_000

/** True where the duty is the holder's from now on; false while another node has it. */
export const claimDuty = async (db: Database, { name, holder, engineNow }: Duty): Promise<boolean> => {
  const held = { holder, until: sql<number>`${engineNow} + ${sql.lit(dutyMs)}` }
  const result = await db
    .insertInto('duty')
    .values({ name, ...held })
    .onConflict((same) =>
      same
        .column('name')
        .doUpdateSet(held)
        .where((eb) => eb.or([eb('duty.holder', '=', holder), eb('duty.until', '<=', engineNow)])),
    )
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}
