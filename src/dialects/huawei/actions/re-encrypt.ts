import { documented } from '../../../contract/evidence.ts'
import { choice, contextBytes, decimal, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { Refusal } from '../../../core/failure.ts'
import { reEncryptAcross } from '../../../core/operations/re-encrypt.ts'
import { action } from '../action.ts'
import { hexCharactersMax } from '../cipher-fields.ts'
import { openedBytesMax } from '../data-key-fields.ts'
import { keyId, keyIdMember } from '../fields.ts'
import { notForEncryption } from '../misuse.ts'
import { destinationOf, isHex, schemes, sourceOf } from '../re-encryption.ts'

const algorithm = choice(['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2_ENCRYPT'])
  .describe('SYMMETRIC_DEFAULT when absent.')
  .optional()
const aad = (whose: string) =>
  contextBytes({ charactersMax: 128 })
    .describe(`What is bound to the ${whose} ciphertext; empty for nothing.`)
    .optional()

export const ReEncrypt = action({
  name: 'ReEncrypt',
  rights: { source: 'kms:cmk:reEncryptFrom', destination: 'kms:cmk:reEncryptTo' },
  summary: 'Turn a ciphertext into one of another key, without showing what is in it.',
  evidence: documented('re-encrypt page; the permission words and the codes are inferred'),

  request: {
    cipher_text: text({ charactersMax: hexCharactersMax, code: 'KMS.2201' }).describe(
      'Of a data key in hexadecimal, of data in Base64.',
    ),
    source_key_id: keyId.describe('Its key; a symmetric ciphertext names it itself.').optional(),
    source_additional_authenticated_data: aad('old'),
    source_encryption_algorithm: algorithm,
    destination_key_id: keyId.describe('The key of the new ciphertext.'),
    destination_additional_authenticated_data: aad('new'),
    destination_encryption_algorithm: algorithm,
    datakey_cipher_length: decimal({ min: 1, max: openedBytesMax, code: 'KMS.2202' })
      .describe('Bytes of the data key, where it is one.')
      .optional(),
  },
  response: {
    key_id: keyIdMember,
    source_key_id: z.string().describe('The key of the old ciphertext.'),
    source_encryption_algorithm: z.string().describe('As asked.'),
    destination_encryption_algorithm: z.string().describe('As asked.'),
    cipher_text: z.string().describe('The new ciphertext, written as the old one was.'),
  },

  operation: reEncryptAcross,
  toCore(members) {
    const from = schemes[members.source_encryption_algorithm ?? 'SYMMETRIC_DEFAULT']
    const to = schemes[members.destination_encryption_algorithm ?? 'SYMMETRIC_DEFAULT']
    const isKey = isHex(members.cipher_text)
    const source = sourceOf(members, from, members.source_additional_authenticated_data ?? noContext)
    if (source instanceof Refusal) return source
    const bound = members.destination_additional_authenticated_data ?? noContext
    const destination = destinationOf(members.destination_key_id, to, bound, isKey)
    if (destination instanceof Refusal) return destination
    return { source, destination, content: isKey ? 'dataKey' : 'data' }
  },
  fromCore: ({ keyId: id, sourceKeyId, ciphertext }, _here, asked) => ({
    key_id: id,
    source_key_id: sourceKeyId,
    source_encryption_algorithm: asked.source_encryption_algorithm ?? 'SYMMETRIC_DEFAULT',
    destination_encryption_algorithm: asked.destination_encryption_algorithm ?? 'SYMMETRIC_DEFAULT',
    cipher_text: isHex(asked.cipher_text)
      ? Buffer.from(ciphertext).toString('hex').toUpperCase()
      : Buffer.from(ciphertext).toString('base64'),
  }),

  errors: {
    incompatibleCryptographicUsageMask: notForEncryption,
    unsupportedCryptographicParameters: ({ plaintextTooLong }) => (plaintextTooLong ? 'KMS.2108' : 'KMS.2202'),
  },
})
