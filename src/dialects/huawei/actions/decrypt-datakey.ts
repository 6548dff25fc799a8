import { documented } from '../../../contract/evidence.ts'
import { decimal, sealed } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { unwrapDataKey } from '../../../core/operations/data-key-wrapping.ts'
import { action } from '../action.ts'
import { boundMembers, boundOf, hexCharactersMax, pinMembers } from '../cipher-fields.ts'
import { hexOut, openedBytesMax } from '../data-key-fields.ts'
import { keyRef, sequence } from '../fields.ts'
import { notForDataKeys } from '../misuse.ts'

export const DecryptDatakey = action({
  name: 'DecryptDatakey',
  rights: { key: 'kms:cmk:decryptDataKey' },
  summary: 'Open a data key that one of the calls about data keys returned.',
  evidence: documented('decrypt-datakey page; that the digest of an SM4 key is SM3 is inferred'),

  request: {
    key_id: keyRef.describe('The key.'),
    cipher_text: sealed({ written: 'hexadecimal', charactersMax: hexCharactersMax, code: 'KMS.2201' }).describe(
      'The ciphertext.',
    ),
    datakey_cipher_length: decimal({ min: 1, max: openedBytesMax, code: 'KMS.2202' }).describe(
      'Bytes of the data key.',
    ),
    ...boundMembers,
    ...pinMembers,
    sequence,
  },
  response: {
    data_key: hexOut('The data key.', true),
    datakey_length: z.string().describe('Bytes of the data key, as text.'),
    datakey_dgst: hexOut('The SHA-256 of the data key, or its SM3 under an SM4 key.'),
  },

  operation: unwrapDataKey,
  toCore({ key_id, cipher_text, datakey_cipher_length: bytes, ...members }) {
    const context = boundOf(members)
    return context instanceof Refusal ? context : { keyId: key_id, sealed: cipher_text, context, bytes }
  },
  fromCore: ({ dataKey, digest }) => ({
    data_key: dataKey,
    datakey_length: String(dataKey.length),
    datakey_dgst: digest,
  }),

  errors: {
    missingData: ({ member }) => (member === 'cipher_text' ? 'KMS.2201' : 'KMS.0204'),
    unsupportedCryptographicParameters: 'KMS.2204',
    incompatibleCryptographicUsageMask: notForDataKeys,
  },
})
