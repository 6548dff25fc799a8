import { documented } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { hostDataKey } from '../../../core/operations/data-keys.ts'
import { action } from '../action.ts'
import { dataKeyDescription, dataKeyName, generationErrors, generationMembers, generationOf } from '../data-keys.ts'
import { creationTags, tagged, tagMembers, tagsOf } from '../tags.ts'

/** GenerateDataKey with IsHostedByKms 1. */
export const HostedDataKey = action({
  name: 'GenerateDataKey',
  rights: { key: 'kms:GenerateDataKey' },
  summary: 'Make a random data key and host it.',
  evidence: documented('GenerateDataKey page; the rule of names and that they are unique by region are inferred'),

  request: {
    ...generationMembers,
    DataKeyName: dataKeyName.describe('Name, unique per account and region.').optional(),
    Description: dataKeyDescription.describe('Description.').optional(),
    Tags: creationTags,
  },
  response: {
    KeyId: z.string(),
    Plaintext: base64({ sensitive: true }),
    CiphertextBlob: base64(),
    DataKeyId: z.string(),
    ...tagMembers,
  },

  operation: hostDataKey,
  toCore(members, { place }) {
    const { DataKeyName, Description = '', Tags } = members
    if (DataKeyName === undefined) return refuse({ reason: 'missingData', member: 'DataKeyName' })
    const generation = generationOf(members)
    if (generation instanceof Refusal) return generation
    return { ...generation, at: place, name: DataKeyName, description: Description, tags: tagsOf(Tags) }
  },
  fromCore: ({ dataKey, plaintext, ciphertext }) => ({
    KeyId: dataKey.key,
    Plaintext: plaintext,
    CiphertextBlob: ciphertext,
    DataKeyId: dataKey.id,
    ...tagged(dataKey.tags),
  }),

  errors: { ...generationErrors, nonUniqueNameAttribute: 'InvalidParameterValue.DataKeyNameAlreadyExists' },
})
