import { documented } from '../../../contract/evidence.ts'
import { base64FromBytes, choice } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { createWhiteBoxKey } from '../../../core/operations/white-box-keys.ts'
import { action } from '../action.ts'
import { plainValue } from '../data-keys.ts'
import { alias, description } from '../fields.ts'
import { creationTagsOr, tagged, tagMembers, tagsOf } from '../tags.ts'
import { decryptKeyMember, encryptKeyMember, encryptKeyOf, whiteBoxAlgorithms } from '../white-box.ts'

export const CreateWhiteBoxKey = action({
  name: 'CreateWhiteBoxKey',
  rights: { keys: 'kms:CreateWhiteBoxKey' },
  summary: 'Create a white-box key: it encrypts here, and its tables decrypt elsewhere.',
  evidence: documented(
    'CreateWhiteBoxKey page; that a new key is Enabled is inferred, the form of both keys is our own',
  ),

  request: {
    Alias: alias.describe('Alias, unique among the white-box keys of an account and region.'),
    Algorithm: choice(['AES_256', 'SM4']).describe('Cipher.'),
    Description: description.describe('Description.').optional(),
    Tags: creationTagsOr('InvalidParameterValue'),
  },
  response: { EncryptKey: encryptKeyMember, DecryptKey: decryptKeyMember, KeyId: z.string(), ...tagMembers },

  operation: createWhiteBoxKey,
  toCore: ({ Alias, Algorithm, Description = '', Tags }, { place }) => ({
    at: place,
    name: Alias,
    description: Description,
    algorithm: whiteBoxAlgorithms[Algorithm],
    tags: tagsOf(Tags),
  }),
  fromCore: ({ key, decryptKey }) => ({
    EncryptKey: encryptKeyOf(key),
    DecryptKey: base64FromBytes(decryptKey),
    KeyId: key.id,
    ...tagged(key.tags),
  }),

  errors: { ...plainValue, tooManyTags: 'InvalidParameterValue' },
})
