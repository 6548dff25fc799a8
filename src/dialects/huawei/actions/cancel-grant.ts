import { documented } from '../../../contract/evidence.ts'
import { revokeGrant } from '../../../core/operations/grants.ts'
import { action } from '../action.ts'
import { keyId, sequence } from '../fields.ts'
import { grantId } from '../grants.ts'

export const CancelGrant = action({
  name: 'CancelGrant',
  rights: { key: 'kms:cmk:revokeGrant' },
  summary: 'Take a grant back (revoke-grant). Grants that its grantee made stay.',
  evidence: documented('revoke-grant page: only the user who made the key; the account itself may too is inferred'),

  request: { key_id: keyId.describe('The key.'), grant_id: grantId.describe('The grant.'), sequence },
  response: {},

  operation: revokeGrant,
  toCore: ({ key_id, grant_id }) => ({ keyId: key_id, grantId: grant_id.toLowerCase() }),
  fromCore: () => ({}),
})
