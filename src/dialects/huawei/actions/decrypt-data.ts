import { documented } from '../../../contract/evidence.ts'
import { base64, choice, sealed } from '../../../contract/fields.ts'
import { noted, z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { decrypt } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { aad } from '../cipher-fields.ts'
import { keyId, keyIdMember, sequence } from '../fields.ts'
import { notForEncryption } from '../misuse.ts'

export const DecryptData = action({
  name: 'DecryptData',
  rights: { source: 'kms:cmk:decryptData' },
  summary: 'Decrypt what encrypt-data returned.',
  evidence: documented('decrypt-data page; that another key than the named one fails is inferred'),

  request: {
    cipher_text: sealed({ foreignCode: 'KMS.2201' }).describe('The ciphertext.'),
    key_id: keyId.describe('The key; a symmetric ciphertext names it itself.').optional(),
    encryption_algorithm: choice(['SYMMETRIC_DEFAULT']).describe('SYMMETRIC_DEFAULT when absent.').optional(),
    additional_authenticated_data: aad,
    sequence,
  },
  response: {
    key_id: keyIdMember,
    plain_text: noted(z.string(), { sensitive: true }).describe('The text; lossy where the bytes are no UTF-8.'),
    plain_text_base64: base64({ sensitive: true }).describe('The bytes.'),
  },

  operation: decrypt,
  toCore: ({ cipher_text, key_id, additional_authenticated_data = noContext }) => ({
    sealed: cipher_text,
    context: additional_authenticated_data,
    content: 'data' as const,
    ...(key_id === undefined ? {} : { keyId: key_id }),
  }),
  fromCore: ({ keyId: id, plaintext }) => ({
    key_id: id,
    plain_text: Buffer.from(plaintext).toString(),
    plain_text_base64: plaintext,
  }),

  errors: { incompatibleCryptographicUsageMask: notForEncryption },
})
