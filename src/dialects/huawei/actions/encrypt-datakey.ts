import { documented } from '../../../contract/evidence.ts'
import { decimal, hex, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { wrapDataKey } from '../../../core/operations/data-key-wrapping.ts'
import { action } from '../action.ts'
import { boundMembers, boundOf, pinMembers } from '../cipher-fields.ts'
import { dataKeyBytesMax, hexOut } from '../data-key-fields.ts'
import { keyIdMember, keyRef, sequence } from '../fields.ts'
import { notForDataKeys } from '../misuse.ts'

/** Of SHA-256, and of SM3 under an SM4 key. */
const digestBytes = 32

export const EncryptDatakey = action({
  name: 'EncryptDatakey',
  rights: { key: 'kms:cmk:encryptDataKey' },
  summary: 'Protect a data key that the caller made.',
  evidence: documented('encrypt-datakey page; the digest of its example is the SHA-256 of the data key'),

  request: {
    key_id: keyRef.describe('The key.'),
    plain_text: hex({
      bytesMin: 1,
      bytesMax: dataKeyBytesMax + digestBytes,
      code: 'KMS.2101',
      sensitive: true,
    }).describe('The data key, and behind it its SHA-256, or its SM3 under an SM4 key.'),
    datakey_plain_length: decimal({ min: 1, max: dataKeyBytesMax, code: 'KMS.2102' }).describe(
      'Bytes of the data key without its digest.',
    ),
    ...boundMembers,
    ...pinMembers,
    key_spec: text({ charactersMax: 64 }).describe('Read and not used.').optional(),
    sequence,
  },
  response: {
    key_id: keyIdMember,
    cipher_text: hexOut('The data key under the key; decrypt-datakey opens it.'),
    datakey_length: z.string().describe('Bytes of the data key, as text.'),
  },

  operation: wrapDataKey,
  toCore({ key_id, plain_text, datakey_plain_length: bytes, ...members }) {
    const context = boundOf(members)
    if (context instanceof Refusal) return context
    if (plain_text.length !== bytes + digestBytes) {
      const why = `must be ${bytes} and ${digestBytes} bytes long`
      return refuse({ reason: 'invalidAttributeValue', member: 'plain_text', why, code: 'KMS.2104' })
    }
    return { keyId: key_id, context, dataKey: plain_text.subarray(0, bytes), digest: plain_text.subarray(bytes) }
  },
  fromCore: ({ keyId: id, ciphertext, bytes }) => ({
    key_id: id,
    cipher_text: ciphertext,
    datakey_length: String(bytes),
  }),

  errors: {
    missingData: ({ member }) => (member === 'plain_text' ? 'KMS.2101' : 'KMS.0204'),
    cryptographicFailure: 'KMS.2103',
    incompatibleCryptographicUsageMask: notForDataKeys,
  },
})
