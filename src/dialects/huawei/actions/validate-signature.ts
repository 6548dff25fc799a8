import { eitherOf } from '../../../contract/action.ts'
import { documented } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { verify, verifyPostQuantum } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyIdMember } from '../fields.ts'
import { notForSigning } from '../misuse.ts'
import { isPostQuantum, signingMembers, signingOf } from '../schemes.ts'

interface Verdict {
  readonly keyId: string
  readonly valid: boolean
}

const declared = {
  name: 'ValidateSignature',
  rights: { key: 'kms:cmk:verify' },
  summary: 'Tell whether a signature is one of a key.',
  evidence: documented('verify page; the permission word is inferred, and what is said of a malformed signature'),

  request: {
    ...signingMembers,
    signature: base64({ bytesMin: 1, bytesMax: 8192 }).describe('The signature to check.'),
  },
  response: {
    key_id: keyIdMember,
    signature_valid: z.enum(['true', 'false']).describe('Text, and no boolean.'),
  },

  toCore: ({ signature, ...members }: Parameters<typeof signingOf>[0] & { readonly signature: Uint8Array }) => ({
    ...signingOf(members),
    signature,
  }),
  fromCore: ({ keyId: id, valid }: Verdict) => ({
    key_id: id,
    signature_valid: valid ? ('true' as const) : ('false' as const),
  }),

  errors: {
    incompatibleCryptographicUsageMask: notForSigning,
    unsupportedCryptographicParameters: 'KMS.0329',
  },
} as const

export const ValidateSignature = eitherOf(
  action({ ...declared, operation: verify }),
  action({ ...declared, operation: verifyPostQuantum }),
  isPostQuantum,
)
