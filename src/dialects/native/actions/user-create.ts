import { inferred } from '../../../contract/evidence.ts'
import { Refusal } from '../../../core/failure.ts'
import { createPrincipal } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { accountId, accountRef, name } from '../fields.ts'
import { userMembers, userShown } from '../people.ts'

export const UserCreate = action({
  name: 'user-create',
  rights: { account: 'user:create' },
  summary: 'Make a user of an account; it may do nothing until a policy says so.',
  evidence: inferred('ours'),

  request: { name: name.describe('Name, unique in the account.'), account: accountRef },
  response: userMembers,

  operation: createPrincipal,
  async toCore({ name: asked, account }, here) {
    const id = await accountId(here, account)
    return id instanceof Refusal ? id : { account: id, name: asked, role: null, ...here.house.identities.principal() }
  },
  fromCore: userShown,
})
