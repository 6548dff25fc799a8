/** White-box keys: a key, the random encoding of what goes into its tables, and the tables. */
import { randomBytes } from 'node:crypto'
import { aesTables } from './aes-tables.ts'
import { type ByteSource, randomPermutation } from './binary.ts'
import { sm4Tables } from './sm4-tables.ts'

export type WhiteBoxAlgorithm = 'aes-256' | 'sm4'

const made = {
  'aes-256': { keyBytes: 32, tables: aesTables },
  sm4: { keyBytes: 16, tables: sm4Tables },
} as const

/** Sixteen tables of 256 bytes. */
export const encodingBytes = 16 * 256

const encodingOf = (source: ByteSource): readonly Uint8Array[] =>
  Array.from({ length: 16 }, () => randomPermutation(256, source))

/** `encoding`: for each byte of a ciphertext block the table that it is looked up in first. */
export interface WhiteBoxTables {
  readonly encoding: Uint8Array
  readonly tables: Uint8Array
}

/** The tables of a key, the same for the same bytes of the source. */
export const whiteBoxTables = (algorithm: WhiteBoxAlgorithm, key: Uint8Array, source: ByteSource): WhiteBoxTables => {
  const encoding = encodingOf(source)
  const tables = made[algorithm].tables(key, encoding, source)
  return { encoding: new Uint8Array(Buffer.concat(encoding)), tables }
}

/** The generator of the platform (SP 800-90A), asked for many bytes at once. */
export const platformSource = (): ByteSource => {
  let pool = new Uint8Array(0)
  let at = 0
  return () => {
    if (at === pool.length) [pool, at] = [randomBytes(65_536), 0]
    return pool[at++] as number
  }
}

export interface WhiteBoxKeyParts extends WhiteBoxTables {
  readonly key: Uint8Array
}

/** A new key and its tables. */
export const newWhiteBoxKey = (algorithm: WhiteBoxAlgorithm): WhiteBoxKeyParts => {
  const key = new Uint8Array(randomBytes(made[algorithm].keyBytes))
  return { key, ...whiteBoxTables(algorithm, key, platformSource()) }
}
