import { inferred } from '../../../contract/evidence.ts'
import { revokeGrant } from '../../../core/operations/grants.ts'
import { action } from '../action.ts'
import { id, keyRef } from '../key-fields.ts'

export const GrantRevoke = action({
  name: 'grant-revoke',
  rights: { key: 'grant:revoke' },
  summary: 'Take a grant of a key back.',
  evidence: inferred('ours'),
  request: { key: keyRef, grant: id.describe('Id of the grant.') },
  response: {},
  operation: revokeGrant,
  toCore: ({ grant: grantId, key: keyId }) => ({ grantId, keyId }),
  fromCore: () => ({}),
})
