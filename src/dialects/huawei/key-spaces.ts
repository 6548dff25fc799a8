/** Access points and key policies of key spaces, in this cloud's words. */
import { decimal, text } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'
import { readDocument } from '../../core/access/document.ts'
import { type Refusal, refuse } from '../../core/failure.ts'
import type { AccessPoint, Instant, ReleasePolicy, ReleaseTerms } from '../../core/object.ts'

const uuid = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/

export const uuidText = text({ pattern: uuid })
/** No call makes a key space: whatever UUID is named is one. */
export const keySpaceId = uuidText.describe('The key space: a UUID of your choice, which nothing has to make before.')
export const accessPointId = uuidText.describe('The access point.')
export const policyId = uuidText.describe('The key policy.')
export const spaceName = text({ pattern: /^[a-zA-Z0-9:/_-]{1,255}$/ })
export const spaceDescription = text({ charactersMax: 255 })

const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/

/** `yyyy-mm-ddTHH:MM:SSZ`. */
export const timeText = (instant: Instant): string => `${new Date(instant).toISOString().slice(0, 19)}Z`

/** undefined for what is no such time, also the 30th of February, which would be read as a day of March. */
export const instantOf = (written: string): Instant | undefined => {
  const instant = timeForm.test(written) ? Date.parse(written) : Number.NaN
  return Number.isNaN(instant) || timeText(instant) !== written ? undefined : instant
}

const pageMax = 100
const pageDefault = 50

export const spacePageMembers = {
  keyspace_id: keySpaceId,
  limit: decimal({ min: 1, max: pageMax, empty: pageDefault, code: 'KMS.1601' })
    .describe(`Most entries of an answer; ${pageDefault} when absent.`)
    .optional(),
  marker: text({ pattern: new RegExp(`${uuid.source}|^$`), code: 'KMS.1602' })
    .describe('next_marker of the page before.')
    .optional(),
}

interface AskedPage {
  readonly keyspace_id: string
  readonly limit?: number | undefined
  readonly marker?: string | undefined
}

/** One row more than is asked for, which tells whether there is a page after. */
export const spacePageOf = ({ keyspace_id, limit = pageDefault, marker = '' }: AskedPage) => ({
  keySpace: keyspace_id.toLowerCase(),
  after: marker.toLowerCase(),
  limit: limit + 1,
})

export const pageInfo = z.object({
  next_marker: z.string().describe('Of the next page; empty on the last one.'),
  current_count: z.int(),
})

/** The rows of the page, and what is said of it. */
export const spacePage = <R extends { readonly id: string }>(
  rows: readonly R[],
  { limit = pageDefault }: AskedPage,
) => {
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return { page, page_info: { next_marker: last?.id ?? '', current_count: page.length } }
}

export const accessPointRecord = z.object({
  access_point_id: z.string(),
  keyspace_id: z.string(),
  access_point_name: z.string(),
  state: z.int().describe('0 disabled, 1 enabled.'),
  type: z.int().describe('1 ECS, 2 CCE, 3 Custom.'),
  created_by: z.string().describe('The user who made it.'),
  create_time: z.string().describe('yyyy-mm-ddTHH:MM:SSZ.'),
  lsat_modify_time: z.string().describe('When it was changed last. The name is misspelt by the API.'),
})

export const accessPointRecordOf = (row: AccessPoint): z.output<typeof accessPointRecord> => ({
  access_point_id: row.id,
  keyspace_id: row.keySpace,
  access_point_name: row.name,
  state: row.suspended ? 0 : 1,
  type: row.type,
  created_by: row.creator.id,
  create_time: timeText(row.createdAt),
  lsat_modify_time: timeText(row.modifiedAt),
})

const time = z.string().refine((value) => instantOf(value) !== undefined)
const names = z.array(z.string().regex(uuid)).max(100)

