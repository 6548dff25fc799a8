import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { type ListRequest, listObjects } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'

export const AccountList = action({
  name: 'account-list',
  rights: { all: 'account:list' },
  summary: 'List the accounts.',
  evidence: inferred('ours'),

  request: {},
  response: { accounts: z.array(z.object({ uin: z.string(), name: z.string(), createdAt: z.string() })) },

  operation: listObjects,
  toCore: (): ListRequest => ({ kind: 'account', account: undefined }),
  fromCore: (rows) => ({
    accounts: rows.flatMap((row) =>
      row.kind === 'account' ? [{ uin: row.id, name: row.name, createdAt: new Date(row.createdAt).toISOString() }] : [],
    ),
  }),
})
