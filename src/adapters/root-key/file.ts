/**
 * The root key in a file of the data folder: generations, each with an id, the 32-byte key and a check value, newest
 * last. Whoever can read this file and the database can read every key, so it is 0600 and belongs in its own backup.
 */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { RootKey } from '../../core/ports.ts'

/** The file is missing, or is not one that can be trusted; the message says what to do. */
export class RootKeyUnusable extends Error {}

const keyBytes = 32
const idForm = /^[0-9a-f]{32}$/

interface Generation {
  readonly id: string
  readonly number: number
  readonly key: Buffer
}

/** Says whether a key is the one that the file meant, and nothing about it (a MAC under the key of a fixed text). */
const checkValue = (key: Buffer): Buffer =>
  createHmac('sha256', key).update('keystead root key check').digest().subarray(0, 8)

const write = (path: string, generations: readonly Generation[]): void => {
  const content = {
    format: 1,
    generations: generations.map(({ id, number, key }) => ({
      id,
      number,
      key: key.toString('base64'),
      check: checkValue(key).toString('hex'),
    })),
  }
  const temporary = `${path}.new`
  // Left by a crash in this function: what it holds was never used.
  rmSync(temporary, { force: true })
  const file = openSync(temporary, 'wx', 0o600)
  writeSync(file, `${JSON.stringify(content, null, 2)}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(temporary, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

const readGeneration = (path: string, value: unknown): Generation => {
  const { id, number, key: text, check } = (value ?? {}) as Record<string, unknown>
  const wrong = (what: string) => new RootKeyUnusable(`${path}: ${what}. Restore the file from its backup.`)
  if (typeof id !== 'string' || !idForm.test(id)) throw wrong('a generation has no id')
  if (!Number.isSafeInteger(number) || Number(number) < 1) throw wrong(`generation ${id} has no number`)
  const key = Buffer.from(String(text), 'base64')
  const given = Buffer.from(String(check), 'hex')
  const right = key.length === keyBytes && given.length === 8 && timingSafeEqual(given, checkValue(key))
  if (!right) throw wrong(`the key of generation ${id} does not match its check value`)
  return { id, number: Number(number), key }
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

export const rootKeyPath = (folder: string): string => join(folder, 'root.key')

/** Makes the file with a first generation. Fails where there is one already: a root key is never replaced. */
export const createRootKeyFile = (path: string): void =>
  write(path, [{ id: randomUUID().replaceAll('-', ''), number: 1, key: randomBytes(keyBytes) }])

/** Reads the file; `RootKeyUnusable` where it is missing, readable by others, or damaged. */
export const openRootKeyFile = (path: string): RootKey => {
  const content = parse(path) as { format?: unknown; generations?: unknown } | null
  if ((statSync(path).mode & 0o077) !== 0)
    throw new RootKeyUnusable(`${path}: the root key file can be read by others. Run: chmod 600 ${path}`)
  if (content?.format !== 1 || !Array.isArray(content.generations) || content.generations.length === 0)
    throw new RootKeyUnusable(`${path}: the root key file has a form that this program does not know.`)
  const generations = content.generations.map((value) => readGeneration(path, value))
  const newest = generations.reduce((a, b) => (b.number > a.number ? b : a))
  return {
    generation: { id: newest.id, number: newest.number },
    material(id, number) {
      const found = generations.find((generation) => generation.id === id && generation.number === number)
      return found && Uint8Array.from(found.key)
    },
  }
}

/** The installation's root key, and beside it those of key stores by their names. */
export const withBackings = (root: RootKey, files: ReadonlyMap<string, RootKey>): RootKey => ({
  generation: root.generation,
  backings: new Map([...files].map(([name, { generation }]) => [name, generation])),
  material(id, number) {
    for (const file of [root, ...files.values()]) {
      const found = file.material(id, number)
      if (found) return found
    }
    return undefined
  },
})
