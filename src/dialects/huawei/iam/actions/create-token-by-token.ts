import { inferred } from '../../../../contract/evidence.ts'
import { noted, z } from '../../../../contract/schema.ts'
import { Refusal } from '../../../../core/failure.ts'
import { delegate } from '../../../../core/operations/session.ts'
import { action } from '../action.ts'
import { regionIn, scope } from '../scope.ts'
import { fromIssued, nocatalog, tokenResponse, tokenSeconds } from '../token.ts'

const identity = z.strictObject({
  methods: z.array(z.literal('token')).length(1),
  token: z.strictObject({ id: z.string().min(1).max(4096) }).optional(),
})

export const CreateTokenByToken = action({
  name: 'KeystoneCreateUserTokenByToken',
  rights: {},
  summary: 'Take a token for another project of the same account; it ends when the first one does.',
  evidence: inferred('the vendor lists the method and has no page of it; the end is Keystone’s rule'),

  request: {
    auth: noted(z.strictObject({ identity, scope: scope.optional() }), { sensitive: true }).describe(
      'The token, which may be in X-Auth-Token instead, and what the new one is for.',
    ),
    nocatalog,
  },
  response: tokenResponse,

  operation: delegate,
  toCore({ auth }, here) {
    const region = regionIn(auth.scope, here.caller.account, here)
    if (region instanceof Refusal) return region
    return { name: 'token', form: 'bearer' as const, seconds: tokenSeconds, policy: null, region }
  },
  fromCore: (issued, here, asked) => fromIssued(issued, here, 'token', asked.nocatalog),
})
