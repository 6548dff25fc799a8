import { documented } from '../../../contract/evidence.ts'
import { code } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { refuse } from '../../../core/failure.ts'
import { create } from '../../../core/operations/create.ts'
import { action } from '../action.ts'
import { alias, description, hsmClusterId, seconds } from '../fields.ts'
import { keyUsage, keyUsageOf, offeredAlgorithm, usageOf } from '../key-usages.ts'
import { creationTags, tagged, tagMembers, tagsOf } from '../tags.ts'

/** `Type`: where the material comes from. */
const imported = 2

export const CreateKey = action({
  name: 'CreateKey',
  rights: { keys: 'kms:CreateKey' },
  summary: 'Create a CMK.',
  evidence: documented('CreateKey page; the usages of post-quantum keys have no published name'),

  request: {
    Alias: alias.describe('Alias, unique per account and region.'),
    Description: description.describe('Description.').optional(),
    KeyUsage: keyUsage.describe('What the CMK is for; ENCRYPT_DECRYPT when absent.').optional(),
    Type: code([1, 2], { code: 'InvalidParameterValue.InvalidType' })
      .describe('Material: 1 made by KMS (when absent), 2 imported.')
      .optional(),
    Tags: creationTags,
    HsmClusterId: hsmClusterId.optional(),
  },
  response: {
    KeyId: z.string(),
    Alias: z.string(),
    CreateTime: z.int().describe('Unix seconds.'),
    Description: z.string(),
    KeyState: z.string(),
    KeyUsage: z.string(),
    ...tagMembers,
    HsmClusterId: z.string(),
  },

  operation: create,
  toCore({ Alias, Description = '', KeyUsage = 'ENCRYPT_DECRYPT', Type = 1, Tags }, { place, region }) {
    if (Type === imported && KeyUsage !== 'ENCRYPT_DECRYPT')
      return refuse({
        reason: 'invalidAttributeValue',
        member: 'Type',
        why: 'can be 2 only with ENCRYPT_DECRYPT',
        code: 'InvalidParameterValue.InvalidType',
      })
    const algorithm = offeredAlgorithm(KeyUsage, region)
    if (algorithm === undefined) return refuse({ reason: 'unsupportedCryptographicParameters' })
    const origin = Type === imported ? 'imported' : 'generated'
    return {
      at: place,
      name: Alias,
      description: Description,
      usage: usageOf(KeyUsage),
      algorithm,
      origin,
      tags: tagsOf(Tags),
    }
  },
  fromCore: (key) => ({
    KeyId: key.id,
    Alias: key.name,
    CreateTime: seconds(key.createdAt),
    Description: key.description,
    KeyState: key.materialPresent ? 'Enabled' : 'PendingImport',
    KeyUsage: keyUsageOf(key),
    ...tagged(key.tags),
    HsmClusterId: '',
  }),

  errors: {
    unsupportedCryptographicParameters: 'UnsupportedOperation.UnsupportedKeyUsageInCurrentRegion',
  },
})
