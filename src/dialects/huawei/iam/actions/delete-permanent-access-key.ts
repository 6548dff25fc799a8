import { documented } from '../../../../contract/evidence.ts'
import { deleteCredential } from '../../../../core/operations/administer.ts'
import { accessKeyId } from '../access-keys.ts'
import { action } from '../action.ts'

export const DeletePermanentAccessKey = action({
  name: 'DeletePermanentAccessKey',
  rights: { credential: 'iam:credentials:deleteCredential' },
  summary: 'Remove an access key for good.',
  evidence: documented('IAM page'),
  request: { access_key: accessKeyId.describe('The access key.') },
  response: {},
  operation: deleteCredential,
  toCore: ({ access_key }) => ({ id: access_key }),
  fromCore: () => ({}),
})
