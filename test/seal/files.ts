/** Root key files of tests, what opens them, and a disk that fails where it is told to. */
import { join } from 'node:path'
import type { Custodian } from '../../src/adapters/root-key/custodian.ts'
import { type Disk, disk } from '../../src/adapters/root-key/disk.ts'
import { createRootKeyFile } from '../../src/adapters/root-key/file.ts'
import { SealedRootKey } from '../../src/adapters/root-key/sealed-root-key.ts'
import { newFolder } from '../server/folders.ts'

export const passphrase = 'correct horse battery staple'

export const newRootKeyFile = (): string => {
  const path = join(newFolder(), 'root.key')
  createRootKeyFile(path)
  return path
}

const away: Custodian = {
  wrap: () => Promise.reject(new Error('nobody there')),
  unwrap: () => Promise.reject(new Error('nobody there')),
}

/** One that keeps what it is given, until it is away. */
export const keeper = (): Custodian & { away: boolean } => {
  let kept = ''
  return {
    away: false,
    wrap: async (key) => {
      kept = key.toString('hex')
      return { wrapped: 'w' }
    },
    async unwrap() {
      if (this.away) throw new Error('the token was pulled out')
      return Buffer.from(kept, 'hex')
    },
  }
}

export const opened = async (
  path: string,
  over: { disk?: Disk; severalProcesses?: boolean; kms?: Custodian; isRight?: () => boolean } = {},
): Promise<SealedRootKey> => {
  const custodians = { pkcs11: away, kms: over.kms ?? away }
  const sleep = () => new Promise((resolve) => setTimeout(resolve, 10))
  const root = new SealedRootKey({
    path,
    severalProcesses: over.severalProcesses ?? false,
    disk: over.disk ?? disk,
    custodians,
    sleep,
    onFault: () => {},
  })
  await root.open(over.isRight ?? (() => true))
  return root
}

export class Crash extends Error {}

/** Works for so many steps, and then not any more, as after a crash; `torn`: the step that fails is half done. */
export const failingDisk = (steps: number, torn = false): Disk => {
  let left = steps
  const step = (work: () => void, half: () => void = () => {}) => {
    if (left === 0) {
      if (torn) half()
      throw new Crash()
    }
    left -= 1
    work()
  }
  return {
    create: (path, text) =>
      step(
        () => disk.create(path, text),
        () => disk.create(path, text.slice(0, text.length / 2)),
      ),
    rename: (from, to) =>
      step(
        () => disk.rename(from, to),
        () => disk.rename(from, to),
      ),
    syncFolder: (path) => step(() => disk.syncFolder(path)),
  }
}
