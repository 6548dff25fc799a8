/**
 * Puts a backup into an empty place: first everything is read and authenticated and the root key is tried, then rows are
 * written, into a quarantine of their own. What the backup undoes is looked for in what is left of the lost installation.
 */
import { existsSync, readdirSync } from 'node:fs'
import { searchJournal } from './adapters/audit-log/search.ts'
import { readBackup } from './adapters/backup/file.ts'
import type { BackupKey } from './adapters/backup/sealed.ts'
import { databasePath, FolderUnusable, lockFolder, openFolder } from './adapters/data-folder/folder.ts'
import { copyRootKeyFile } from './adapters/root-key/file.ts'
import { RootKeyUnusable } from './adapters/root-key/generations.ts'
import type { DumpHeader } from './adapters/sql/dump.ts'
import { loadLines, type Survey, survey } from './adapters/sql/load.ts'
import { programVersion } from './adapters/sql/migrate.ts'
import { comparedWith, stillUndone } from './adapters/sql/newer.ts'
import { postponeDestructions } from './adapters/sql/postpone.ts'
import { toColumns } from './adapters/sql/rows.ts'
import { type Database, objects, objectTable } from './adapters/sql/schema.ts'
import { newSqliteFile, openToRead } from './adapters/sql/sqlite/target.ts'
import type { Target } from './adapters/sql/target.ts'
import { systemClock } from './adapters/system/clock.ts'
import type { Settings } from './config.ts'
import type { Instant } from './core/object.ts'
import type { RootKey, SealState } from './core/ports.ts'
import { passesRootCheck } from './core/root-check.ts'
import { type Quarantine, quarantineId, type Undone, type UndoneSource } from './core/upkeep.ts'
import { Withdrawals } from './core/withdrawals.ts'
import { RootKeys, rootKeyFileOf } from './root-keys.ts'

/** The names of the core operations behind an action that a record names: one nearly always. */
export type OperationsOf = (dialect: string, action: string) => readonly string[]

export interface Restore {
  readonly file: string
  readonly key: BackupKey
  /** Of the new place: its data folder, its database where that is elsewhere, the root keys of its key stores. */
  readonly settings: Settings
  /** Where the root key is, unless it is in the new folder already. */
  readonly rootKey?: string
  /** Journals of the lost installation. */
  readonly journals: readonly string[]
  /** A database file of the lost installation, younger than the backup. */
  readonly newerDatabase?: string
  readonly operationsOf: OperationsOf
  /** The passphrase of the root key, or one more share of it, where a person must open it. */
  secret(state: SealState): Promise<string>
  onBytes(bytes: number): void
  onRows(header: DumpHeader, rows: number): void
}

/** Reads a backup to its end: every byte is as it was written, and nothing is missing. */
export const verifyBackup = (file: string, key: BackupKey, onBytes: (bytes: number) => void): Promise<Survey> =>
  survey(readBackup(file, key, onBytes))

/** What a place may have and is still empty: the root key, the node's own name, locks, and what an attempt left. */
const mayBeThere = /^(?:root\.key|node\.id|lock.*|keystead\.db\.part.*)$/

const refuseUsed = (folder: string): void => {
  const there = readdirSync(folder).find((name) => !mayBeThere.test(name))
  if (there === undefined) return
  throw new FolderUnusable(`${folder}: ${there} is there already. Restore into an empty folder, with --data.`)
}

const rootKeyFileFor = ({ settings, rootKey }: Restore): string => {
  const own = rootKeyFileOf(settings)
  if (rootKey !== undefined && existsSync(own))
    throw new RootKeyUnusable(`${own} is there already. Leave --root-key out, or move that file away.`)
  const path = rootKey ?? own
  if (!existsSync(path)) throw new RootKeyUnusable(`${path}: there is no root key. Name it with --root-key FILE.`)
  return path
}

const onFault = (error: unknown) => {
  throw error
}

const refuseOtherRoot = (root: RootKey, { header, rootCheck }: Survey): void => {
  for (const { id, number } of header.rootKeys) {
    const material = root.material(id, number)
    if (!material)
      throw new RootKeyUnusable(
        `the backup needs root key ${id}, generation ${number}, which is not here. Name its file with --root-key, or with --key-store where it is a key store's.`,
      )
    material.fill(0)
  }
  if (!passesRootCheck(root, header.installation, rootCheck))
    throw new RootKeyUnusable('this root key has the right name and does not open the backup. Take another copy of it.')
}

/** Before anything is written: a root key that is the wrong one would open nothing. */
const tryRootKey = async (restore: Restore, survey: Survey): Promise<void> => {
  const keys = new RootKeys({ ...restore.settings, seal: rootKeyFileFor(restore) }, onFault)
  try {
    const root = await keys.open(undefined)
    await keys.unsealed(restore.secret)
    refuseOtherRoot(root, survey)
  } finally {
    keys.close()
  }
}

