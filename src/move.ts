/** Moves an installation from the database in its data folder to a server that nodes share, row by row, as a backup does. */
import { existsSync } from 'node:fs'
import { databasePath, FolderUnusable, lockFolder, openFolder } from './adapters/data-folder/folder.ts'
import { copyRootKeyFile, rootKeyPath } from './adapters/root-key/file.ts'
import { type DumpHeader, dumpLines } from './adapters/sql/dump.ts'
import { markMoved, readInstallation } from './adapters/sql/installation.ts'
import { loadRows } from './adapters/sql/lists.ts'
import { loadLines } from './adapters/sql/load.ts'
import { openToMove } from './adapters/sql/sqlite/target.ts'
import { systemClock } from './adapters/system/clock.ts'
import { quarantineId } from './core/upkeep.ts'
import { version } from './inspect.ts'

export interface Move {
  /** The data folder that has the database; no server runs on it. */
  readonly from: string
  /** URL of an empty database. */
  readonly to: string
  /** The new node's data folder: made, and given the root key. */
  readonly data: string
  onRows(header: DumpHeader, rows: number): void
  /** Everything is there: rejects where it does not open. Only then is the source marked. */
  check(header: DumpHeader): Promise<void>
}

/** Without what opens it: the mark is read by people. */
const withoutPassword = (url: string): string => {
  const shown = new URL(url)
  shown.password = ''
  shown.searchParams.delete('password')
  return shown.href
}

const takeRootKey = (from: string, to: string): void => {
  openFolder(to, true)
  if (existsSync(databasePath(to)))
    throw new FolderUnusable(`${to}: it has a database of its own. Name a new folder for the node, with --data.`)
  // One that lies elsewhere, by --seal, is the new node's as it was the old one's.
  if (existsSync(rootKeyPath(from)) && !existsSync(rootKeyPath(to))) copyRootKeyFile(rootKeyPath(from), rootKeyPath(to))
}

/** Rejects with one sentence for the operator; the source is as it was then. */
export const moveToServer = async ({ from, to, data, onRows, check }: Move): Promise<DumpHeader> => {
  openFolder(from, false)
  const lock = lockFolder(from)
  try {
    const source = await openToMove(databasePath(from))
    try {
      const movedTo = (await readInstallation(source.db))?.movedTo
      if (movedTo !== undefined) throw new FolderUnusable(`${from}: everything in it was moved to ${movedTo} already.`)
      const [quarantine] = await loadRows(source.db, [{ kind: 'quarantine', id: quarantineId }])
      if (quarantine) throw new FolderUnusable(`${from}: it is in quarantine. End that first: keystead restore accept`)
      takeRootKey(from, data)
      const { emptyPostgres } = await import('./adapters/sql/postgres/target.ts')
      const target = await emptyPostgres(to)
      const lines = dumpLines(source.db, { program: version, takenAt: systemClock.now() })
      const header = await loadLines(target.db, target.engine, lines, onRows, async () => {}).finally(() =>
        target.keep(),
      )
      await check(header)
      await markMoved(source.db, withoutPassword(to))
      return header
    } finally {
      source.close()
    }
  } finally {
    lock.release()
  }
}
