/** Where a root key file is, the first one, and copies of it. */
import { randomUUID } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { disk } from './disk.ts'
import { textOf } from './format.ts'
import { newGeneration, RootKeyUnusable, zero } from './generations.ts'

export const rootKeyPath = (folder: string): string => join(folder, 'root.key')

const isThere = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EEXIST'

/**
 * A new file, 0600 and on the disk. Throws where there is one: a root key is never replaced, not even by a node that
 * starts at the same moment and finds none, so the file gets its name by a link, which fails where the name is taken.
 */
const putNew = (path: string, text: string): void => {
  const beside = `${path}.${randomUUID()}.new`
  try {
    disk.create(beside, text)
    linkSync(beside, path)
  } catch (error) {
    throw isThere(error) ? new RootKeyUnusable(`${path}: there is a root key file already.`) : error
  } finally {
    rmSync(beside, { force: true })
    disk.syncFolder(dirname(path))
  }
}

/** Makes the file with a first generation, in plain; it belongs in its own backup. Throws where there is one. */
export const createRootKeyFile = (path: string): void => {
  const generations = [newGeneration(1)]
  try {
    putNew(path, textOf({ kind: 'file', generations }))
  } finally {
    zero(generations)
  }
}

/** The same file elsewhere, under its seal. Throws where there is one. */
export const copyRootKeyFile = (from: string, to: string): void => putNew(to, readFileSync(from, 'utf8'))

/** Makes the file where there is none; whoever was faster made the one that counts. */
export const ensureRootKeyFile = (path: string): void => {
  if (existsSync(path)) return
  try {
    createRootKeyFile(path)
  } catch (error) {
    if (!existsSync(path)) throw error
  }
}
