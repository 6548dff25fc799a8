import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

/** Access keys can be described. */
export const credentialDescription = async (db: Database, engine: Engine): Promise<void> => {
  await sql`alter table credential add column description ${engine.text} not null default ''`.execute(db)
}
