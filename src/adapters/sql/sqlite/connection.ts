/** How every connection of the program is opened. */
import { closeSync, existsSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { DatabaseMissing } from '../errors.ts'
import type { Database, Schema } from '../schema.ts'
import { sqliteDialect } from './dialect.ts'

/** How long a writer waits for another process, such as the command line; ms. */
const writeWaitMax = 5_000
/** Readers of a write-ahead log wait only while another process opens or closes it; ms. */
const readWaitMax = 1_000

const truncateWaitMax = 200

/** For its owner's eyes only; SQLite gives the log the same mode. */
const createFile = (path: string) => closeSync(openSync(path, 'a', 0o600))

/** The one connection of a process that can write. Throws `DatabaseMissing`. */
export const openWriter = (path: string, create: boolean): DatabaseSync => {
  if (create) createFile(path)
  else if (!existsSync(path)) throw new DatabaseMissing('there is no database at the given path')
  const db = new DatabaseSync(path, { timeout: writeWaitMax, enableForeignKeyConstraints: true })
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on')
  // Savepoints keep images of pages: not in files.
  db.exec('pragma temp_store = memory; pragma trusted_schema = off')
  return db
}

/**
 * Empties the write-ahead log, which holds older images of pages. False where a reader was in the way: commits wait
 * meanwhile, so it is given little time.
 */
export const truncateLog = (db: DatabaseSync): boolean => {
  db.exec(`pragma busy_timeout = ${truncateWaitMax}`)
  try {
    return db.prepare('pragma wal_checkpoint(truncate)').get()?.busy === 0
  } catch {
    return false
  } finally {
    db.exec(`pragma busy_timeout = ${writeWaitMax}`)
  }
}

export const openReader = (path: string): DatabaseSync =>
  new DatabaseSync(path, { readOnly: true, timeout: readWaitMax })

export const kyselyOf = (db: DatabaseSync): Database => new Kysely<Schema>({ dialect: sqliteDialect(db) })

/** What SQLite's own check finds, `ok` for nothing. It reads every page. */
export const integrityOf = (db: DatabaseSync | undefined): string =>
  String(Object.values(db?.prepare('pragma quick_check(1)').get() ?? { problem: 'the database is not open' })[0])
