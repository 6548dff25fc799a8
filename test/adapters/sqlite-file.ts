/** One file of a SQLite database for each test, for what only files have. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach } from 'vitest'
import type { OpenDatabase } from '../../src/adapters/sql/open-database.ts'
import { openSqlite } from '../../src/adapters/sql/sqlite/open.ts'

export interface SqliteFile {
  readonly path: string
  /** What is open still is closed after the test. */
  open(create?: boolean, alone?: boolean): Promise<OpenDatabase>
  /** All that is open. */
  close(): Promise<void>
  /** What a stranger does to the file. */
  meddle(sql: string): void
}

/** In a `describe`. */
export const sqliteFile = (): SqliteFile => {
  let folder: string
  let opened: OpenDatabase[] = []
  const pathOf = () => join(folder, 'keys.db')
  const close = async () => {
    await Promise.all(opened.map((db) => db.close()))
    opened = []
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sqlite-'))
  })
  afterEach(async () => {
    await close()
    rmSync(folder, { recursive: true })
  })

  return {
    get path() {
      return pathOf()
    },
    open: async (create = true, alone = false) => {
      const db = await openSqlite({ path: pathOf(), create, alone, cacheRows: 1000 })
      opened.push(db)
      return db
    },
    close,
    meddle: (sql) => {
      const db = new DatabaseSync(pathOf())
      db.exec(sql)
      db.close()
    },
  }
}
