import { documented } from '../../../contract/evidence.ts'
import { base64, choice, utf8Text } from '../../../contract/fields.ts'
import { noContext } from '../../../core/context.ts'
import { encrypt } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { aad } from '../cipher-fields.ts'
import { keyId, keyIdMember, sequence } from '../fields.ts'
import { notForEncryption } from '../misuse.ts'

export const EncryptData = action({
  name: 'EncryptData',
  rights: { key: 'kms:cmk:encryptData' },
  summary: 'Encrypt a text of 1 to 4,096 bytes.',
  evidence: documented('encrypt-data page; line breaks are accepted, which the printed pattern leaves out'),

  request: {
    key_id: keyId.describe('The key.'),
    plain_text: utf8Text({ bytesMin: 1, bytesMax: 4096, sensitive: true }).describe('The text.'),
    encryption_algorithm: choice(['SYMMETRIC_DEFAULT']).describe('SYMMETRIC_DEFAULT when absent.').optional(),
    additional_authenticated_data: aad,
    sequence,
  },
  response: { key_id: keyIdMember, cipher_text: base64().describe('Base64, 140 bytes longer than the text.') },

  operation: encrypt,
  toCore: ({ key_id, plain_text, additional_authenticated_data = noContext }) => ({
    keyId: key_id,
    plaintext: plain_text,
    context: additional_authenticated_data,
  }),
  fromCore: ({ keyId: id, ciphertext }) => ({ key_id: id, cipher_text: ciphertext }),

  errors: { incompatibleCryptographicUsageMask: notForEncryption },
})
