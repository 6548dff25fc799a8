import { documented } from '../../../../contract/evidence.ts'
import { z } from '../../../../contract/schema.ts'
import { changeCredential } from '../../../../core/operations/administer.ts'
import { accessKeyDescription, accessKeyId, credentialBody } from '../access-keys.ts'
import { action } from '../action.ts'
import { accessKeyOf, accessKeyRecord, userIdOf } from '../records.ts'

export const UpdatePermanentAccessKey = action({
  name: 'UpdatePermanentAccessKey',
  rights: { credential: 'iam:credentials:updateCredential' },
  summary: 'Take an access key out of use, return it, or describe it.',
  evidence: documented('IAM page'),

  request: {
    access_key: accessKeyId.describe('The access key.'),
    credential: z
      .strictObject({
        status: z.enum(['active', 'inactive']).optional(),
        description: accessKeyDescription.optional(),
      })
      .describe('What is not named stays as it is.'),
  },
  response: credentialBody(accessKeyRecord),

  operation: changeCredential,
  toCore: ({ access_key, credential: { status, description } }) => ({
    id: access_key,
    ...(status === undefined ? {} : { disabled: status === 'inactive' }),
    ...(description === undefined ? {} : { description }),
  }),
  fromCore: ({ credential, principal }) => ({ credential: accessKeyOf(credential, userIdOf(principal)) }),
})
