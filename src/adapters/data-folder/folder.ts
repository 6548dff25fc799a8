/** The data folder: made once with `--init`, opened only by its owner, used by one server at a time. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** The folder is missing, shared, or in use; the message says what to do. */
export class FolderUnusable extends Error {}

export const databasePath = (folder: string): string => join(folder, 'keystead.db')
/** The journal of a process: each has a chain of its own. Workers count from 1. */
export const auditFolder = (folder: string, worker = 1): string =>
  join(folder, worker === 1 ? 'audit' : `audit-${worker}`)

/** What fits into the address of a socket file on every system, bytes (`sun_path`; macOS and the BSDs have the least). */
const socketPathBytesMax = 103

export const adminSocketPath = (folder: string): string => {
  const path = join(folder, 'admin.sock')
  const beyond = Buffer.byteLength(path) - socketPathBytesMax
  if (beyond > 0)
    throw new FolderUnusable(
      `${folder}: the path is ${beyond} bytes too long for the socket in it. Choose another --data.`,
    )
  return path
}

export const credentialsPath = (folder: string): string => join(folder, 'credentials.json')

/** Makes the folder where it is missing and `init` allows it. A mistyped path must not become a second, empty truth. */
export const openFolder = (folder: string, init: boolean): void => {
  adminSocketPath(folder) // Before anything is made in a folder that could not be served.
  if (!existsSync(folder)) {
    if (!init)
      throw new FolderUnusable(
        `${folder}: there is no data folder. Check --data, or start with --init to make a new one.`,
      )
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }
  const { mode, uid } = statSync(folder)
  // Root could open it, and would leave files in it that its owner cannot write.
  if (process.geteuid && uid !== process.geteuid())
    throw new FolderUnusable(`${folder}: the data folder belongs to another user (${uid}). Run this as that user.`)
  if ((mode & 0o077) !== 0)
    throw new FolderUnusable(`${folder}: the data folder is open to others. Run: chmod 700 ${folder}`)
}

export interface Held {
  release(): void
}

/** The lock is the operating system's on an SQLite file, so that none is left behind by a crash. */
const hold = (path: string, how: string): Held => {
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec(how)
  } catch (error) {
    lock.close()
    throw error
  }
  return { release: () => lock.close() }
}

const exclusively = 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (one INTEGER)'
const beside = 'BEGIN; SELECT count(*) FROM sqlite_schema'
const workersLock = (folder: string): string => join(folder, 'lock.workers')

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html. Whatever else fails says nothing of another process. */
const isHeld = (error: unknown): boolean => (error as { errcode?: unknown }).errcode === 5

const notLocked = (folder: string, error: unknown): FolderUnusable =>
  new FolderUnusable(
    isHeld(error)
      ? `${folder}: another Keystead server is using this data folder. Stop it, or choose --data.`
      : `${folder}: the data folder cannot be locked: ${(error as Error).message}`,
  )

/**
 * Holds the folder until `release`, or until the process ends however it ends. Refused also where its former holder is
 * gone and one of its workers is not: a worker may be stopped and go on later.
 */
export const lockFolder = (folder: string): Held => {
  try {
    const held = hold(join(folder, 'lock'), exclusively)
    try {
      if (existsSync(workersLock(folder))) hold(workersLock(folder), exclusively).release()
    } catch (error) {
      held.release()
      throw error
    }
    return held
  } catch (error) {
    throw notLocked(folder, error)
  }
}

/** A worker's share in the folder that the process which started it holds. */
export const shareFolder = (folder: string): Held => hold(workersLock(folder), beside)

export const nodePath = (folder: string): string => join(folder, 'node.id')

const nodeForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Who this node is among those that share a database, the same after it starts again: its audit journal lies in this
 * folder, and whatever the database still holds for that journal is held under this name.
 */
export const nodeId = (folder: string): string => {
  const path = nodePath(folder)
  if (!existsSync(path)) writeFileSync(path, `${randomUUID()}\n`, { flag: 'wx', mode: 0o600 })
  const id = readFileSync(path, 'utf8').trim()
  if (!nodeForm.test(id))
    throw new FolderUnusable(`${path}: this is no node id. Remove the file, and a new one is made.`)
  return id
}
