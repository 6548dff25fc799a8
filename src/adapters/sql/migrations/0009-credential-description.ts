import { sql } from 'kysely'
import type { Database } from '../schema.ts'

/** Access keys can be described. */
export const credentialDescription = async (db: Database): Promise<void> => {
  await sql`alter table credential add column description text not null default ''`.execute(db)
}
