/** The white-box keys of the vectors, made from seeds that anyone may know. */
import { createHash } from 'node:crypto'
import type { ByteSource } from '../../src/crypto/white-box/binary.ts'
import { decryptKeyOf, lockedEncoding } from '../../src/crypto/white-box/decrypt-key.ts'
import { type WhiteBoxAlgorithm, whiteBoxTables } from '../../src/crypto/white-box/tables.ts'
import { seededRandom } from './fixed.ts'

const seededSource = (seed: string): ByteSource => {
  const { bytes } = seededRandom(seed)
  let [pool, at] = [bytes(65_536), 0]
  return () => {
    if (at === pool.length) [pool, at] = [bytes(65_536), 0]
    return pool[at++] as number
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
