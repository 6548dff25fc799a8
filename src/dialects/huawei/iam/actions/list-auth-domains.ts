import { documented } from '../../../../contract/evidence.ts'
import { identify } from '../../../../core/operations/session.ts'
import { action } from '../action.ts'
import { domainOf, domainsResponse } from '../records.ts'

export const ListAuthDomains = action({
  name: 'KeystoneListAuthDomains',
  rights: {},
  summary: 'Tell the account of the caller.',
  evidence: documented('IAM page'),
  request: {},
  response: domainsResponse,
  operation: identify,
  toCore: () => ({}),
  fromCore: ({ account }) => ({ domains: [domainOf(account)], links: { self: '/v3/auth/domains' } }),
})
