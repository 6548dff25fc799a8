import { documented } from '../../../../contract/evidence.ts'
import { noted, z } from '../../../../contract/schema.ts'
import { Refusal } from '../../../../core/failure.ts'
import { delegate } from '../../../../core/operations/session.ts'
import { action } from '../action.ts'
import { passwordUser } from '../password.ts'
import { regionIn, scope } from '../scope.ts'
import { fromIssued, nocatalog, tokenResponse, tokenSeconds } from '../token.ts'

const identity = z.strictObject({
  methods: z.array(z.literal('password')).length(1),
  password: z.strictObject({ user: passwordUser }),
})

export const CreateTokenByPassword = action({
  name: 'KeystoneCreateUserTokenByPassword',
  rights: {},
  summary: 'Sign in by a password; the token is for one project, or for the whole account.',
  evidence: documented('IAM page; a user by its id is the Keystone form that one client can send'),

  request: {
    auth: noted(z.strictObject({ identity, scope: scope.optional() }), { sensitive: true }).describe(
      'Who signs in, and for what.',
    ),
    nocatalog,
  },
  response: tokenResponse,

  operation: delegate,
  toCore({ auth }, here) {
    const region = regionIn(auth.scope, here.caller.account, here)
    if (region instanceof Refusal) return region
    return { name: 'password', form: 'bearer' as const, seconds: tokenSeconds, policy: null, region }
  },
  fromCore: (issued, here, asked) => fromIssued(issued, here, 'password', asked.nocatalog),
})
