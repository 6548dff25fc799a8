import { documented } from '../../../../contract/evidence.ts'
import { z } from '../../../../contract/schema.ts'
import { identify } from '../../../../core/operations/session.ts'
import { projectsOf } from '../../projects.ts'
import { action } from '../action.ts'
import { allProjects, catalogOf, catalogRecord } from '../records.ts'

export const ShowCatalog = action({
  name: 'KeystoneShowCatalog',
  rights: {},
  summary: 'Tell where the services are; the same server has all of them.',
  evidence: documented('IAM page; both forks of golangsdk ask it, with the project in a header'),

  request: { 'X-Project-Id': z.string().max(64).describe('Only the region of this project.').optional() },
  response: { catalog: z.array(catalogRecord), links: z.object({ self: z.string() }) },

  operation: identify,
  toCore: () => ({}),
  fromCore({ account, session }, { house }, asked) {
    const all = allProjects(account, house)
    const header = projectsOf(account, house).get(asked['X-Project-Id'] ?? '')
    const named = header ?? all.find(({ region }) => region.id === session?.region)
    return { catalog: catalogOf(named ? [named] : all), links: { self: '/v3/auth/catalog' } }
  },
})
