/** EMSA-PSS, its mask by MGF1 with the same hash (RFC 8017, sections 9.1 and B.2.1), for digests that the caller made. */
import { hash as digest, randomBytes } from 'node:crypto'

export type Sha2 = 'sha256' | 'sha384' | 'sha512'
export const sha2Bytes: Readonly<Record<Sha2, number>> = { sha256: 32, sha384: 48, sha512: 64 }

const mask = (sha2: Sha2, seed: Uint8Array, length: number): Uint8Array => {
  const input = Buffer.concat([seed, Buffer.alloc(4)])
  const out = new Uint8Array(length)
  for (let counter = 0, at = 0; at < length; counter++, at += sha2Bytes[sha2]) {
    input.writeUInt32BE(counter, seed.length)
    out.set(digest(sha2, input, 'buffer').subarray(0, length - at), at)
  }
  return out
}

const hashOf = (sha2: Sha2, digested: Uint8Array, salt: Uint8Array): Uint8Array =>
  digest(sha2, Buffer.concat([Buffer.alloc(8), digested, salt]), 'buffer')

/** The encoded message of a digest, salted by as many bytes; `bits` is the modulus less one (RFC 8017, section 8.1.1). */
export const pssEncode = (sha2: Sha2, digested: Uint8Array, bits: number): Uint8Array => {
  const length = Math.ceil(bits / 8)
  const saltBytes = sha2Bytes[sha2]
  const salt = randomBytes(saltBytes)
  const hash = hashOf(sha2, digested, salt)
  const block = new Uint8Array(length - sha2Bytes[sha2] - 1)
  block[block.length - saltBytes - 1] = 1
  block.set(salt, block.length - saltBytes)
  const masked = mask(sha2, hash, block.length)
  const out = new Uint8Array(length)
  for (const [at, byte] of block.entries()) out[at] = byte ^ (masked[at] ?? 0)
  out[0] = (out[0] ?? 0) & (0xff >>> (8 * length - bits))
  out.set(hash, block.length)
  out[length - 1] = 0xbc
  return out
}

/** Whether a message encodes the digest, with a salt of whatever length. Everything in it is public. */
export const pssMatches = (sha2: Sha2, digested: Uint8Array, encoded: Uint8Array, bits: number): boolean => {
  const length = Math.ceil(bits / 8)
  const hashBytes = sha2Bytes[sha2]
  const top = 0xff >>> (8 * length - bits)
  const [first = 0xff] = encoded
  if (encoded.length !== length || encoded[length - 1] !== 0xbc || (first & ~top) !== 0) return false
  const hash = encoded.subarray(length - hashBytes - 1, length - 1)
  const block = encoded.slice(0, length - hashBytes - 1)
  const masked = mask(sha2, hash, block.length)
  for (const [at, byte] of masked.entries()) block[at] = (block[at] ?? 0) ^ byte
  block[0] = (block[0] ?? 0) & top
  const oneAt = block.findIndex((byte) => byte !== 0)
  if (oneAt < 0 || block[oneAt] !== 1) return false
  return Buffer.compare(hashOf(sha2, digested, block.subarray(oneAt + 1)), hash) === 0
}
