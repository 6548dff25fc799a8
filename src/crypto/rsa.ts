/**
 * RSA for wrapped imports (RFC 8017) and signatures. Keys are DER: SubjectPublicKeyInfo and PKCS#8. All of it is slow and
 * synchronous: it runs in the worker of the slow queue.
 */
import { constants, createPrivateKey, generateKeyPairSync, type KeyObject, privateDecrypt, sign } from 'node:crypto'

export interface RsaPair {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

export type RsaPadding = 'pkcs1' | 'oaepSha1' | 'oaepSha256'

/** `bits` is 2048, 3072 or 4096, else a RangeError. The public exponent is 65537. */
export const generateRsaPair = (bits: number): RsaPair => {
  if (![2048, 3072, 4096].includes(bits)) throw new RangeError('an RSA length that is not offered')
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
  return { publicKey: owned(publicKey), privateKey: owned(privateKey) }
}

/**
 * The wrapped message, of exactly `length` bytes (at most the modulus less 11), where `length` follows from what is
 * public. undefined for whatever does not open, of whatever size.
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
  return message?.length === length ? owned(message) : undefined
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

/** RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes. */
export const rsaSignPss = (privateKey: Uint8Array, message: Uint8Array): Uint8Array =>
  owned(
    sign('sha256', message, {
      key: viewOf(privateKey),
      format: 'der',
      type: 'pkcs8',
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    }),
  )

/** The same memory as a Buffer, so that no second copy of a key is left to the collector. */
const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** In memory of its own, which can be given to another thread; the source is zeroed. */
const owned = (bytes: Uint8Array): Uint8Array => {
  const copy = new Uint8Array(bytes)
  bytes.fill(0)
  return copy
}
