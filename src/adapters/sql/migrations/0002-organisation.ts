import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

/** Accounts that another account administers, and principals that are roles. */
export const organisation = async (db: Database, engine: Engine): Promise<void> => {
  await sql`alter table account add column administrator ${engine.text}`.execute(db)
  await sql`alter table principal add column role ${engine.text}`.execute(db)
}
