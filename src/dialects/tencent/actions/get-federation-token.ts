import { documented } from '../../../contract/evidence.ts'
import { integer, text } from '../../../contract/fields.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { federate } from '../../../core/operations/session.ts'
import { action } from '../action.ts'
import { fromIssued, issuedMembers, sessionPolicy, tooLong, toSessionPolicy, wrongParameter } from '../sts.ts'

/** Lifetimes at most, seconds. */
const secondsMax = { root: 7200, user: 129_600 }

export const GetFederationToken = action({
  name: 'GetFederationToken',
  rights: { service: 'sts:GetFederationToken' },
  summary: 'Take temporary keys of the caller, narrowed by a policy.',
  evidence: documented('GetFederationToken page; temporary keys may not ask for others is inferred'),

  request: {
    Name: text({ pattern: /^[A-Za-z][\w+=,.@-]{0,127}$/, code: wrongParameter }).describe(
      'What the session is called.',
    ),
    Policy: sessionPolicy.describe('URL-encoded policy; the session may do what it and the caller both may.'),
    DurationSeconds: integer({ min: 1, max: secondsMax.user, code: tooLong })
      .describe('Lifetime; 1800 when absent, at most 7200 for the root of an account.')
      .optional(),
  },
  response: issuedMembers,

  operation: federate,
  toCore({ Name, Policy, DurationSeconds = 1800 }, here) {
    const policy = toSessionPolicy(Policy, here)
    if (policy instanceof Refusal) return policy
    const most = here.caller.principal.root ? secondsMax.root : secondsMax.user
    if (DurationSeconds > most) return refuse({ reason: 'sessionTooLong' })
    return { at: here.place, name: Name, seconds: DurationSeconds, policy }
  },
  fromCore: fromIssued,

  errors: { sessionTooLong: tooLong },
})