/** A call is recorded after it began, and clocks are set: what is near the moment of the backup is looked at too. */
const marginMs = 600_000

interface Line {
  readonly at: string
  readonly dialect: string
  readonly action: string
  readonly objects: readonly { readonly kind: string; readonly id: string }[]
}

const fromJournals = async ({ journals, operationsOf }: Restore, takenAt: Instant): Promise<Undone[]> => {
  const lines: Line[] = []
  for (const folder of journals)
    for await (const text of searchJournal(folder, { since: takenAt - marginMs, outcome: 'success' }))
      lines.push(JSON.parse(text) as Line)
  lines.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
  const withdrawals = new Withdrawals()
  for (const { at, dialect, action, objects: named } of lines) {
    const by = `${dialect} ${action}`
    for (const operation of operationsOf(dialect, action))
      withdrawals.note({ operation, by, at: Date.parse(at), objects: named })
  }
  return withdrawals.all()
}

const fromDatabase = async (db: Database, path: string, { installation }: DumpHeader): Promise<Undone[]> => {
  const newer = openToRead(path)
  try {
    const schema = await newer.db.selectFrom('schema').select('version').executeTakeFirstOrThrow()
    const { id } = await newer.db.selectFrom('installation').select('id').executeTakeFirstOrThrow()
    if (id !== installation) throw new Error(`${path}: this is the database of another installation, ${id}`)
    if (schema.version !== programVersion)
      throw new Error(`${path}: its tables have version ${schema.version}, and this Keystead's ${programVersion}`)
    return await comparedWith(db, newer.db)
  } finally {
    newer.close()
  }
}

const nameOf = ({ was, kind, id }: Undone): string => `${was}/${kind}/${id}`

/** What both sources say is said once, as the record says it, which knows when. */
const gather = async (restore: Restore, db: Database, header: DumpHeader): Promise<Quarantine> => {
  const { journals, newerDatabase } = restore
  const sources: UndoneSource[] = []
  const undone = new Map<string, Undone>()
  if (newerDatabase !== undefined) {
    sources.push('database')
    for (const one of await fromDatabase(db, newerDatabase, header)) undone.set(nameOf(one), one)
  }
  if (journals.length > 0) {
    sources.push('journal')
    for (const one of await stillUndone(db, await fromJournals(restore, header.takenAt))) undone.set(nameOf(one), one)
  }
  const { takenAt } = header
  const row = { kind: 'quarantine', id: quarantineId, account: '', revision: 1 } as const
  return { ...row, takenAt, restoredAt: systemClock.now(), sources, undone: [...undone.values()] }
}

const openTarget = async ({ data, database }: Settings): Promise<Target> => {
  if (database === undefined) return newSqliteFile(databasePath(data))
  const { emptyPostgres } = await import('./adapters/sql/postgres/target.ts')
  return emptyPostgres(database)
}

/** How long a planned destruction can be cancelled after a restore, ms: as long as after it is planned, at least. */
const cancellableMs = 7 * 86_400_000

const write = async (restore: Restore): Promise<void> => {
  const target = await openTarget(restore.settings)
  try {
    const lines = readBackup(restore.file, restore.key)
    const finish = async (db: Database, found: DumpHeader) => {
      const quarantine = await gather(restore, db, found)
      await postponeDestructions(db, quarantine.restoredAt + cancellableMs)
      await objects(db)
        .insertInto(objectTable('quarantine'))
        .values(toColumns(quarantine) as never)
        .execute()
    }
    await loadLines(target.db, target.engine, lines, (header, rows) => restore.onRows(header, rows), finish)
    await target.keep()
  } catch (error) {
    await target.drop().catch(() => undefined)
    throw error
  }
}

const takeRootKey = ({ settings, rootKey }: Restore): void => {
  const own = rootKeyFileOf(settings)
  if (rootKey !== undefined && !existsSync(own)) copyRootKeyFile(rootKey, own)
}

/**
 * Restores into the folder of the settings, and gives what the backup says of itself. Rejects with one sentence for the
 * operator; until rows are written, nothing was changed but an empty folder made.
 */
export const restoreBackup = async (restore: Restore): Promise<DumpHeader> => {
  const { file, key, settings } = restore
  const found = await verifyBackup(file, key, restore.onBytes)
  await tryRootKey(restore, found)
  openFolder(settings.data, true)
  const lock = lockFolder(settings.data)
  try {
    refuseUsed(settings.data)
    await write(restore)
    takeRootKey(restore)
    return found.header
  } finally {
    lock.release()
  }
}
