/** The white-box keys of the vectors, made from seeds that anyone may know. */
import { createHash } from 'node:crypto'
import { decryptKeyOf, lockedEncoding } from '../../src/crypto/white-box/decrypt-key.ts'
import { type WhiteBoxAlgorithm, whiteBoxTables } from '../../src/crypto/white-box/tables.ts'
import { seededRandom } from './fixed.ts'

/** Asked for little at a time, so a stretch of the stream is made at once. */
const seededSource = (seed: string) => {
  const { bytes } = seededRandom(seed)
  let [pool, at] = [bytes(65_536), 0]
  return (count: number): Uint8Array => {
    if (at + count > pool.length) [pool, at] = [bytes(65_536), 0]
    at += count
    return pool.subarray(at - count, at)
  }
}

export interface Seeded {
  readonly algorithm: WhiteBoxAlgorithm
  readonly seed: string
  readonly fingerprints: readonly string[]
}

/** The key and its DecryptKey. */
export const seededWhiteBox = ({ algorithm, seed, fingerprints }: Seeded) => {
  const key = seededRandom(`${seed} key`).bytes(algorithm === 'sm4' ? 16 : 32)
  const parts = whiteBoxTables(algorithm, key, seededSource(`${seed} tables`))
  const random = seededRandom(`${seed} locks`).bytes
  const locked = fingerprints.length > 0 ? lockedEncoding(algorithm, parts.encoding, fingerprints, random) : null
  return { key, ...parts, decryptKey: decryptKeyOf(algorithm, parts, locked) }
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
