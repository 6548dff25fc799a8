/**
 * The index of texts in a PostgreSQL database: every three characters of a key's id and name, by the extension pg_trgm. It is no
 * migration: whether the extension can be made is a matter of the server, and without it the same is found by reading.
 */
import { sql } from 'kysely'
import type { Database } from '../schema.ts'

/** Of this program, among the locks that a server has for whoever agrees on a number. */
const lock = sql.lit(0x6b65_7973)
/** How long one of them may be held while the index is made, ms. */
const makingMs = 600_000

const isThere = async (db: Database): Promise<boolean> => {
  const { rows } = await sql<{ valid: boolean }>`select i.indisvalid as valid from pg_index i
    where i.indexrelid = to_regclass('key_by_text')`.execute(db)
  return rows[0]?.valid === true
}

/**
 * Without holding up writers. What a process that ended in the middle left behind is no index, and is in the way. New keys wait
 * in a list beside the index: a short one, since whoever finds it full has to sort it in.
 */
const statements = [
  sql`create extension if not exists pg_trgm`,
  sql`drop index concurrently if exists key_by_text`,
  sql`create index concurrently key_by_text on "key"
    using gin (lower(id) gin_trgm_ops, lower(name) gin_trgm_ops) with (gin_pending_list_limit = 256)`,
]

/** The reason why it cannot be made. */
const make = async (db: Database): Promise<string | undefined> => {
  try {
    for (const statement of statements) await statement.execute(db)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/**
 * Makes the index where there is none, and gives the reason where it cannot; where another process makes it, that one tells.
 * `db` has two connections: one holds the lock, in a transaction, because a pooler keeps nothing else together.
 */
export const ensureTextIndex = async (db: Database): Promise<string | undefined> => {
  if (await isThere(db)) return undefined
  return db.transaction().execute(async (tx) => {
    await sql`set local idle_in_transaction_session_timeout = ${sql.lit(makingMs)}`.execute(tx)
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${lock}) as mine`.execute(tx)
    if (rows[0]?.mine !== true || (await isThere(tx))) return undefined
    return make(db)
  })
}
