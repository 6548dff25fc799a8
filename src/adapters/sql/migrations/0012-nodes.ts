/** Processes that serve from one database: who they are, what is done by one of them at a time, whose entries wait. */
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

export const nodes = async (db: Database, { integer, text, tableEnd }: Engine): Promise<void> => {
  for (const statement of [
    sql`create table member (
      id ${text} not null primary key,
      node ${text} not null,
      beat ${integer} not null,
      acked ${integer} not null,
      joined_at ${integer} not null,
      root_generation integer not null
    ) ${tableEnd}`,
    sql`create table duty (
      name ${text} not null primary key,
      holder ${text} not null,
      until ${integer} not null
    ) ${tableEnd}`,
    sql`alter table outbox add column node ${text} not null default ''`,
  ])
    await statement.execute(db)
}
