/** The records of the identity service, and how rows are written as them. */
import { z } from '../../../contract/schema.ts'
import type { House } from '../../../core/house.ts'
import type { Account, Credential, Instant, Principal } from '../../../core/object.ts'
import { sha256Hex } from '../../../crypto/digest.ts'
import { type Project, projectsOf } from '../projects.ts'

/** UTC with six digits of a second, of which we know three. */
export const timeOf = (instant: Instant): string => new Date(instant).toISOString().replace('Z', '000Z')

/** Principals of before this cloud's ids have their own one. */
export const userIdOf = ({ id, external }: Pick<Principal, 'id' | 'external'>): string => external.userId ?? id
export const domainIdOf = ({ id, external }: Pick<Account, 'id' | 'external'>): string => external.domainId ?? id

/** Ids of things that have no row: the same for ever. */
const derivedId = (...parts: readonly string[]): string => sha256Hex(parts.join(' ')).slice(0, 32)

const self = z.object({ self: z.string() })
const pageLinks = z.object({ self: z.string(), next: z.null(), previous: z.null() })

export const listLinks = (path: string): z.output<typeof pageLinks> => ({ self: path, next: null, previous: null })

export const projectRecord = z.object({
  id: z.string(),
  name: z.string().describe('The name of its region.'),
  domain_id: z.string(),
  parent_id: z.string(),
  is_domain: z.literal(false),
  enabled: z.literal(true),
  description: z.literal(''),
  links: pageLinks,
})

export const projectOf = ({ id, name }: Project, account: Account): z.output<typeof projectRecord> => ({
  id,
  name,
  domain_id: domainIdOf(account),
  parent_id: domainIdOf(account),
  is_domain: false,
  enabled: true,
  description: '',
  links: listLinks(`/v3/projects/${id}`),
})

export const projectsResponse = { projects: z.array(projectRecord), links: pageLinks }

export const domainRecord = z.object({
  id: z.string(),
  name: z.string(),
  description: z.literal(''),
  enabled: z.literal(true),
  links: self,
})

export const domainOf = (account: Account): z.output<typeof domainRecord> => ({
  id: domainIdOf(account),
  name: account.name,
  description: '',
  enabled: true,
  links: { self: `/v3/domains/${domainIdOf(account)}` },
})

export const domainsResponse = { domains: z.array(domainRecord), links: self }

export const regionRecord = z.object({
  id: z.string(),
  type: z.literal('public'),
  parent_region_id: z.null(),
  description: z.literal(''),
  links: self,
  locales: z.object({ 'zh-cn': z.string(), 'en-us': z.string() }),
})

export const regionsResponse = { regions: z.array(regionRecord), links: pageLinks }

export const regionOf = (name: string): z.output<typeof regionRecord> => ({
  id: name,
  type: 'public',
  parent_region_id: null,
  description: '',
  links: { self: `/v3/regions/${name}` },
  locales: { 'zh-cn': name, 'en-us': name },
})

const endpoint = z.object({
  id: z.string(),
  interface: z.literal('public'),
  region: z.string(),
  region_id: z.string(),
  url: z.string(),
})

export const catalogRecord = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  endpoints: z.array(endpoint),
})

const endpointOf = (service: string, region: string, url: string): z.output<typeof endpoint> => ({
  id: derivedId('endpoint', service, region),
  interface: 'public',
  region,
  region_id: region,
  url,
})

/** What there is, in one project or in all of the account. */
export const catalogOf = (projects: readonly Project[]): z.output<typeof catalogRecord>[] => [
  {
    id: derivedId('service kms'),
    name: 'kms',
    type: 'kms',
    endpoints: projects.map(({ name }) => endpointOf('kms', name, '/v1.0')),
  },
  { id: derivedId('service iam'), name: 'iam', type: 'iam', endpoints: [endpointOf('iam', '*', '/v3.0')] },
]

export const allProjects = (account: Account, house: House): readonly Project[] => [
  ...projectsOf(account, house).values(),
]

const named = z.object({ id: z.string(), name: z.string() })
const inDomain = named.extend({ domain: named })

export const tokenRecord = z.object({
  methods: z.array(z.string()),
  issued_at: z.string(),
  expires_at: z.string(),
  user: inDomain.extend({ password_expires_at: z.literal('') }),
  project: inDomain.describe('Of a token for one project.').optional(),
  domain: named.describe('Of a token for the whole account.').optional(),
  roles: z.array(named),
  catalog: z.array(catalogRecord).describe('Empty with nocatalog.'),
})
export type TokenRecord = z.output<typeof tokenRecord>

export interface TokenFacts {
  readonly principal: Principal
  readonly account: Account
  readonly method: string
  readonly region: string | null
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  readonly withCatalog: boolean
}

export const tokenOf = (facts: TokenFacts, house: House): TokenRecord => {
  const { principal, account, region } = facts
  const domain = { id: domainIdOf(account), name: account.name }
  const projects = allProjects(account, house)
  const project = projects.find((one) => one.region.id === region)
  return {
    methods: [facts.method],
    issued_at: timeOf(facts.issuedAt),
    expires_at: timeOf(facts.expiresAt),
    user: { id: userIdOf(principal), name: principal.name, domain, password_expires_at: '' },
    ...(project ? { project: { id: project.id, name: project.name, domain } } : { domain }),
    roles: principal.root ? [{ id: '0', name: 'te_admin' }] : [],
    catalog: facts.withCatalog ? catalogOf(project ? [project] : projects) : [],
  }
}

const accessKeyMembers = {
  access: z.string(),
  user_id: z.string(),
  description: z.string(),
  status: z.enum(['active', 'inactive']),
  create_time: z.string(),
}

export const accessKeyRecord = z.object(accessKeyMembers)

export const accessKeyOf = (
  { id, description, disabled, createdAt }: Omit<Credential, 'secret'>,
  userId: string,
): z.output<typeof accessKeyRecord> => ({
  access: id,
  user_id: userId,
  description,
  status: disabled ? 'inactive' : 'active',
  create_time: timeOf(createdAt),
})
