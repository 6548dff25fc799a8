/** File systems of their own, which can be full or go read-only without harm to the machine's. */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { basename, join } from 'node:path'

const run = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()

const succeeds = (work: () => unknown): boolean => {
  try {
    work()
    return true
  } catch {
    return false
  }
}

/** A small file system in memory, for its owner alone. */
export const mountMemory = (at: string): void => {
  mkdirSync(at, { recursive: true, mode: 0o700 })
  run('mount', '-t', 'tmpfs', '-o', 'size=8m,mode=700', 'keystead-test', at)
}

/** A small ext4 in the file `image`, which the kernel makes read-only when it finds an error in it, as disks do that fail. */
export const mountDisk = (image: string, at: string): void => {
  mkdirSync(at, { recursive: true, mode: 0o700 })
  run('mount', '-o', 'loop,errors=remount-ro', image, at)
}

export const makeDisk = (image: string): void => {
  writeFileSync(image, '')
  truncateSync(image, 24 * 1024 * 1024)
  run('mkfs.ext4', '-q', '-E', 'root_owner=0:0', image)
}

/** As `e2fsck -p` after an error: what it could mend is mended. */
export const mendDisk = (image: string): void => {
  succeeds(() => run('e2fsck', '-p', image))
}

const errorSwitchOf = (at: string): string =>
  `/sys/fs/ext4/${basename(run('findmnt', '-no', 'SOURCE', at))}/trigger_fs_error`

/** The kernel finds an error on it: from now on every write is refused, also through files that were open. */
export const failDisk = (at: string): void => writeFileSync(errorSwitchOf(at), '1')

export const unmount = (at: string): void => void run('umount', at)

const ballast = (at: string): string => join(at, 'ballast')

/** Takes what is left, to the last byte. */
export const fill = (at: string): void => {
  const file = openSync(ballast(at), 'a')
  const left = (bytes: number) => {
    const chunk = Buffer.alloc(bytes)
    while (succeeds(() => writeSync(file, chunk)));
  }
  for (const bytes of [65_536, 4_096]) left(bytes)
  closeSync(file)
}

export const free = (at: string): void => rmSync(ballast(at))

/** Why nothing can be mounted here, or undefined where it can. */
export const cannotMount = (folder: string): string | undefined => {
  if (process.getuid?.() !== 0) return 'only root may mount the small disks that this needs'
  const at = join(folder, 'try')
  if (!succeeds(() => mountMemory(at))) return 'this machine does not let its root mount'
  unmount(at)
  return undefined
}

/** Why no disk can be made to fail here, or undefined where one can. */
export const cannotFail = (folder: string): string | undefined => {
  const [image, at] = [join(folder, 'try.img'), join(folder, 'try-disk')]
  const made = succeeds(() => {
    makeDisk(image)
    mountDisk(image, at)
  })
  if (!made) return 'this machine does not let its root mount an ext4 from a file'
  const switched = succeeds(() => readFileSync(errorSwitchOf(at).replace('trigger_fs_error', 'errors_count')))
  unmount(at)
  return switched ? undefined : 'this kernel has no switch that makes an ext4 fail'
}
