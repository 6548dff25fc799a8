/** Access points and release policies of key spaces. */
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

export const accessPoints = async (db: Database, { integer, bytes, text, tableEnd }: Engine): Promise<void> => {
  for (const statement of [
    sql`create table access_point (
      id ${text} not null primary key,
      account ${text} not null,
      revision ${integer} not null,
      region ${text} not null,
      project ${text} not null,
      key_space ${text} not null,
      name ${text} not null,
      type integer not null,
      identity ${text} not null,
      cluster ${text} not null,
      description ${text} not null,
      creator ${text} not null,
      suspended integer not null,
      created_at ${integer} not null,
      modified_at ${integer} not null,
      public_key ${bytes},
      material ${integer}
    ) ${tableEnd}`,
    sql`create index access_point_of_account on access_point (account, id)`,
    sql`create table release_policy (
      id ${text} not null primary key,
      account ${text} not null,
      revision ${integer} not null,
      region ${text} not null,
      project ${text} not null,
      key_space ${text} not null,
      name ${text} not null,
      terms ${text} not null,
      description ${text} not null,
      creator ${text} not null,
      created_at ${integer} not null,
      modified_at ${integer} not null
    ) ${tableEnd}`,
    sql`create index release_policy_of_account on release_policy (account, id)`,
  ])
    await statement.execute(db)
}
