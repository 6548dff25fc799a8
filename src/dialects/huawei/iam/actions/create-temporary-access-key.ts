/** Temporary access keys, of the caller itself or of an agency: one call, told apart by its method. */
import { eitherOf, type Here } from '../../../../contract/action.ts'
import { documented } from '../../../../contract/evidence.ts'
import { integer } from '../../../../contract/fields.ts'
import { noted, z } from '../../../../contract/schema.ts'
import { Refusal } from '../../../../core/failure.ts'
import { assumeRole, delegate, type Issued } from '../../../../core/operations/session.ts'
import { action } from '../action.ts'
import { agencyMembers, agencyOf } from '../agency.ts'
import { narrowingPolicy, toNarrowing } from '../narrowing.ts'
import { timeOf } from '../records.ts'

const name = 'CreateTemporaryAccessKey'
const duration = integer({ min: 900, max: 86_400 }).optional()
const secondsWithoutWord = 900

const response = {
  credential: z.object({
    access: z.string(),
    secret: noted(z.string(), { sensitive: true }),
    securitytoken: noted(z.string(), { sensitive: true }),
    expires_at: z.string(),
  }),
}

const fromIssued = ({ id, secret, token, expiresAt }: Issued) => ({
  credential: { access: id, secret, securitytoken: token, expires_at: timeOf(expiresAt) },
})

const ByToken = action({
  name,
  rights: {},
  summary: 'Take temporary access keys of the caller itself, or of an agency that trusts it.',
  evidence: documented('IAM page: 900 to 86,400 seconds; that they end with the token is inferred'),

  request: {
    auth: noted(
      z.strictObject({
        identity: z.strictObject({
          methods: z.array(z.literal('token')).length(1),
          policy: narrowingPolicy.optional(),
          token: z.strictObject({ id: z.string().max(4096).optional(), duration_seconds: duration }).optional(),
        }),
      }),
      { sensitive: true },
    ).describe('How long they live, 900 seconds when absent, and a policy that narrows them.'),
  },
  response,

  operation: delegate,
  toCore({ auth: { identity } }, here: Here) {
    const policy = toNarrowing(identity.policy, here)
    if (policy instanceof Refusal) return policy
    return { name: 'token', seconds: identity.token?.duration_seconds ?? secondsWithoutWord, policy }
  },
  fromCore: fromIssued,
})

const ByAgency = action({
  name,
  rights: { role: 'iam:tokens:assume' },
  summary: 'Take temporary access keys of an agency that trusts the caller.',
  evidence: documented('IAM page'),

  request: {
    auth: noted(
      z.strictObject({
        identity: z.strictObject({
          methods: z.array(z.literal('assume_role')).length(1),
          policy: narrowingPolicy.optional(),
          assume_role: z.strictObject({
            ...agencyMembers,
            duration_seconds: duration,
            session_user: z.strictObject({ name: z.string().min(1).max(64).optional() }).optional(),
          }),
        }),
      }),
      { sensitive: true },
    ).describe('The agency, what the session is called, how long the keys live, and a policy that narrows them.'),
  },
  response,

  operation: assumeRole,
  async toCore({ auth: { identity } }, here) {
    const { duration_seconds: seconds = secondsWithoutWord, session_user, ...asked } = identity.assume_role
    // Read first: what is said of it must not tell that there is such an agency.
    const policy = toNarrowing(identity.policy, here)
    if (policy instanceof Refusal) return policy
    const agency = await agencyOf(asked, here)
    if (agency instanceof Refusal) return agency
    return { role: agency.role.id, name: session_user?.name ?? 'assume_role', seconds, policy, externalId: null }
  },
  fromCore: fromIssued,

  errors: { objectNotFound: 'forbidden' },
})

const methodsOf = (members: unknown): unknown =>
  (members as { auth?: { identity?: { methods?: unknown } } })?.auth?.identity?.methods

export const CreateTemporaryAccessKey = eitherOf(ByToken, ByAgency, (members) => {
  const methods = methodsOf(members)
  return Array.isArray(methods) && methods[0] === 'assume_role'
})
