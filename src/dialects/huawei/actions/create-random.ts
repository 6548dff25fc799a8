import { documented } from '../../../contract/evidence.ts'
import { decimal } from '../../../contract/fields.ts'
import { noted, z } from '../../../contract/schema.ts'
import { random } from '../../../core/operations/service.ts'
import { action } from '../action.ts'
import { sequence } from '../fields.ts'

const wholeBytes = (bits: number): boolean => bits % 8 === 0

export const CreateRandom = action({
  name: 'CreateRandom',
  rights: { service: 'kms::generateRandom' },
  summary: 'Return random bits.',
  evidence: documented('gen-random page'),

  request: {
    random_data_length: decimal({ min: 8, max: 8192, code: 'KMS.1801' })
      .refine(wholeBytes, { message: 'must be a multiple of 8', params: { code: 'KMS.1802' } })
      .describe('How many bits: a multiple of 8.'),
    sequence,
  },
  response: { random_data: noted(z.string(), { form: 'hexadecimal in upper case', sensitive: true }) },

  operation: random,
  toCore: ({ random_data_length }, { place }) => ({ at: place, bytes: random_data_length / 8 }),
  fromCore: ({ bytes }) => ({ random_data: Buffer.from(bytes).toString('hex').toUpperCase() }),
})
