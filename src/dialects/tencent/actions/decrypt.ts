import { documented } from '../../../contract/evidence.ts'
import { base64, contextText, sealed } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { Refusal } from '../../../core/failure.ts'
import { decrypt } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { envelopeMembers, envelopeOf } from '../envelope-key.ts'

export const Decrypt = action({
  name: 'Decrypt',
  rights: { source: 'kms:Decrypt' },
  summary: 'Decrypt a blob that Encrypt, ReEncrypt or GenerateDataKey returned.',
  evidence: documented('Decrypt page; SDK model DecryptRequest'),

  request: {
    CiphertextBlob: sealed({ code: 'InvalidParameterValue.InvalidCiphertext' }).describe('The blob.'),
    EncryptionContext: contextText({ charactersMax: 1024 }).describe('The context it was made with.').optional(),
    ...envelopeMembers,
  },
  response: { KeyId: z.string(), Plaintext: base64({ sensitive: true }) },

  operation: decrypt,
  toCore({ CiphertextBlob, EncryptionContext = noContext, ...envelope }) {
    const recipient = envelopeOf(envelope)
    if (recipient instanceof Refusal) return recipient
    return { sealed: CiphertextBlob, context: EncryptionContext, ...(recipient ? { recipient } : {}) }
  },
  fromCore: ({ keyId, plaintext }) => ({ KeyId: keyId, Plaintext: plaintext }),

  errors: { wrongKeyLifecycleState: 'ResourceUnavailable.CmkDisabled' },
})
