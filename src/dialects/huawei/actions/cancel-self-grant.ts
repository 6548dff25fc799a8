import { documented } from '../../../contract/evidence.ts'
import { retireGrant } from '../../../core/operations/grants.ts'
import { action } from '../action.ts'
import { keyId, sequence } from '../fields.ts'
import { grantId } from '../grants.ts'

export const CancelSelfGrant = action({
  name: 'CancelSelfGrant',
  rights: { key: 'kms:cmk:retireGrant' },
  summary: 'Give a grant back (retire-grant). Grants that its grantee made stay.',
  evidence: documented('retire-grant page'),

  request: { key_id: keyId.describe('The key.'), grant_id: grantId.describe('The grant.'), sequence },
  response: {},

  operation: retireGrant,
  toCore: ({ key_id, grant_id }) => ({ keyId: key_id, grantId: grant_id.toLowerCase() }),
  fromCore: () => ({}),
})
