/** A new database file, which has its name only once everything in it is on the disk. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { migrate } from '../migrate.ts'
import { type Target, TargetTaken } from '../target.ts'
import { kyselyOf, openReader, openWriter, truncateLog } from './connection.ts'
import { sqliteEngine } from './engine.ts'

const sync = (path: string): void => {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}

const remove = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
}

export const newSqliteFile = (path: string): Target => {
  if (existsSync(path)) throw new TargetTaken(`${path} is there already: nothing is put over a database`)
  const part = `${path}.part`
  // Left by a crash: it never was a database.
  remove(part)
  const connection = openWriter(part, true)
  return {
    db: kyselyOf(connection),
    engine: sqliteEngine(),
    keep: async () => {
      truncateLog(connection)
      connection.close()
      sync(part)
      renameSync(part, path)
      sync(dirname(path))
    },
    drop: async () => {
      connection.close()
      remove(part)
    },
  }
}

/** A database that is only read, at the moment at which it is. */
export const openToRead = (path: string) => {
  const connection = openReader(path)
  connection.exec('begin')
  return { db: kyselyOf(connection), close: () => connection.close() }
}

/** A database that is given up for another one: brought up to this program, read, and marked. */
export const openToMove = async (path: string) => {
  const connection = openWriter(path, false)
  const db = kyselyOf(connection)
  await migrate(db, sqliteEngine(), false)
  return { db, close: () => connection.close() }
}
