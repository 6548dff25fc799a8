import { documented } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { encryptWhiteBox } from '../../../core/operations/white-box-keys.ts'
import { action } from '../action.ts'
import { plainValue } from '../data-keys.ts'
import { oneWhiteBoxKey } from '../white-box.ts'

const block = base64({ bytesMin: 16, bytesMax: 16 })

export const EncryptByWhiteBox = action({
  name: 'EncryptByWhiteBox',
  rights: { key: 'kms:EncryptByWhiteBox' },
  summary: 'Encrypt up to 4 KiB for the tables of a white-box key: CBC with PKCS#7.',
  evidence: documented('EncryptByWhiteBox page; the mode is inferred from its example and the client library'),

  request: {
    ...oneWhiteBoxKey,
    PlainText: base64({ bytesMin: 1, sensitive: true }).describe('Data to encrypt, at most 4096 bytes before Base64.'),
    InitializationVector: block.describe('16 bytes; random ones when absent. No other action takes one.').optional(),
  },
  response: { InitializationVector: base64(), CipherText: base64() },

  operation: encryptWhiteBox,
  toCore: ({ KeyId, PlainText, InitializationVector }) => ({
    keyId: KeyId,
    plaintext: PlainText,
    ...(InitializationVector ? { initializationVector: InitializationVector } : {}),
  }),
  fromCore: ({ initializationVector, ciphertext }) => ({
    InitializationVector: initializationVector,
    CipherText: ciphertext,
  }),

  errors: { ...plainValue, wrongKeyLifecycleState: 'ResourceUnavailable.KeyDisabled' },
})
