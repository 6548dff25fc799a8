/** Algorithms of asymmetric keys by this cloud's names. */
import { base64, choice } from '../../contract/fields.ts'
import type { EncryptionScheme } from '../../crypto/encryption.ts'
import type { SignatureScheme, Signed } from '../../crypto/signature.ts'
import { keyRef, sequence } from './fields.ts'

/** One name is one scheme for each key_spec that has it. ECDSA_SHA_512 is a name without a key_spec. */
export const signatureAlgorithms = {
  RSASSA_PSS_SHA_256: ['rsaPssSha256'],
  RSASSA_PSS_SHA_384: ['rsaPssSha384'],
  RSASSA_PSS_SHA_512: ['rsaPssSha512'],
  RSASSA_PKCS1_V1_5_SHA_256: ['rsaPkcs1Sha256'],
  RSASSA_PKCS1_V1_5_SHA_384: ['rsaPkcs1Sha384'],
  RSASSA_PKCS1_V1_5_SHA_512: ['rsaPkcs1Sha512'],
  ECDSA_SHA_256: ['ecdsaSha256', 'ecdsaSecp256k1Sha256'],
  ECDSA_SHA_384: ['ecdsaSha384'],
  ECDSA_SHA_512: [],
  SM2DSA_SM3: ['sm2Sm3'],
  ED25519_SHA_512: ['ed25519'],
  ED25519_PH_SHA_512: ['ed25519ph'],
  ML_DSA_44: ['mlDsa44'],
  ML_DSA_65: ['mlDsa65'],
  ML_DSA_87: ['mlDsa87'],
} as const satisfies Record<string, readonly SignatureScheme[]>

type SigningName = keyof typeof signatureAlgorithms
const signingNames = Object.keys(signatureAlgorithms) as [SigningName, ...SigningName[]]

/** Which of the two operations of the core a request is: they have a right each. */
export const isPostQuantum = (members: unknown): boolean => {
  const { signing_algorithm: name } = (members ?? {}) as { readonly signing_algorithm?: unknown }
  return typeof name === 'string' && name.startsWith('ML_DSA_')
}

export const signingMembers = {
  key_id: keyRef.describe('The key.'),
  message: base64({ bytesMin: 0, bytesMax: 4095 }).describe('The digest, or the message.'),
  signing_algorithm: choice(signingNames).describe('It must be one of the key_spec.'),
  message_type: choice(['DIGEST', 'RAW'])
    .describe('DIGEST (when absent): the digest. RAW: the message, which ED25519_SHA_512 and ML-DSA need.')
    .optional(),
  sequence,
}

interface Asked {
  readonly key_id: string
  readonly message: Uint8Array
  readonly signing_algorithm: SigningName
  readonly message_type?: 'DIGEST' | 'RAW' | undefined
}

export const signingOf = ({ key_id, message, signing_algorithm, message_type = 'DIGEST' }: Asked) => ({
  keyId: key_id,
  scheme: signatureAlgorithms[signing_algorithm],
  signed: { type: message_type === 'RAW' ? 'message' : 'digest', bytes: message } as Signed,
})

export const asymmetricAlgorithms = {
  RSAES_OAEP_SHA_256: 'rsaOaepSha256',
  SM2_ENCRYPT: 'sm2Der',
} as const satisfies Record<string, EncryptionScheme>

type EncryptionName = keyof typeof asymmetricAlgorithms
export const asymmetricNames = Object.keys(asymmetricAlgorithms) as [EncryptionName, ...EncryptionName[]]

/** What a request says of its algorithm, before its members are read. */
export const algorithmAsked = (members: unknown): unknown =>
  ((members ?? {}) as { readonly encryption_algorithm?: unknown }).encryption_algorithm
