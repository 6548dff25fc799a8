/** A dump of one moment: a transaction that reads one snapshot, on a connection of its own. */
import { sql } from 'kysely'
import { type Dumped, dumpLines } from '../dump.ts'
import { openPool } from './connection.ts'

/** Of one statement: some of them count whole tables, ms. */
const statementMs = 600_000
/** How long it waits for whoever takes the lines; it holds no lock that others wait for, ms. */
const idleMax = 60_000

async function* rest(first: IteratorResult<string>, lines: AsyncGenerator<string>, end: () => Promise<void>) {
  try {
    if (!first.done) yield first.value
    yield* lines
  } finally {
    await end()
  }
}

export const dumpPostgres = async (url: string, dumped: Dumped): Promise<AsyncIterable<string>> => {
  const pool = openPool(url, 1, { statementMs })
  try {
    const snapshot = pool.db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only')
    const tx = await snapshot.execute()
    await sql`set local idle_in_transaction_session_timeout = ${sql.lit(idleMax)}`.execute(tx)
    const lines = dumpLines(tx, dumped)
    // Before anything is answered, so that what is wrong can still be said.
    const first = await lines.next()
    const end = async () => {
      await tx
        .rollback()
        .execute()
        .catch(() => undefined)
      await pool.close()
    }
    return rest(first, lines, end)
  } catch (error) {
    await pool.close()
    throw error
  }
}
