import type { Here } from '../../../contract/action.ts'
import { inferred } from '../../../contract/evidence.ts'
import { integer, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import type { Trust } from '../../../core/object.ts'
import { createPrincipal, type NewPrincipal } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { accountId, accountRef, anyAccountId, name, principalOf } from '../fields.ts'

/** `account` trusts everybody in it whom its own policies let; `account/user` one user. */
const trust = text({ pattern: /^[0-9A-Za-z][0-9A-Za-z._@-]{0,63}(?:\/[0-9A-Za-z][0-9A-Za-z._@-]{0,63})?$/ })

const trustOf = async (written: string, here: Here): Promise<Trust | Refusal> => {
  const [asked = '', user] = written.split('/')
  // Whom a role trusts may be of any account; which users another one has is not told.
  const account = await anyAccountId(here, asked)
  if (account instanceof Refusal) return account
  if (user === undefined) return { account, principal: null }
  const principal = await principalOf(here, { user, account })
  return principal instanceof Refusal ? principal : { account, principal: principal.id }
}

export const RoleCreate = action({
  name: 'role-create',
  rights: { account: 'role:create' },
  summary:
    'Make a role of an account; it may do nothing until a policy says so, and whom it trusts may take sessions of it.',
  evidence: inferred('ours'),

  request: {
    name: name.describe('Name, unique among the roles of the account.'),
    account: accountRef,
    trusts: z.array(trust).min(1).max(100).describe('Accounts, or users as <account>/<user>.'),
    externalId: text({ charactersMax: 128 }).min(2).describe('What a caller must say beside.').optional(),
    sessionSecondsMax: integer({ min: 60, max: 43_200 }).describe('Longest session; 43200 when absent.').optional(),
  },
  response: { id: z.string(), name: z.string() },

  operation: createPrincipal,
  async toCore({ name: asked, account, externalId = null, sessionSecondsMax = 43_200, ...rest }, here) {
    const id = await accountId(here, account)
    if (id instanceof Refusal) return id
    const trusts: Trust[] = []
    for (const written of rest.trusts) {
      const read = await trustOf(written, here)
      if (read instanceof Refusal) return read
      trusts.push(read)
    }
    const role = { trusts, externalId, sessionSecondsMax }
    return { account: id, name: asked, role, ...here.house.identities.principal() } satisfies NewPrincipal
  },
  fromCore: ({ id, name: made }) => ({ id, name: made }),
})
