/** Imported material of every version is known again, not only that of the first. */
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

export const materialDigests = async (db: Database, engine: Engine): Promise<void> => {
  await sql`alter table key_version add column digest ${engine.text}`.execute(db)
}
