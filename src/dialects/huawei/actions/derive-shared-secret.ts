import { documented } from '../../../contract/evidence.ts'
import { base64, choice, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { refuse } from '../../../core/failure.ts'
import { deriveSharedSecret } from '../../../core/operations/agreement.ts'
import { action } from '../action.ts'
import { keyId, keyIdMember, sequence } from '../fields.ts'
import { notForAgreement } from '../misuse.ts'

const recipient = z
  .strictObject({
    attestation_document: text({ charactersMax: 262_144 }).optional(),
    key_encryption_algorithm: text({ charactersMax: 64 }).optional(),
  })
  .describe('An enclave to answer to: refused, since no attestation can be checked here.')
  .optional()

export const DeriveSharedSecret = action({
  name: 'DeriveSharedSecret',
  rights: { key: 'kms:cmk:deriveSharedSecret' },
  summary: 'Give what a key shares with a public key on the same curve.',
  evidence: documented('derive-shared-secret page; the permission word and the codes of a wrong key are inferred'),

  request: {
    key_id: keyId.describe('The key.'),
    key_agreement_algorithm: choice(['ECDH']).describe('ECDH.'),
    public_key: base64({ bytesMin: 1, bytesMax: 1024 }).describe('The other side: DER SubjectPublicKeyInfo.'),
    recipient,
    sequence,
  },
  response: {
    key_id: keyIdMember,
    key_agreement_algorithm: z.string().describe('As asked.'),
    shared_secret: base64({ sensitive: true }).describe('The x coordinate of the shared point.'),
  },

  operation: deriveSharedSecret,
  toCore({ key_id, public_key, recipient: enclave }) {
    if (enclave) return refuse({ reason: 'unusableRecipientKey' })
    return { keyId: key_id, publicKey: public_key }
  },
  fromCore: ({ keyId: id, secret }) => ({ key_id: id, key_agreement_algorithm: 'ECDH', shared_secret: secret }),

  errors: { incompatibleCryptographicUsageMask: notForAgreement },
})
