import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

/** Public halves of keys; lists that ask for algorithms find them in the index that they read anyway. */
export const publicKeys = async (db: Database, engine: Engine): Promise<void> => {
  for (const statement of [
    sql`alter table key_version add column public_key ${engine.bytes}`,
    sql`drop index key_by_use`,
    sql`create index key_by_use on "key" (
      account, region, owner, usage, created_at, id, algorithm,
      suspended, deactivated, destroy_at, material_present, material_expires_at
    )`,
  ])
    await statement.execute(db)
}
