import { inferred } from '../../../contract/evidence.ts'
import { base64, integer } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { generateDataKey } from '../../../core/operations/cryptography.ts'
import { random } from '../../../core/operations/service.ts'
import { action } from '../action.ts'
import { context, keyRef } from '../key-fields.ts'

export const GenerateDataKey = action({
  name: 'generate-data-key',
  rights: { key: 'key:generate-data-key' },
  summary: 'Make a random data key, in clear and sealed under a key.',
  evidence: inferred('ours'),
  request: {
    key: keyRef,
    bytes: integer({ min: 1, max: 1024 }).describe('Its length; 32 when absent.').optional(),
    context: context(),
  },
  response: {
    plaintext: base64({ sensitive: true }),
    ciphertext: base64({ bytesMax: 16_384 }),
    keyId: z.string(),
  },
  operation: generateDataKey,
  toCore: ({ key: keyId, bytes = 32, context: said = noContext }) => ({ keyId, bytes, context: said }),
  fromCore: ({ keyId, plaintext, ciphertext }) => ({ plaintext, ciphertext, keyId }),
})

export const Random = action({
  name: 'random',
  rights: { service: 'service:random' },
  summary: 'Return random bytes.',
  evidence: inferred('ours'),
  request: { bytes: integer({ min: 1, max: 1024 }) },
  response: { bytes: base64({ sensitive: true }) },
  operation: random,
  toCore: ({ bytes }, { place }) => ({ at: place, bytes }),
  fromCore: ({ bytes }) => ({ bytes }),
})
