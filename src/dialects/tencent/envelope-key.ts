/** Members that ask for the result encrypted to the caller's own public key. */
import { choice, text } from '../../contract/fields.ts'
import { type Refusal, refuse } from '../../core/failure.ts'
import { type Recipient, recipientOf } from '../../core/recipient.ts'
import type { EncryptionScheme } from '../../crypto/encryption.ts'

const schemes = {
  SM2: 'sm2Raw',
  SM2_C1C3C2_ASN1: 'sm2Der',
  RSAES_PKCS1_V1_5: 'rsaPkcs1',
  RSAES_OAEP_SHA_1: 'rsaOaepSha1',
  RSAES_OAEP_SHA_256: 'rsaOaepSha256',
} as const satisfies Record<string, EncryptionScheme>

export const envelopeMembers = {
  EncryptionPublicKey: text({ charactersMax: 4096, code: 'FailedOperation.EncryptionError' })
    .describe('PEM public key, RSA-2048 or SM2: the result is encrypted to it.')
    .optional(),
  EncryptionAlgorithm: choice(['SM2', 'SM2_C1C3C2_ASN1', 'RSAES_PKCS1_V1_5', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'])
    .describe('How it is encrypted; SM2 when absent. Ignored without EncryptionPublicKey.')
    .optional(),
}

interface Asked {
  readonly EncryptionPublicKey?: string | undefined
  readonly EncryptionAlgorithm?: keyof typeof schemes | undefined
}

const pem = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/

/** For whom the result is: undefined for the caller in clear, where no key was sent. */
export const envelopeOf = ({
  EncryptionPublicKey,
  EncryptionAlgorithm = 'SM2',
}: Asked): Recipient | Refusal | undefined => {
  if (!EncryptionPublicKey) return undefined
  const [, body] = pem.exec(EncryptionPublicKey) ?? []
  if (body === undefined) return refuse({ reason: 'unusableRecipientKey' })
  return recipientOf(new Uint8Array(Buffer.from(body, 'base64')), schemes[EncryptionAlgorithm])
}
