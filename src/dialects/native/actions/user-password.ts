import { inferred } from '../../../contract/evidence.ts'
import { noted, z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { setPassword } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { accountRef, name, principalOf } from '../fields.ts'
import { userMembers, userShown } from '../people.ts'

export const UserPassword = action({
  name: 'user-password',
  rights: { principal: 'user:password' },
  summary: 'Give a user a password for signing in, or take it away; its tokens end.',
  evidence: inferred('ours; at least 8 characters as NIST SP 800-63B, section 5.1.1.2, asks'),

  request: {
    user: name.describe('Name or number of the user.'),
    account: accountRef,
    password: noted(z.string().min(8, 'must be at least 8 characters').max(128, 'must be at most 128 characters'), {
      sensitive: true,
    })
      .describe('The password; none when absent.')
      .optional(),
  },
  response: userMembers,

  operation: setPassword,
  async toCore({ user, account, password = null }, here) {
    const principal = await principalOf(here, { user, account })
    return principal instanceof Refusal ? principal : { principal: principal.id, password }
  },
  fromCore: userShown,
})
