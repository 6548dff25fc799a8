import { eitherOf } from '../../../contract/action.ts'
import { documented } from '../../../contract/evidence.ts'
import { base64, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { generateDataKey } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { generationErrors, generationMembers, generationOf, hosting } from '../data-keys.ts'
import { creationTags } from '../tags.ts'
import { HostedDataKey } from './generate-data-key-hosted.ts'

const NotHosted = action({
  name: 'GenerateDataKey',
  rights: { key: 'kms:GenerateDataKey' },
  summary: 'Make a random data key, in clear and under a CMK, and host it if that is asked.',
  evidence: documented('GenerateDataKey page; AES_256 when neither size is given is the rule of the 2019 page'),

  request: {
    ...generationMembers,
    DataKeyName: text({ charactersMax: 256 })
      .describe('Required of a hosted data key, and then by the rule of aliases; unique per account and region.')
      .optional(),
    Description: text({ bytesMax: 100 }).describe('Only of a hosted data key.').optional(),
    Tags: creationTags,
  },
  response: {
    KeyId: z.string(),
    Plaintext: base64({ sensitive: true }),
    CiphertextBlob: base64(),
    DataKeyId: z.string().describe('Only of a hosted data key.').optional(),
    TagCode: z.int().describe('Only of a hosted data key; 0: the tags were attached.').optional(),
    TagMsg: z.string().describe('Only of a hosted data key.').optional(),
  },

  operation: generateDataKey,
  toCore: generationOf,
  fromCore: ({ keyId, plaintext, ciphertext }) => ({ KeyId: keyId, Plaintext: plaintext, CiphertextBlob: ciphertext }),

  errors: generationErrors,
})

/** By the member's own rule, so that both agree on what is 1. */
const asksToHost = (members: unknown): boolean =>
  hosting.safeParse((members as { IsHostedByKms?: unknown } | null)?.IsHostedByKms).data === 1

export const GenerateDataKey = eitherOf(NotHosted, HostedDataKey, asksToHost)
