/** White-box keys, as this API shows them; their tables are read by an action of their own. */
import { text } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'
import type { FoundManaged } from '../../core/operation.ts'
import { isoOf, revision, time } from './fields.ts'
import { id } from './key-fields.ts'

export const whiteBoxRef = id.describe('Id of the white-box key.')
export const whiteBoxAlgorithm = z.enum(['aes-256', 'sm4'])

export const whiteBoxRecord = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  state: z.string(),
  algorithm: whiteBoxAlgorithm,
  creator: z.string(),
  region: z.string(),
  createdAt: time,
  bound: z.boolean().describe('Whether its tables are for listed devices only.'),
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
  revision,
})

export const whiteBoxShown = ({
  row,
  state,
}: Pick<FoundManaged<'whiteBoxKey'>, 'row' | 'state'>): z.output<typeof whiteBoxRecord> => ({
  id: row.id,
  name: row.name,
  description: row.description,
  state,
  algorithm: row.algorithm,
  creator: row.creator,
  region: row.region,
  createdAt: isoOf(row.createdAt),
  bound: row.bound,
  tags: [...row.tags].map(([key, value]) => ({ key, value })),
  revision: row.revision,
})

/** Both forms that the decryptor takes. */
const fingerprintForm =
  /^(?:[0-9a-f]{8}-[0-9a-f]{14}-[0-9a-f]{14}-[0-9a-f]{14}-[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

const device = z.strictObject({
  fingerprint: text({ pattern: fingerprintForm }).describe('8, 14, 14, 14 and 16 hexadecimal digits, or a UUID.'),
  description: text({ bytesMax: 1024 }).describe('Free text, such as the name of its host.').optional(),
})
const devicesMax = 200

/** All devices of a key, none twice. */
export const devices = z
  .array(device)
  .max(devicesMax, `must be at most ${devicesMax}`)
  .refine((all) => new Set(all.map(({ fingerprint }) => fingerprint)).size === all.length, 'must not repeat a device')
