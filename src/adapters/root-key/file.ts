/** Where a root key file is, and the first one. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { disk, putInPlace, writeBeside } from './disk.ts'
import { newGeneration, RootKeyUnusable, zero } from './generations.ts'

export const rootKeyPath = (folder: string): string => join(folder, 'root.key')

/** Makes the file with a first generation, in plain: 0600, and it belongs in its own backup. A root key is never replaced. */
export const createRootKeyFile = (path: string): void => {
  if (existsSync(path)) throw new RootKeyUnusable(`${path}: there is a root key file already.`)
  const generations = [newGeneration(1)]
  writeBeside(disk, `${path}.new`, { kind: 'file', generations })
  putInPlace(disk, `${path}.new`, path)
  zero(generations)
}
