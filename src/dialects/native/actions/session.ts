import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { noted, z } from '../../../contract/schema.ts'
import { describeCaller, renewSession, signIn } from '../../../core/operations/sign-in.ts'
import { action } from '../action.ts'
import {
  issuedMembers,
  issuedShown,
  renewableSeconds,
  sessionMembers,
  sessionSeconds,
  sessionShown,
} from '../session-fields.ts'

const word = text({ charactersMax: 256 })
const secret = noted(z.string().min(1).max(256), { sensitive: true })

export const SessionCreate = action({
  name: 'session-create',
  rights: {},
  summary: 'Sign in with an access key pair, or as a user with a password.',
  evidence: inferred('ours'),
  request: {
    accessKey: word.describe('Id of an access key of either cloud.').optional(),
    secretKey: secret.describe('Its secret.').optional(),
    account: word.describe('Name or number of the account; the first account when absent.').optional(),
    user: word.describe('Name of the user.').optional(),
    password: secret.describe('The password.').optional(),
    console: z.boolean().describe('Keep the session in a cookie instead of answering a token.').optional(),
  },
  response: issuedMembers,
  operation: signIn,
  toCore: () => ({ name: 'session', form: 'bearer' as const, seconds: sessionSeconds, renewableSeconds }),
  fromCore: issuedShown,
})

export const SessionRenew = action({
  name: 'session-renew',
  rights: {},
  summary: 'Take the session anew, for an hour more; up to twelve hours after signing in.',
  evidence: inferred('ours'),
  request: {},
  response: issuedMembers,
  operation: renewSession,
  toCore: () => ({ name: 'session', form: 'bearer' as const, seconds: sessionSeconds }),
  fromCore: issuedShown,
})

export const SessionShow = action({
  name: 'session-show',
  rights: {},
  summary: 'Tell who is signed in, and what regions there are.',
  evidence: inferred('ours'),
  request: {},
  response: sessionMembers,
  operation: describeCaller,
  toCore: () => ({}),
  fromCore: (signed, here) => sessionShown(signed, here, signed.caller.session ?? {}),
})
