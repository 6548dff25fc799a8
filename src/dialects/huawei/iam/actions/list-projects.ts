/** The two lists of projects, which are the same but for what they can be asked. */
import type { Here } from '../../../../contract/action.ts'
import { documented, inferred } from '../../../../contract/evidence.ts'
import { integer } from '../../../../contract/fields.ts'
import { z } from '../../../../contract/schema.ts'
import { identify } from '../../../../core/operations/session.ts'
import { action } from '../action.ts'
import { allProjects, domainIdOf, listLinks, projectOf, projectsResponse } from '../records.ts'

const word = z.string().max(64)
const flag = z.preprocess((value) => (typeof value === 'string' ? value === 'true' : value), z.boolean())

const recordsOf = ({ caller: { account }, house }: Here) =>
  allProjects(account, house).map((project) => projectOf(project, account))

export const ListProjects = action({
  name: 'KeystoneListProjects',
  rights: {},
  summary: 'List the projects of the account: one for each region that this cloud knows, of the same name.',
  evidence: documented('IAM page; every SDK without a project asks by the name of its region and wants exactly one'),

  request: {
    name: word.describe('Only the project of this name.').optional(),
    domain_id: word.describe('Only of this account; of another there are none.').optional(),
    parent_id: word.describe('As domain_id: there are no projects in projects.').optional(),
    enabled: flag.describe('All of them are.').optional(),
    is_domain: flag.describe('None of them is.').optional(),
    page: integer({ min: 1, max: 10_000 }).describe('With per_page: which part, from 1.').optional(),
    per_page: integer({ min: 1, max: 5000 }).describe('How many in a part.').optional(),
  },
  response: projectsResponse,

  operation: identify,
  toCore: () => ({}),
  fromCore({ account }, here, { name, domain_id, parent_id, enabled = true, is_domain = false, ...part }) {
    const { page = 1, per_page = 5000 } = part
    const domain = domainIdOf(account)
    const own = [domain_id, parent_id].every((asked) => asked === undefined || asked === domain)
    const all = own && enabled && !is_domain ? recordsOf(here) : []
    const found = all.filter((project) => name === undefined || project.name === name)
    return { projects: found.slice((page - 1) * per_page, page * per_page), links: listLinks('/v3/projects') }
  },
})

export const ListAuthProjects = action({
  name: 'KeystoneListAuthProjects',
  rights: {},
  summary: 'List the projects that the caller may ask a token for: all of its account.',
  evidence: inferred('IAM page; which of them a user may use is not asked'),
  request: {},
  response: projectsResponse,
  operation: identify,
  toCore: () => ({}),
  fromCore: (_caller, here) => ({ projects: recordsOf(here), links: listLinks('/v3/auth/projects') }),
})
