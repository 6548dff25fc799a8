import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { type ListRequest, listObjects } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { accountId, accountRef } from '../fields.ts'

const user = z.object({
  uin: z.string(),
  name: z.string(),
  root: z.boolean(),
  policies: z.int(),
  createdAt: z.string(),
})

export const UserList = action({
  name: 'user-list',
  rights: { all: 'user:list' },
  summary: 'List the users of an account.',
  evidence: inferred('ours'),

  request: { account: accountRef },
  response: { users: z.array(user) },

  operation: listObjects,
  async toCore({ account }, here): Promise<ListRequest | Refusal> {
    const id = await accountId(here, account)
    return id instanceof Refusal ? id : { kind: 'principal', account: id }
  },
  fromCore: (rows) => ({
    users: rows.flatMap((row) =>
      row.kind === 'principal' && !row.role
        ? [
            {
              uin: row.id,
              name: row.name,
              root: row.root,
              policies: row.policies.length,
              createdAt: new Date(row.createdAt).toISOString(),
            },
          ]
        : [],
    ),
  }),
})