/** A key policy as callers write it; nothing else may stand there. */
const policyDocument = z.strictObject({
  version: z.string().min(1).max(16),
  validity_period: z.strictObject({ start_time: time, end_time: time }).optional(),
  allowed_access_point: names.optional(),
  allowed_data_security_zone: z.array(z.string().min(1).max(64)).max(100).optional(),
})

export const policyText = text({ bytesMax: 8192 }).describe(
  'JSON text: version, validity_period {start_time, end_time}, allowed_access_point [], allowed_data_security_zone [].',
)

/** The terms that a key policy writes, or a refusal that names what is wrong with it. */
export const termsOf = (written: string, member: string): ReleaseTerms | Refusal => {
  const document = readDocument(written)
  if ('fault' in document) return refuse({ reason: 'invalidAttributeValue', member, why: document.fault })
  const read = policyDocument.safeParse(document.value)
  if (!read.success) {
    const [issue] = read.error.issues
    const where = issue?.path.join('.') || 'the text'
    return refuse({ reason: 'invalidAttributeValue', member, why: `must be JSON of a key policy; wrong at ${where}` })
  }
  const { version, validity_period: period, allowed_access_point = [], allowed_data_security_zone = [] } = read.data
  const [start = null, end = null] = period ? [instantOf(period.start_time), instantOf(period.end_time)] : []
  if (start !== null && end !== null && end <= start)
    return refuse({ reason: 'invalidAttributeValue', member, why: 'must end after it begins', code: 'KMS.2801' })
  const accessPoints = allowed_access_point.map((id) => id.toLowerCase())
  return { version, start, end, accessPoints, zones: allowed_data_security_zone }
}

const period = z.object({ start_time: z.string(), end_time: z.string() })

/** Show and update write it so, the list in camel case. */
export const policyMembers = z.object({
  version: z.string(),
  validity_period: period.optional(),
  allowed_access_point: z.array(z.string()),
  allowed_data_security_zone: z.array(z.string()),
})

export const listedPolicyMembers = z.object({
  version: z.string(),
  validityPeriod: period.optional(),
  allowedAccessPoint: z.array(z.string()),
  allowed_data_security_zone: z.array(z.string()),
})

/** Under the name that the call has for it; nothing where the terms are for ever. */
const periodAs = <N extends string>(name: N, { start, end }: ReleaseTerms): { [K in N]?: z.output<typeof period> } =>
  start === null || end === null
    ? {}
    : ({ [name]: { start_time: timeText(start), end_time: timeText(end) } } as { [K in N]: z.output<typeof period> })

export const policyMembersOf = (terms: ReleaseTerms): z.output<typeof policyMembers> => ({
  version: terms.version,
  ...periodAs('validity_period', terms),
  allowed_access_point: [...terms.accessPoints],
  allowed_data_security_zone: [...terms.zones],
})

export const listedPolicyMembersOf = (terms: ReleaseTerms): z.output<typeof listedPolicyMembers> => ({
  version: terms.version,
  ...periodAs('validityPeriod', terms),
  allowedAccessPoint: [...terms.accessPoints],
  allowed_data_security_zone: [...terms.zones],
})

/** What a record says beside its policy. */
export const policyRecord = {
  policy_id: z.string(),
  policy_name: z.string(),
  keyspace_id: z.string(),
  description: z.string(),
  created_by: z.string().describe('The user who made it.'),
  create_time: z.string().describe('yyyy-mm-ddTHH:MM:SSZ.'),
  last_modify_time: z.string().describe('yyyy-mm-ddTHH:MM:SSZ.'),
  last_access_time: z.string().describe('Empty: uses are in the audit journal.'),
}

export const policyRecordOf = (row: ReleasePolicy) => ({
  policy_id: row.id,
  policy_name: row.name,
  keyspace_id: row.keySpace,
  description: row.description,
  created_by: row.creator.id,
  create_time: timeText(row.createdAt),
  last_modify_time: timeText(row.modifiedAt),
  last_access_time: '',
})
