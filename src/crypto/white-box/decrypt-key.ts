/**
 * What a device gets, in the form of docs/spec/white-box.md: a head, the encoding of what goes into the tables, and the
 * tables. For devices that are listed the encoding is sealed under a content key, and that once under each fingerprint
 * (RFC 5869, SP 800-38D): who has another one lacks the first step of the decryption.
 */
import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { labels } from '../labels.ts'
import type { WhiteBoxAlgorithm, WhiteBoxTables } from './tables.ts'

const numbers = { 'aes-256': 1, sm4: 2 } as const

const saltBytes = 16

const headOf = (algorithm: WhiteBoxAlgorithm, locks: number, salt: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from('KWB1'), Uint8Array.of(numbers[algorithm], 0, locks >> 8, locks & 255), salt])

/** Each key seals one text in its life, so the nonce is zero: a content key is new, and so is the salt of each lock. */
const sealed = (key: Uint8Array, head: Uint8Array, plaintext: Uint8Array): Uint8Array => {
  const cipher = createCipheriv('aes-256-gcm', key, new Uint8Array(12), { authTagLength: 16 }).setAAD(head)
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

const fingerprintKey = (fingerprint: string, salt: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', Buffer.from(fingerprint), salt, labels.whiteBoxLock, 32))

/** Head and sealed encoding for the devices of these fingerprints; at least one. */
export const lockedEncoding = (
  algorithm: WhiteBoxAlgorithm,
  encoding: Uint8Array,
  fingerprints: readonly string[],
  random: (count: number) => Uint8Array = randomBytes,
): Uint8Array => {
  const [salt, contentKey] = [random(saltBytes), random(32)]
  const head = headOf(algorithm, fingerprints.length, salt)
  const locks = fingerprints.map((fingerprint) => {
    const key = fingerprintKey(fingerprint, salt)
    const lock = sealed(key, head, contentKey)
    key.fill(0)
    return lock
  })
  const locked = Buffer.concat([head, ...locks, sealed(contentKey, head, encoding)])
  contentKey.fill(0)
  return new Uint8Array(locked)
}

/** `locked`: of `lockedEncoding`; null for every device. */
export const decryptKeyOf = (
  algorithm: WhiteBoxAlgorithm,
  { encoding, tables }: WhiteBoxTables,
  locked: Uint8Array | null,
): Uint8Array => {
  const opening = locked ? [locked] : [headOf(algorithm, 0, new Uint8Array(saltBytes)), encoding]
  return new Uint8Array(Buffer.concat([...opening, tables]))
}
