/** Encryption to a public key and back, one row for each scheme: RSA of RFC 8017, SM2 of GB/T 32918.4. */
import { constants, privateDecrypt, publicEncrypt } from 'node:crypto'
import type { AsymmetricAlgorithm } from './algorithms.ts'
import { owned, type PrivateKey, privateKeyObject, publicKeyFrom } from './private-key.ts'
import { isSm2, sm2Decrypt, sm2Encrypt } from './sm2.ts'

export type EncryptionScheme = 'rsaPkcs1' | 'rsaOaepSha1' | 'rsaOaepSha256' | 'sm2Der' | 'sm2Raw'

interface Scheme {
  readonly family: AsymmetricAlgorithm['family']
  /** Encrypted on the thread that asks; otherwise it takes long enough to be queued. */
  readonly quickToEncrypt: boolean
  /** Whether a stranger's public key is one that the scheme is willing to use. */
  takes(publicKey: Uint8Array): boolean
  /** Undefined where the plaintext is too long or too short for the key. */
  encrypt(publicKey: Uint8Array, plaintext: Uint8Array): Uint8Array | undefined
  /** Undefined for whatever does not open. */
  decrypt(key: PrivateKey, ciphertext: Uint8Array): Uint8Array | undefined
}

/** 1 would encrypt nothing, and an exponent as long as the modulus takes as long as a private key does. */
const isOrdinaryExponent = (exponent: bigint): boolean => exponent >= 3n && exponent < 2n ** 33n

const isRsa2048 = (publicKey: Uint8Array): boolean => {
  const key = publicKeyFrom(publicKey)
  const { modulusLength = 0, publicExponent = 0n } = key?.asymmetricKeyDetails ?? {}
  return key?.asymmetricKeyType === 'rsa' && modulusLength === 2048 && isOrdinaryExponent(publicExponent)
}

const orNothing = (work: () => Uint8Array): Uint8Array | undefined => {
  try {
    return owned(work())
  } catch {
    // Too long, beyond the modulus, or a wrong padding: one answer.
    return undefined
  }
}

const rsa = (padding: number, oaepHash?: string): Scheme => {
  const options = oaepHash === undefined ? { padding } : { padding, oaepHash }
  return {
    family: 'rsa',
    quickToEncrypt: true,
    takes: isRsa2048,
    encrypt: (publicKey, plaintext) =>
      orNothing(() => {
        const key = publicKeyFrom(publicKey)
        if (!key) throw new Error('not a public key')
        return publicEncrypt({ key, ...options }, plaintext)
      }),
    decrypt: (key, ciphertext) =>
      orNothing(() => {
        const object = privateKeyObject(key)
        // The platform takes a shorter text for a smaller number.
        if (ciphertext.length * 8 !== object.asymmetricKeyDetails?.modulusLength) throw new Error('not a ciphertext')
        return privateDecrypt({ key: object, ...options }, ciphertext)
      }),
  }
}

const sm2 = (form: 'der' | 'raw'): Scheme => ({
  family: 'sm2',
  quickToEncrypt: false,
  takes: isSm2,
  encrypt: (publicKey, plaintext) => sm2Encrypt(publicKey, plaintext, form),
  decrypt: sm2Decrypt,
})

/** PKCS#1 v1.5 rejects implicitly: what was not made for the key opens to random bytes, so that it is no oracle. */
export const encryptionSchemes: Readonly<Record<EncryptionScheme, Scheme>> = {
  rsaPkcs1: rsa(constants.RSA_PKCS1_PADDING),
  rsaOaepSha1: rsa(constants.RSA_PKCS1_OAEP_PADDING, 'sha1'),
  rsaOaepSha256: rsa(constants.RSA_PKCS1_OAEP_PADDING, 'sha256'),
  sm2Der: sm2('der'),
  sm2Raw: sm2('raw'),
}
