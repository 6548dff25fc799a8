/** RSA for wrapped imports (RFC 8017). Keys are PKCS#8 DER. It is slow and synchronous: it runs in the slow queue. */
import { constants, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto'
import { owned, viewOf } from './private-key.ts'

export type RsaPadding = 'pkcs1' | 'oaepSha1' | 'oaepSha256'

/**
 * The wrapped message; undefined for whatever does not open. By PKCS#1 v1.5 it has exactly `length` bytes (at most the
 * modulus less 11), where `length` follows from what is public; by OAEP, which tells what is whole, any length.
 */
export const rsaUnwrap = (
  privateKey: Uint8Array,
  padding: RsaPadding,
  wrapped: Uint8Array,
  length: number,
): Uint8Array | undefined => {
  const key = createPrivateKey({ key: viewOf(privateKey), format: 'der', type: 'pkcs8' })
  if (padding === 'pkcs1') return openPkcs1(key, wrapped, length)
  const message = decryptOrNothing(key, wrapped, {
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: padding === 'oaepSha1' ? 'sha1' : 'sha256',
  })
  return message && owned(message)
}

/**
 * RSAES-PKCS1-v1_5 from the raw RSA result, because the platform rejects implicitly: it answers a wrong ciphertext with
 * a random message, which would silently become a key.
 */
const openPkcs1 = (key: KeyObject, wrapped: Uint8Array, length: number): Uint8Array | undefined => {
  const encoded = decryptOrNothing(key, wrapped, { padding: constants.RSA_NO_PADDING })
  if (!encoded) return undefined
  const message = unpadPkcs1(encoded, length)
  encoded.fill(0)
  return message
}

/**
 * RFC 8017, section 7.2.2: 00 02, at least 8 bytes that are not 00, 00, the message. As the message's length is known,
 * so is every position, and one pass without a branch on a secret byte finds all faults at once: what is wrong shows in
 * nothing but the one answer.
 */
export const unpadPkcs1 = (encoded: Uint8Array, length: number): Uint8Array | undefined => {
  const separatorAt = encoded.length - length - 1
  if (separatorAt < 10) return undefined
  const [first = 0, second = 0] = encoded
  let faults = first | (second ^ 2) | (encoded[separatorAt] ?? 0)
  for (const byte of encoded.subarray(2, separatorAt)) faults |= isZero(byte)
  return faults === 0 ? new Uint8Array(encoded.subarray(separatorAt + 1)) : undefined
}

/** 1 for 0, and 0 for 1 to 255: only 0 borrows from the bits above when 1 is taken from it. */
const isZero = (byte: number): number => (byte - 1) >>> 31

const decryptOrNothing = (
  key: KeyObject,
  wrapped: Uint8Array,
  options: { padding: number; oaepHash?: string },
): Buffer | undefined => {
  if (wrapped.length !== modulusBytes(key)) return undefined
  try {
    return privateDecrypt({ key, ...options }, wrapped)
  } catch {
    // A number beyond the modulus, or a wrong OAEP: the same answer.
    return undefined
  }
}

const modulusBytes = (key: KeyObject): number => Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
