/** The third way to ask for a token; `transport.ts` tells them apart. */
import { documented } from '../../../../contract/evidence.ts'
import { noted, z } from '../../../../contract/schema.ts'
import { Refusal } from '../../../../core/failure.ts'
import { assumeRole } from '../../../../core/operations/session.ts'
import { action } from '../action.ts'
import { agencyMembers, agencyOf, unlessStranger } from '../agency.ts'
import { regionIn, scope } from '../scope.ts'
import { fromIssued, nocatalog, tokenResponse, tokenSeconds } from '../token.ts'

const identity = z.strictObject({
  methods: z.array(z.literal('assume_role')).length(1),
  assume_role: z.strictObject(agencyMembers),
})

export const CreateTokenByAgency = action({
  name: 'KeystoneCreateAgencyToken',
  rights: { role: 'iam:tokens:assume' },
  summary: 'Take a token of an agency that trusts the caller; it lives as long as the agency lets it, at most a day.',
  evidence: documented('IAM page; an agency that is not there or does not trust the caller is 403 alike (inferred)'),

  request: {
    auth: noted(z.strictObject({ identity, scope: scope.optional() }), { sensitive: true }).describe(
      'The agency, and what the token is for.',
    ),
    nocatalog,
  },
  response: tokenResponse,

  operation: assumeRole,
  async toCore({ auth }, here) {
    const agency = await agencyOf(auth.identity.assume_role, here)
    if (agency instanceof Refusal) return agency
    const region = regionIn(auth.scope, agency.account, here)
    if (region instanceof Refusal) return unlessStranger(agency, region, here)
    const seconds = Math.min(tokenSeconds, agency.role.role?.sessionSecondsMax ?? 0)
    const form = 'bearer' as const
    return { role: agency.role.id, name: 'assume_role', form, seconds, policy: null, externalId: null, region }
  },
  fromCore: (issued, here, asked) => fromIssued(issued, here, 'assume_role', asked.nocatalog),

  errors: { objectNotFound: 'forbidden' },
})
