/** Where a root key file is, and the first one. */
import { randomUUID } from 'node:crypto'
import { existsSync, linkSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { disk, writeBeside } from './disk.ts'
import { newGeneration, RootKeyUnusable, zero } from './generations.ts'

export const rootKeyPath = (folder: string): string => join(folder, 'root.key')

const isThere = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EEXIST'

/**
 * Makes the file with a first generation, in plain: 0600, and it belongs in its own backup. Throws where there is one: a
 * root key is never replaced, not even by a node that starts at the same moment and finds none, so the file gets its
 * name by a link, which fails where the name is taken.
 */
export const createRootKeyFile = (path: string): void => {
  const generations = [newGeneration(1)]
  const beside = `${path}.${randomUUID()}.new`
  try {
    writeBeside(disk, beside, { kind: 'file', generations })
    linkSync(beside, path)
    disk.syncFolder(dirname(path))
  } catch (error) {
    throw isThere(error) ? new RootKeyUnusable(`${path}: there is a root key file already.`) : error
  } finally {
    zero(generations)
    rmSync(beside, { force: true })
  }
}

/** Makes the file where there is none; whoever was faster made the one that counts. */
export const ensureRootKeyFile = (path: string): void => {
  if (existsSync(path)) return
  try {
    createRootKeyFile(path)
  } catch (error) {
    if (!existsSync(path)) throw error
  }
}
