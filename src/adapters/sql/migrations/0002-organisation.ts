import { sql } from 'kysely'
import type { Database } from '../schema.ts'

/** Accounts that another account administers, and principals that are roles. */
export const organisation = async (db: Database): Promise<void> => {
  await sql`alter table account add column administrator text`.execute(db)
  await sql`alter table principal add column role text`.execute(db)
}
