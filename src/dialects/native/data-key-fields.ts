/** Data keys that are kept, as this API shows them; what they are is read by an action of its own. */
import { z } from '../../contract/schema.ts'
import type { FoundManaged } from '../../core/operation.ts'
import { isoOf, isoOrNull, revision, time } from './fields.ts'
import { id } from './key-fields.ts'

export const dataKeyRef = id.describe('Id of the data key.')

export const dataKeyRecord = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  state: z.string(),
  key: z.string().describe('The key that protects it.'),
  bytes: z.int(),
  origin: z.string(),
  createdAt: time,
  destroyAt: time.nullable(),
  revision,
})

export const dataKeyShown = ({
  row,
  state,
}: Pick<FoundManaged<'dataKey'>, 'row' | 'state'>): z.output<typeof dataKeyRecord> => ({
  id: row.id,
  name: row.name,
  description: row.description,
  state,
  key: row.key,
  bytes: row.bytes,
  origin: row.origin,
  createdAt: isoOf(row.createdAt),
  destroyAt: isoOrNull(row.destroyAt),
  revision: row.revision,
})
