import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { listPrincipals } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { accountId, accountRef } from '../fields.ts'
import { userMembers, userShown } from '../people.ts'

export const UserList = action({
  name: 'user-list',
  rights: { all: 'user:list' },
  summary: 'List the users of an account.',
  evidence: inferred('ours'),

  request: { account: accountRef },
  response: { users: z.array(z.object(userMembers)) },

  operation: listPrincipals,
  async toCore({ account }, here): Promise<{ account: string } | Refusal> {
    const id = await accountId(here, account)
    return id instanceof Refusal ? id : { account: id }
  },
  fromCore: (rows) => ({ users: rows.filter(({ role }) => role === null).map(userShown) }),
})
