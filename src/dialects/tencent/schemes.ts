/** Algorithms of asymmetric keys by this cloud's names. */
import { base64, choice } from '../../contract/fields.ts'
import type { EncryptionScheme } from '../../crypto/encryption.ts'
import type { SignatureScheme, Signed } from '../../crypto/signature.ts'

export const rsaSchemes = {
  RSAES_PKCS1_V1_5: 'rsaPkcs1',
  RSAES_OAEP_SHA_1: 'rsaOaepSha1',
  RSAES_OAEP_SHA_256: 'rsaOaepSha256',
} as const satisfies Record<string, EncryptionScheme>

export const signatureAlgorithms = {
  SM2DSA: 'sm2Sm3',
  /** In code that the vendor published: a synonym whose result is always DER, as ours is. */
  SM2DSA_ASN1: 'sm2Sm3',
  ECC_P256_R1: 'ecdsaSha256',
  ECC_P384_R1: 'ecdsaSha384',
  RSA_PSS_SHA_256: 'rsaPssSha256',
  RSA_PKCS1_SHA_256: 'rsaPkcs1Sha256',
} as const satisfies Record<string, SignatureScheme>

const names = Object.keys(signatureAlgorithms) as [
  keyof typeof signatureAlgorithms,
  ...(keyof typeof signatureAlgorithms)[],
]

export const signatureAlgorithm = choice(names).describe('Signature algorithm; it must be one of the CMK.')

export const messageType = choice(['RAW', 'DIGEST'])
  .describe('RAW (when absent): Message is hashed here. DIGEST: Message is its digest, 32 bytes, of P-384 48.')
  .optional()

/** The longest signature is ML-DSA's 4,627 bytes; what is longer is none. */
export const signatureValue = base64({ bytesMax: 8192 }).describe('The signature to check.')

export const signedOf = (message: Uint8Array, type: 'RAW' | 'DIGEST' = 'RAW'): Signed => ({
  type: type === 'RAW' ? 'message' : 'digest',
  bytes: message,
})
