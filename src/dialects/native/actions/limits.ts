import { inferred } from '../../../contract/evidence.ts'
import { integer } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { readSeries } from '../../../core/operations/looking-after.ts'
import { describeService } from '../../../core/operations/service.ts'
import { action } from '../action.ts'
import { isoOf, time } from '../fields.ts'

export const Limits = action({
  name: 'limits',
  rights: { service: 'service:limits' },
  summary: 'Tell what the account holds in the region, and how much it may hold.',
  evidence: inferred('ours'),
  request: {},
  response: {
    keys: z.int(),
    dataKeys: z.int(),
    keysMax: z.int().nullable(),
    dataKeysMax: z.int().nullable(),
    whiteBoxKeysMax: z.int(),
  },
  operation: describeService,
  toCore: (_asked, { place }) => ({ at: place }),
  fromCore: (counted) => ({ ...counted }),
})

const point = z.object({
  at: time,
  requests: z.int(),
  refused: z.int(),
  failed: z.int(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  byDialect: z.record(z.string(), z.int()),
})

export const MetricsSeries = action({
  name: 'metrics-series',
  rights: { all: 'installation:metrics' },
  summary: 'Tell how many calls the process that answers has answered lately, minute by minute, and how fast.',
  evidence: inferred('ours'),
  request: { minutes: integer({ min: 1, max: 1440 }) },
  response: { points: z.array(point) },
  operation: readSeries,
  toCore: ({ minutes }) => ({ minutes }),
  fromCore: (points) => ({
    points: points.map(({ at, byDialect, ...rest }) => ({ ...rest, at: isoOf(at), byDialect: { ...byDialect } })),
  }),
})
