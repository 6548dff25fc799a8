/** What a restored installation waits for, how far the scrubber has come, and where a database was moved to. */
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

export const quarantine = async (db: Database, { integer, text, tableEnd }: Engine): Promise<void> => {
  for (const statement of [
    sql`create table quarantine (
      id ${text} not null primary key,
      account ${text} not null,
      revision ${integer} not null,
      taken_at ${integer} not null,
      restored_at ${integer} not null,
      sources ${text} not null,
      undone ${text} not null
    ) ${tableEnd}`,
    sql`create table scrub (
      id ${text} not null primary key,
      account ${text} not null,
      revision ${integer} not null,
      started_at ${integer} not null,
      position ${text},
      checked ${integer} not null,
      failed ${text} not null
    ) ${tableEnd}`,
    sql`alter table installation add column moved_to ${text}`,
  ])
    await statement.execute(db)
}
