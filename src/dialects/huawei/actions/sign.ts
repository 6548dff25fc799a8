import { eitherOf } from '../../../contract/action.ts'
import { documented } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { sign, signPostQuantum } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyIdMember } from '../fields.ts'
import { notForSigning } from '../misuse.ts'
import { isPostQuantum, signingMembers, signingOf } from '../schemes.ts'

interface Signature {
  readonly keyId: string
  readonly signature: Uint8Array
}

const declared = {
  name: 'Sign',
  rights: { key: 'kms:cmk:sign' },
  summary: 'Sign a digest, or a message of at most 4,095 bytes.',
  evidence: documented('sign page; the permission word, DER of ECDSA and SM2, and ML-DSA are inferred'),

  request: signingMembers,
  response: {
    key_id: keyIdMember,
    signature: base64().describe('RSA: as long as the modulus. ECDSA and SM2: ASN.1 DER. Ed25519 and ML-DSA: raw.'),
  },

  toCore: signingOf,
  fromCore: ({ keyId: id, signature }: Signature) => ({ key_id: id, signature }),

  errors: {
    incompatibleCryptographicUsageMask: notForSigning,
    unsupportedCryptographicParameters: 'KMS.0329',
  },
} as const

export const Sign = eitherOf(
  action({ ...declared, operation: sign }),
  action({ ...declared, operation: signPostQuantum }),
  isPostQuantum,
)
