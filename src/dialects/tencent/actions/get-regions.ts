import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { listRegions } from '../../../core/operations/service.ts'
import { action } from '../action.ts'

export const GetRegions = action({
  name: 'GetRegions',
  rights: { service: 'kms:GetRegions' },
  summary: 'List the regions of this installation.',
  evidence: documented('GetRegions page'),

  request: {},
  response: { Regions: z.array(z.string()) },

  operation: listRegions,
  toCore: (_members, { place }) => ({ at: place }),
  fromCore: (regions) => ({ Regions: regions.flatMap(({ names }) => names.tencent ?? []) }),

  errors: { permissionDenied: 'AuthFailure.UnauthorizedOperation' },
})
