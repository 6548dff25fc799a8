/** A file that has its name only when it is whole and on the disk. Until then it is beside it, for its owner alone. */
import { randomBytes } from 'node:crypto'
import { lstatSync, rmSync } from 'node:fs'
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Throws where `path` is there and may not be replaced; `force` replaces files, and nothing else that has a name. */
export const refuseExisting = (path: string, force: boolean): void => {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there && !force) throw new Error(`${path} is there already; --force replaces it`)
  if (there && !there.isFile()) throw new Error(`${path} is no file, and is not replaced`)
}

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** A link is refused where somebody else took the name meanwhile; some file systems have none. */
const giveName = async (part: string, path: string, force: boolean): Promise<void> => {
  if (!force) {
    try {
      await link(part, path)
      return await rm(part)
    } catch (error) {
      if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
  refuseExisting(path, force)
  await rename(part, path)
}

/** Where the program is told to end meanwhile, nothing is left. */
const orLeaveNothing = async (part: string, work: () => Promise<void>): Promise<void> => {
  const ended = (signal: NodeJS.Signals) => {
    rmSync(part, { force: true })
    process.kill(process.pid, signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.once(signal, ended)
  try {
    await work()
  } catch (error) {
    await rm(part, { force: true })
    throw error
  } finally {
    for (const signal of signals) process.off(signal, ended)
  }
}

const writeAndSync = async (part: string, write: (file: FileHandle) => Promise<void>): Promise<void> => {
  const file = await open(part, 'wx', 0o600)
  try {
    await write(file)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes `path` of what `write` writes; where that fails, nothing has changed. */
export const writeWhole = async (
  path: string,
  force: boolean,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> => {
  refuseExisting(path, force)
  const folder = dirname(path)
  const part = join(folder, `.keystead-${randomBytes(8).toString('hex')}.part`)
  await orLeaveNothing(part, async () => {
    await writeAndSync(part, write)
    await giveName(part, path, force)
  })
  await syncFolder(folder)
}
