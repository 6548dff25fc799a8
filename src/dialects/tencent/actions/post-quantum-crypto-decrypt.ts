import { inferred } from '../../../contract/evidence.ts'
import { base64, sealed } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { Refusal } from '../../../core/failure.ts'
import { decryptPostQuantum } from '../../../core/operations/post-quantum.ts'
import { action } from '../action.ts'
import { envelopeMembers, envelopeOf } from '../envelope-key.ts'

export const PostQuantumCryptoDecrypt = action({
  name: 'PostQuantumCryptoDecrypt',
  rights: { source: 'kms:PostQuantumCryptoDecrypt' },
  summary: 'Decrypt a blob that PostQuantumCryptoEncrypt returned.',
  evidence: inferred('PostQuantumCryptoDecrypt page for the form; ML-KEM-1024 as in PostQuantumCryptoEncrypt'),

  request: {
    CiphertextBlob: sealed({ code: 'InvalidParameterValue.InvalidCiphertext' }).describe('The blob.'),
    ...envelopeMembers,
  },
  response: { KeyId: z.string(), PlainText: base64({ sensitive: true }) },

  operation: decryptPostQuantum,
  toCore({ CiphertextBlob, ...envelope }) {
    const recipient = envelopeOf(envelope)
    if (recipient instanceof Refusal) return recipient
    return { sealed: CiphertextBlob, context: noContext, ...(recipient ? { recipient } : {}) }
  },
  fromCore: ({ keyId, plaintext }) => ({ KeyId: keyId, PlainText: plaintext }),

  errors: { wrongKeyLifecycleState: 'ResourceUnavailable.CmkDisabled' },
})
