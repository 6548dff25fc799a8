import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { listAccounts } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { isoOf } from '../fields.ts'

export const AccountList = action({
  name: 'account-list',
  rights: { all: 'account:list' },
  summary: 'List the accounts.',
  evidence: inferred('ours'),

  request: {},
  response: { accounts: z.array(z.object({ id: z.string(), name: z.string(), createdAt: z.string() })) },

  operation: listAccounts,
  toCore: () => ({}),
  fromCore: (rows) => ({
    accounts: rows.map(({ id, name, createdAt }) => ({ id, name, createdAt: isoOf(createdAt) })),
  }),
})
