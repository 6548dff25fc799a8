import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { describeCaller, endSessions } from '../../../core/operations/sign-in.ts'
import { action } from '../action.ts'
import { accountRef, principalOf, userRef } from '../fields.ts'

export const SessionEnd = action({
  name: 'session-end',
  rights: {},
  summary: 'Sign out of a console: its cookie is taken away. A token that is kept elsewhere lives on for its hour.',
  evidence: inferred('ours'),
  request: {},
  response: {},
  operation: describeCaller,
  toCore: () => ({}),
  fromCore: () => ({}),
})

export const SessionEndAll = action({
  name: 'session-end-all',
  rights: { principal: 'session:end-all' },
  summary: 'End all sessions of a user, tokens and temporary access keys of the clouds among them.',
  evidence: inferred('ours'),
  request: {
    user: userRef.describe('Name or number of the user; whoever asks when absent.').optional(),
    account: accountRef,
  },
  response: { id: z.string(), name: z.string() },
  operation: endSessions,
  async toCore({ user, account }, here) {
    if (user === undefined) return { principal: here.caller.principal.id }
    const principal = await principalOf(here, { user, account })
    return principal instanceof Refusal ? principal : { principal: principal.id }
  },
  fromCore: ({ id, name }) => ({ id, name }),
})
