/** Keys as this API names, asks for and shows them, in the core's own words. */
import { contextObject, text } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'
import type { Tags } from '../../core/object.ts'
import { usages } from '../../core/object.ts'
import type { Found } from '../../core/operation.ts'
import { states } from '../../core/state.ts'
import { isoOf, isoOrNull, revision, time } from './fields.ts'

export const keyRef = text({ pattern: /^(?:[0-9A-Za-z_-]{1,128}|alias:::[^:]{1,256})$/ }).describe(
  'Id of the key, or `alias:::` and the name of an alias.',
)
export const id = text({ pattern: /^[0-9A-Za-z_-]{1,128}$/ })

/** Both clouds can show it, but for those that begin like the names of products. */
export const keyName = text({ pattern: /^(?![Kk][Mm][Ss]-)[0-9A-Za-z][0-9A-Za-z_-]{0,59}$/ })
export const description = text({ bytesMax: 1024 })

/** What is said beside a plaintext, and said again to open it. */
export const context = () => contextObject({ charactersMax: 8192, sensitive: true }).optional()

const tag = z.strictObject({
  key: text({ charactersMax: 128 }).min(1),
  value: text({ charactersMax: 256 }),
})
export const tags = z.array(tag).max(50, 'must be at most 50')
export const tagsOf = (written: readonly { readonly key: string; readonly value: string }[]): Tags =>
  new Map(written.map(({ key, value }) => [key, value]))

const timeOrNull = time.nullable()

export const keyRecord = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  state: z.enum(states),
  usage: z.enum(usages),
  algorithm: z.string(),
  origin: z.enum(['generated', 'imported']),
  owner: z.string().describe('`user`, or the product that owns it.'),
  creator: z.string(),
  region: z.string(),
  createdAt: time,
  primaryVersion: z.int(),
  rotation: z.object({
    enabled: z.boolean(),
    periodDays: z.int(),
    nextAt: timeOrNull,
    lastAt: timeOrNull,
  }),
  destroyAt: timeOrNull,
  materialPresent: z.boolean(),
  materialExpiresAt: timeOrNull,
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
  aliases: z.array(z.string()),
  keyStore: z.string().nullable(),
  bindings: z.int(),
  revision,
})

export const keyShown = ({ key, state }: Pick<Found, 'key' | 'state'>): z.output<typeof keyRecord> => ({
  id: key.id,
  name: key.name,
  description: key.description,
  state,
  usage: key.usage,
  algorithm: key.algorithm,
  origin: key.origin,
  owner: key.owner,
  creator: key.creator,
  region: key.region,
  createdAt: isoOf(key.createdAt),
  primaryVersion: key.primaryVersion,
  rotation: {
    enabled: key.rotation.enabled,
    periodDays: key.rotation.periodDays,
    nextAt: key.rotation.enabled ? isoOf(key.rotation.nextAt) : null,
    lastAt: isoOrNull(key.rotation.lastAt),
  },
  destroyAt: isoOrNull(key.destroyAt),
  materialPresent: key.materialPresent,
  materialExpiresAt: isoOrNull(key.materialExpiresAt),
  tags: [...key.tags].map(([name, value]) => ({ key: name, value })),
  aliases: [...key.aliases],
  keyStore: key.keyStore,
  bindings: key.bindings,
  revision: key.revision,
})
