import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { listGrants } from '../../../core/operations/grants.ts'
import { action } from '../action.ts'
import { keyId, sequence } from '../fields.ts'
import { grantRecord, grantRecordOf } from '../grants.ts'
import { nextOf, pageMembers, pageOf, pageResult } from '../paging.ts'

export const ListGrants = action({
  name: 'ListGrants',
  rights: { key: 'kms:cmk:listGrants' },
  summary: 'List the grants of a key, oldest first.',
  evidence: documented('list-grants page; the order is inferred'),

  request: { key_id: keyId.describe('The key.'), ...pageMembers, sequence },
  response: { grants: z.array(grantRecord), ...pageResult },

  operation: listGrants,
  toCore: ({ key_id, ...page }) => ({ keyId: key_id, page: pageOf(page) }),
  fromCore: ({ grants, total }, _here, asked) => ({
    grants: grants.map(grantRecordOf),
    ...nextOf(asked, grants.length, total),
  }),
})
