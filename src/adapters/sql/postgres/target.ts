/** An empty database of a server. */
import { sql } from 'kysely'
import type { Database } from '../schema.ts'
import { type Target, TargetTaken } from '../target.ts'
import { openPool } from './connection.ts'
import { postgresEngine } from './engine.ts'

const statementMs = 600_000

/** Nothing is removed here, also not what a copy that broke off left behind: whose the tables are is not for us to guess. */
const refuseTables = async (db: Database): Promise<void> => {
  const { rows } = await sql`select 1 from information_schema.tables
    where table_schema = current_schema() and table_name in ('schema', 'installation')`.execute(db)
  if (rows.length > 0)
    throw new TargetTaken('the database is not empty, and nothing is put over tables. Name a new one, made by createdb')
}

export const emptyPostgres = async (url: string): Promise<Target> => {
  const pool = openPool(url, 1, { statementMs })
  try {
    await sql`set idle_in_transaction_session_timeout = 60000`.execute(pool.db)
    await refuseTables(pool.db)
  } catch (error) {
    await pool.close()
    throw error
  }
  return { db: pool.db, engine: postgresEngine(), keep: () => pool.close(), drop: () => pool.close() }
}
