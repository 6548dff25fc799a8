import { documented } from '../../../contract/evidence.ts'
import { base64, contextText } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { encrypt } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'

export const Encrypt = action({
  name: 'Encrypt',
  rights: { key: 'kms:Encrypt' },
  summary: 'Encrypt up to 4 KiB under a symmetric CMK.',
  evidence: documented('Encrypt page; SDK model EncryptRequest'),

  request: {
    KeyId: keyId.describe('The CMK.'),
    Plaintext: base64({ bytesMin: 1, code: 'InvalidParameterValue.InvalidPlaintext', sensitive: true }).describe(
      'Data to encrypt, at most 4096 bytes before Base64.',
    ),
    EncryptionContext: contextText({ charactersMax: 1024 })
      .describe('JSON object as text; needed again to decrypt.')
      .optional(),
  },
  response: { CiphertextBlob: base64(), KeyId: z.string() },

  operation: encrypt,
  toCore: ({ KeyId, Plaintext, EncryptionContext = noContext }) => ({
    keyId: KeyId,
    plaintext: Plaintext,
    context: EncryptionContext,
  }),
  fromCore: ({ keyId: id, ciphertext }) => ({ CiphertextBlob: ciphertext, KeyId: id }),

  errors: {
    wrongKeyLifecycleState: ({ state }) =>
      state === 'deactivated' ? 'ResourceUnavailable.CmkArchived' : 'ResourceUnavailable.CmkDisabled',
  },
})
