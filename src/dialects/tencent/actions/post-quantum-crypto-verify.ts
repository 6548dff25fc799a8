import { inferred } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { verifyPostQuantum } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'
import { signatureValue, signedOf } from '../schemes.ts'

export const PostQuantumCryptoVerify = action({
  name: 'PostQuantumCryptoVerify',
  rights: { key: 'kms:PostQuantumCryptoVerify' },
  summary: 'Tell whether a signature is one of a post-quantum CMK; a wrong one is no error.',
  evidence: inferred('PostQuantumCryptoVerify page for the form; ML-DSA-87 as in PostQuantumCryptoSign'),

  request: {
    KeyId: keyId.describe('The CMK.'),
    SignatureValue: signatureValue,
    Message: base64({ code: 'InvalidParameterValue' }).describe('The message as it was signed.'),
  },
  response: { SignatureValid: z.boolean() },

  operation: verifyPostQuantum,
  toCore: ({ KeyId, SignatureValue, Message }) => ({
    keyId: KeyId,
    scheme: 'mlDsa87' as const,
    signed: signedOf(Message),
    signature: SignatureValue,
  }),
  fromCore: ({ valid }) => ({ SignatureValid: valid }),

  errors: { permissionDenied: 'AuthFailure.UnauthorizedOperation' },
})
