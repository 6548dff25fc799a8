/** The versions of this API. */
import { z } from '../../contract/schema.ts'
import type { Head } from '../../contract/serve.ts'

/** The root, asked for nothing more: of this API, or of the identity service under its own host. */
export const isRoot = ({ method, path, query }: Head): boolean => method === 'GET' && path === '/' && query === ''

export const versionRecord = z.object({
  id: z.string(),
  links: z.array(z.object({ href: z.string(), rel: z.literal('self') })),
  version: z.string().describe('Highest micro version; there are none.'),
  status: z.enum(['CURRENT', 'SUPPORTED']),
  updated: z.string().describe('UTC.'),
  min_version: z.string().describe('Lowest micro version; there are none.'),
})

const versionOf = (id: string, status: 'CURRENT' | 'SUPPORTED', updated: string): z.output<typeof versionRecord> => ({
  id,
  links: [{ href: `/${id}`, rel: 'self' }],
  version: '',
  status,
  updated,
  min_version: '',
})

/** The time of the first is the one of the vendor's example; the second has the calls of many regions. */
export const versions = [
  versionOf('v1.0', 'CURRENT', '2016-10-29T00:00:00Z'),
  versionOf('v2', 'SUPPORTED', '2022-11-30T00:00:00Z'),
] as const
