/** EMSA-PSS with SHA-256 and MGF1 with SHA-256 (RFC 8017, sections 9.1 and B.2.1), for digests that the caller made. */
import { randomBytes } from 'node:crypto'
import { sha256 } from './digest.ts'

const hashBytes = 32
const saltBytes = 32

const mask = (seed: Uint8Array, length: number): Uint8Array => {
  const input = Buffer.concat([seed, Buffer.alloc(4)])
  const out = new Uint8Array(length)
  for (let counter = 0, at = 0; at < length; counter++, at += hashBytes) {
    input.writeUInt32BE(counter, seed.length)
    out.set(sha256(input).subarray(0, length - at), at)
  }
  return out
}

const hashOf = (digest: Uint8Array, salt: Uint8Array): Uint8Array =>
  sha256(Buffer.concat([Buffer.alloc(8), digest, salt]))

/** The encoded message of a digest of 32 bytes; `bits` is the modulus less one (RFC 8017, section 8.1.1). */
export const pssEncode = (digest: Uint8Array, bits: number): Uint8Array => {
  const length = Math.ceil(bits / 8)
  const salt = randomBytes(saltBytes)
  const hash = hashOf(digest, salt)
  const block = new Uint8Array(length - hashBytes - 1)
  block[block.length - saltBytes - 1] = 1
  block.set(salt, block.length - saltBytes)
  const masked = mask(hash, block.length)
  const out = new Uint8Array(length)
  for (const [at, byte] of block.entries()) out[at] = byte ^ (masked[at] ?? 0)
  out[0] = (out[0] ?? 0) & (0xff >>> (8 * length - bits))
  out.set(hash, block.length)
  out[length - 1] = 0xbc
  return out
}

/** Whether a message encodes the digest, with a salt of whatever length. Everything in it is public. */
export const pssMatches = (digest: Uint8Array, encoded: Uint8Array, bits: number): boolean => {
  const length = Math.ceil(bits / 8)
  const top = 0xff >>> (8 * length - bits)
  const [first = 0xff] = encoded
  if (encoded.length !== length || encoded[length - 1] !== 0xbc || (first & ~top) !== 0) return false
  const hash = encoded.subarray(length - hashBytes - 1, length - 1)
  const block = encoded.slice(0, length - hashBytes - 1)
  const masked = mask(hash, block.length)
  for (const [at, byte] of masked.entries()) block[at] = (block[at] ?? 0) ^ byte
  block[0] = (block[0] ?? 0) & top
  const oneAt = block.findIndex((byte) => byte !== 0)
  if (oneAt < 0 || block[oneAt] !== 1) return false
  return Buffer.compare(hashOf(digest, block.subarray(oneAt + 1)), hash) === 0
}
