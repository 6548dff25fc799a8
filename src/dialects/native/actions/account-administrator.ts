import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { setAdministrator } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { accountId, name } from '../fields.ts'

export const AccountAdministrator = action({
  name: 'account-administrator',
  rights: { account: 'account:administrator' },
  summary: 'Make an account a member of the organisation of another one, whose users may then act for it; or of none.',
  evidence: inferred('ours'),

  request: {
    account: name.describe('Name or number of the member.'),
    administrator: name.describe('Name or number of the account that administers it; nobody when absent.').optional(),
  },
  response: { id: z.string(), name: z.string(), administrator: z.string().nullable() },

  operation: setAdministrator,
  async toCore({ account: asked, administrator: by }, here) {
    const account = await accountId(here, asked)
    if (account instanceof Refusal) return account
    const administrator = by === undefined ? null : await accountId(here, by)
    return administrator instanceof Refusal ? administrator : { account, administrator }
  },
  fromCore: ({ id, name: member, administrator }) => ({ id, name: member, administrator }),
})
