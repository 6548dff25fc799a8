import { documented } from '../../../../contract/evidence.ts'
import { identify } from '../../../../core/operations/session.ts'
import { action } from '../action.ts'
import { allProjects, listLinks, regionOf, regionsResponse } from '../records.ts'

export const ListRegions = action({
  name: 'KeystoneListRegions',
  rights: {},
  summary: 'List the regions of the installation that this cloud has a name for.',
  evidence: documented('IAM page; the Node SDK makes projects only in regions of type public'),
  request: {},
  response: regionsResponse,
  operation: identify,
  toCore: () => ({}),
  fromCore: ({ account }, { house }) => ({
    regions: allProjects(account, house).map(({ name }) => regionOf(name)),
    links: listLinks('/v3/regions'),
  }),
})
