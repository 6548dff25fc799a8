/** The root key file on its disk: read whole, and replaced so that a crash at any moment leaves the old one or the new. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { fileFrom, type RootKeyFile, textOf } from './format.ts'
import { RootKeyUnusable } from './generations.ts'

/** The steps that last; tests put a failing one in the place of each. */
export interface Disk {
  /** A new file, 0600, with its bytes on the disk. */
  create(path: string, text: string): void
  rename(from: string, to: string): void
  /** The folder's entries are on the disk. */
  syncFolder(path: string): void
}

const synced = (path: string, flags: string, work: (file: number) => void): void => {
  const file = openSync(path, flags, 0o600)
  try {
    work(file)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

export const disk: Disk = {
  create(path, text) {
    // Left by a crash in here: what it holds was never used.
    rmSync(path, { force: true })
    synced(path, 'wx', (file) => writeSync(file, text))
  },
  rename: renameSync,
  syncFolder: (path) => synced(path, 'r', () => {}),
}

const parse = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const what = missing ? 'the root key file is missing' : 'the root key file cannot be read'
    throw new RootKeyUnusable(`${path}: ${what}. Without it no key of this folder can be opened; restore its backup.`)
  }
}

/** `RootKeyUnusable` where it is missing, readable by others, or damaged. */
export const readRootKeyFile = (path: string): RootKeyFile => {
  const content = parse(path)
  if ((statSync(path).mode & 0o077) !== 0)
    throw new RootKeyUnusable(`${path}: the root key file can be read by others. Run: chmod 600 ${path}`)
  return fileFrom(path, content)
}

/** Beside the file, whole and durable, and not yet in its place. */
export const writeBeside = (to: Disk, path: string, file: RootKeyFile): void => {
  to.create(path, textOf(file))
  to.syncFolder(dirname(path))
}

/** What a replaced file held is overwritten where it lay, unless another name still leads to it, such as a backup's. */
const scrub = (file: number): void => {
  const { nlink, size } = fstatSync(file)
  if (nlink > 0) return
  writeSync(file, Buffer.alloc(size), 0, size, 0)
  fsyncSync(file)
}

/** Puts a file that was written beside in the place of the one that is there. */
export const putInPlace = (to: Disk, beside: string, path: string): void => {
  const old = existsSync(path) ? openSync(path, 'r+') : undefined
  try {
    to.rename(beside, path)
    to.syncFolder(dirname(path))
    if (old !== undefined) scrub(old)
  } finally {
    if (old !== undefined) closeSync(old)
  }
}
