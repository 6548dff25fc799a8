import type { Here } from '../../../contract/action.ts'
import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { changePrincipal, deleteUser, describePrincipal } from '../../../core/operations/principals.ts'
import { action } from '../action.ts'
import { accountRef, principalOf, userRef } from '../fields.ts'
import { userMembers, userShown } from '../people.ts'

const request = { user: userRef, account: accountRef }

const named = async (asked: { user: string; account?: string | undefined }, here: Here) => {
  const principal = await principalOf(here, asked)
  return principal instanceof Refusal ? principal : { principal: principal.id }
}

export const UserShow = action({
  name: 'user-show',
  rights: { principal: 'user:show' },
  summary: 'Read a user.',
  evidence: inferred('ours'),
  request,
  response: userMembers,
  operation: describePrincipal,
  toCore: named,
  fromCore: userShown,
})

export const UserChange = action({
  name: 'user-change',
  rights: { principal: 'user:change' },
  summary: 'Shut a user out, or let it in again; its sessions end.',
  evidence: inferred('ours'),
  request: { ...request, disabled: z.boolean().describe('Whether it is shut out.') },
  response: userMembers,
  operation: changePrincipal,
  async toCore({ disabled, ...asked }, here) {
    const found = await named(asked, here)
    return found instanceof Refusal ? found : { ...found, disabled }
  },
  fromCore: userShown,
})

export const UserDelete = action({
  name: 'user-delete',
  rights: { principal: 'user:delete' },
  summary: 'Remove a user, its access keys and its policies.',
  evidence: inferred('ours'),
  request,
  response: { id: z.string(), name: z.string() },
  operation: deleteUser,
  toCore: named,
  fromCore: ({ id, name }) => ({ id, name }),
})
