import { documented } from '../../../contract/evidence.ts'
import { base64, contextText, sealed } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { decrypt } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { envelopeAsked, envelopeMembers } from '../envelope-key.ts'

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
  toCore: ({ CiphertextBlob, EncryptionContext = noContext, EncryptionPublicKey }) =>
    envelopeAsked(EncryptionPublicKey) ?? { sealed: CiphertextBlob, context: EncryptionContext },
  fromCore: ({ keyId, plaintext }) => ({ KeyId: keyId, Plaintext: plaintext }),

  errors: {
    wrongKeyLifecycleState: 'ResourceUnavailable.CmkDisabled',
    featureNotSupported: 'FailedOperation.EncryptionError',
  },
})
