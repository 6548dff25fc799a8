import { documented } from '../../../../contract/evidence.ts'
import { noted, z } from '../../../../contract/schema.ts'
import { Refusal, refuse } from '../../../../core/failure.ts'
import { createCredential } from '../../../../core/operations/administer.ts'
import { accessKeyDescription, credentialBody, userNamed } from '../access-keys.ts'
import { action } from '../action.ts'
import { accessKeyOf, accessKeyRecord } from '../records.ts'

export const CreatePermanentAccessKey = action({
  name: 'CreatePermanentAccessKey',
  rights: { principal: 'iam:credentials:createCredential' },
  summary:
    'Make an access key of this cloud, of the caller or of a user of its account; its secret is shown this once.',
  evidence: documented('IAM page; a user needs no permission for its own keys, unless a policy denies it'),

  request: {
    credential: z
      .strictObject({ user_id: z.string().min(1).max(64), description: accessKeyDescription.optional() })
      .describe('Whose key it will be.'),
  },
  response: credentialBody(accessKeyRecord.extend({ secret: noted(z.string(), { sensitive: true }) })),

  operation: createCredential,
  async toCore({ credential: { user_id, description = '' } }, here) {
    const principal = await userNamed(user_id, here)
    if (principal instanceof Refusal) return principal
    const made = here.house.accessKeys.huawei?.('permanent')
    return made
      ? { principal, dialect: 'huawei', description, ...made }
      : refuse({ reason: 'featureNotSupported', feature: 'access keys' })
  },
  fromCore: (made, _here, { credential }) => ({
    credential: { ...accessKeyOf(made, credential.user_id), secret: made.secret },
  }),
})
