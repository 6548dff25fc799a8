/** Members that ask for the result encrypted to the caller's own public key. */
import { choice, text } from '../../contract/fields.ts'
import { type Refusal, refuse } from '../../core/failure.ts'

export const envelopeMembers = {
  EncryptionPublicKey: text({ charactersMax: 4096 })
    .describe('PEM public key for the result; not offered yet, and refused rather than ignored.')
    .optional(),
  EncryptionAlgorithm: choice(['SM2', 'SM2_C1C3C2_ASN1', 'RSAES_PKCS1_V1_5', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'])
    .describe('Ignored without EncryptionPublicKey.')
    .optional(),
}

/** Whoever asked for an encrypted result must never get it in clear. */
export const envelopeAsked = (publicKey: string | undefined): Refusal | undefined =>
  publicKey ? refuse({ reason: 'featureNotSupported', feature: 'EncryptionPublicKey' }) : undefined
