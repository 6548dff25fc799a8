import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { listRetirableGrants } from '../../../core/operations/grants.ts'
import { action } from '../action.ts'
import { sequence } from '../fields.ts'
import { callingUser, grantRecord, grantRecordOf } from '../grants.ts'
import { nextOf, pageMembers, pageOf, pageResult } from '../paging.ts'

export const ListRetirableGrants = action({
  name: 'ListRetirableGrants',
  rights: { keys: 'kms:cmk:listRetirableGrants' },
  summary: 'List the grants that name the caller as retiring_principal, of every account in the region.',
  evidence: inferred('list-retirable-grants page, which does not say what makes a grant retirable'),

  request: { ...pageMembers, sequence },
  response: { grants: z.array(grantRecord), ...pageResult },

  operation: listRetirableGrants,
  toCore: (page, { caller, place }) => ({
    at: place,
    retiring: callingUser(caller),
    page: pageOf(page),
  }),
  fromCore: ({ grants, total }, _here, asked) => ({
    grants: grants.map(grantRecordOf),
    ...nextOf(asked, grants.length, total),
  }),
})
