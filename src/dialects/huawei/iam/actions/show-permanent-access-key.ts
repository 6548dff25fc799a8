import { documented } from '../../../../contract/evidence.ts'
import { describeCredential } from '../../../../core/operations/administer.ts'
import { accessKeyId, credentialBody } from '../access-keys.ts'
import { action } from '../action.ts'
import { accessKeyOf, accessKeyRecord, userIdOf } from '../records.ts'

export const ShowPermanentAccessKey = action({
  name: 'ShowPermanentAccessKey',
  rights: { credential: 'iam:credentials:getCredential' },
  summary: 'Read an access key, without its secret.',
  evidence: documented('IAM page; when a key was last used is not known'),
  request: { access_key: accessKeyId.describe('The access key.') },
  response: credentialBody(accessKeyRecord),
  operation: describeCredential,
  toCore: ({ access_key }) => ({ id: access_key }),
  fromCore: ({ credential, principal }) => ({ credential: accessKeyOf(credential, userIdOf(principal)) }),
})
