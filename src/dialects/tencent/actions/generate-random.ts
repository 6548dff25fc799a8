import { documented } from '../../../contract/evidence.ts'
import { base64, integer } from '../../../contract/fields.ts'
import { random } from '../../../core/operations/service.ts'
import { action } from '../action.ts'

export const GenerateRandom = action({
  name: 'GenerateRandom',
  rights: { service: 'kms:GenerateRandom' },
  summary: 'Return random bytes.',
  evidence: documented('GenerateRandom page'),

  request: { NumberOfBytes: integer({ min: 1, max: 1024 }).describe('How many.') },
  response: { Plaintext: base64({ sensitive: true }) },

  operation: random,
  toCore: ({ NumberOfBytes }, { place }) => ({ at: place, bytes: NumberOfBytes }),
  fromCore: ({ bytes }) => ({ Plaintext: bytes }),
})
