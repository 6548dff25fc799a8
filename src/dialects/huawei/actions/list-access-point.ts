import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { listAccessPoints } from '../../../core/operations/access-points.ts'
import { action } from '../action.ts'
import {
  accessPointRecord,
  accessPointRecordOf,
  pageInfo,
  spacePage,
  spacePageMembers,
  spacePageOf,
} from '../key-spaces.ts'

export const ListAccessPoint = action({
  name: 'ListAccessPoint',
  rights: { accessPoints: 'kms:accessPoint:list' },
  summary: 'List the access points of a key space, oldest first.',
  evidence: documented('SDK models, with the misspelt lsat_modify_time; the order is inferred'),

  request: spacePageMembers,
  response: { page_info: pageInfo, access_points: z.array(accessPointRecord) },

  operation: listAccessPoints,
  toCore: (asked, { place }) => ({ at: place, ...spacePageOf(asked) }),
  fromCore(rows, _here, asked) {
    const { page, page_info } = spacePage(rows, asked)
    return { page_info, access_points: page.map(accessPointRecordOf) }
  },
})
