import { documented } from '../../../contract/evidence.ts'
import { base64, choice, code, contextText, integer, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { generateDataKey } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { envelopeMembers, envelopeOf } from '../envelope-key.ts'
import { hsmClusterId, keyId } from '../fields.ts'

const specBytes = { AES_128: 16, AES_256: 32 } as const

export const GenerateDataKey = action({
  name: 'GenerateDataKey',
  rights: { key: 'kms:GenerateDataKey' },
  summary: 'Make a random data key, in clear and under a CMK.',
  evidence: documented('GenerateDataKey page; AES_256 when neither size is given is the rule of the 2019 page'),

  request: {
    KeyId: keyId.describe('The CMK.'),
    KeySpec: choice(['AES_128', 'AES_256']).describe('Size by name; AES_256 when no size is given.').optional(),
    NumberOfBytes: integer({ min: 1, max: 1024 }).describe('Size in bytes; wins over KeySpec.').optional(),
    EncryptionContext: contextText({ charactersMax: 1024 })
      .describe('JSON object as text; needed again to decrypt.')
      .optional(),
    ...envelopeMembers,
    IsHostedByKms: code([0, 1]).describe('1 would keep the data key; not offered yet.').optional(),
    DataKeyName: text({ charactersMax: 256 }).describe('Only of a hosted data key.').optional(),
    Description: text({ bytesMax: 100 }).describe('Only of a hosted data key.').optional(),
    HsmClusterId: hsmClusterId.optional(),
    Tags: z
      .array(z.strictObject({ TagKey: z.string(), TagValue: z.string() }))
      .max(50)
      .describe('Only of a hosted data key.')
      .optional(),
  },
  response: { KeyId: z.string(), Plaintext: base64({ sensitive: true }), CiphertextBlob: base64() },

  operation: generateDataKey,
  toCore({ KeyId, KeySpec = 'AES_256', NumberOfBytes, EncryptionContext = noContext, ...rest }) {
    if (rest.IsHostedByKms === 1) return refuse({ reason: 'featureNotSupported', feature: 'hosted data keys' })
    const bytes = NumberOfBytes ?? specBytes[KeySpec]
    const recipient = envelopeOf(rest)
    if (recipient instanceof Refusal) return recipient
    return { keyId: KeyId, bytes, context: EncryptionContext, ...(recipient ? { recipient } : {}) }
  },
  fromCore: ({ keyId: id, plaintext, ciphertext }) => ({ KeyId: id, Plaintext: plaintext, CiphertextBlob: ciphertext }),

  errors: {
    incompatibleCryptographicUsageMask: 'InvalidParameterValue.InvalidKeyUsage',
    wrongKeyLifecycleState: ({ state }) =>
      state === 'destructionScheduled' ? 'ResourceUnavailable.KeyPendingDelete' : 'ResourceUnavailable.CmkDisabled',
  },
})
