import { documented } from '../../../contract/evidence.ts'
import { integer } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { listRegions } from '../../../core/operations/service.ts'
import { action } from '../action.ts'

export const ListSupportRegions = action({
  name: 'ListSupportRegions',
  rights: { service: 'kms::listRegions' },
  summary: 'List the regions that keys can be replicated to.',
  evidence: documented('regions page; its two editions differ in the limit; that it takes a permission is ours'),

  request: {
    limit: integer({ max: 100 }).describe('Most rows to return; 100 when absent.').optional(),
    offset: integer().describe('Rows to skip.').optional(),
  },
  response: { regions: z.array(z.string()) },

  operation: listRegions,
  toCore: (_asked, { place }) => ({ at: place }),
  fromCore: (regions, _here, { limit = 100, offset = 0 }) => ({
    regions: regions.flatMap(({ names }) => names.huawei ?? []).slice(offset, offset + limit),
  }),
})
