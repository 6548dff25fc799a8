import { inferred } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { encryptPostQuantum } from '../../../core/operations/post-quantum.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'

export const PostQuantumCryptoEncrypt = action({
  name: 'PostQuantumCryptoEncrypt',
  rights: { key: 'kms:PostQuantumCryptoEncrypt' },
  summary: 'Encrypt up to 4 KiB under a post-quantum CMK.',
  evidence: inferred('PostQuantumCryptoEncrypt page for the form; ML-KEM-1024 with AES-256 where the cloud has Kyber'),

  request: {
    KeyId: keyId.describe('The CMK.'),
    PlainText: base64({ bytesMin: 1, code: 'InvalidParameterValue.InvalidPlaintext', sensitive: true }).describe(
      'Data to encrypt, at most 4096 bytes before Base64.',
    ),
  },
  response: { CiphertextBlob: base64(), KeyId: z.string() },

  operation: encryptPostQuantum,
  toCore: ({ KeyId, PlainText }) => ({ keyId: KeyId, plaintext: PlainText, context: noContext }),
  fromCore: ({ keyId: id, ciphertext }) => ({ CiphertextBlob: ciphertext, KeyId: id }),

  errors: {
    wrongKeyLifecycleState: ({ state }) =>
      state === 'deactivated' ? 'ResourceUnavailable.CmkArchived' : 'ResourceUnavailable.CmkDisabled',
  },
})
