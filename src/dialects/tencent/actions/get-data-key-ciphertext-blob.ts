import { documented } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { readDataKeyCiphertext } from '../../../core/operations/data-keys.ts'
import { action } from '../action.ts'
import { oneDataKey, toOne, unlistedDenial } from '../data-keys.ts'
import { forMember } from '../fields.ts'

export const GetDataKeyCiphertextBlob = action({
  name: 'GetDataKeyCiphertextBlob',
  rights: { dataKey: 'kms:GetDataKeyCiphertextBlob' },
  summary: 'Return a hosted data key as the blob under its CMK, which Decrypt takes.',
  evidence: documented('GetDataKeyCiphertextBlob page; the codes by state are inferred'),

  request: oneDataKey,
  response: { CiphertextBlob: base64() },

  operation: readDataKeyCiphertext,
  ...forMember,
  toCore: toOne,
  fromCore: ({ ciphertext }) => ({ CiphertextBlob: ciphertext }),

  errors: unlistedDenial,
})
