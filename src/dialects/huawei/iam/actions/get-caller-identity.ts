import { documented } from '../../../../contract/evidence.ts'
import { z } from '../../../../contract/schema.ts'
import type { Caller } from '../../../../core/access/caller.ts'
import { identify } from '../../../../core/operations/session.ts'
import { action } from '../action.ts'
import { domainIdOf, userIdOf } from '../records.ts'

const urnOf = ({ account, principal, session }: Caller): string => {
  const domain = domainIdOf(account)
  return principal.role
    ? `sts::${domain}:assumed-agency:${principal.name}/${session?.name ?? ''}`
    : `iam::${domain}:user:${principal.name}`
}

export const GetCallerIdentity = action({
  name: 'GetCallerIdentity',
  rights: {},
  summary: 'Tell who the caller is.',
  evidence: documented('STS page; Terraform reads account_id'),
  request: {},
  response: { account_id: z.string(), principal_id: z.string(), principal_urn: z.string() },
  operation: identify,
  toCore: () => ({}),
  fromCore: (caller) => ({
    account_id: domainIdOf(caller.account),
    principal_id: userIdOf(caller.principal),
    principal_urn: urnOf(caller),
  }),
})
