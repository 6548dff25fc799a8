/** What the actions of the tag service share: how a resource is named, the members of a tag, and their codes. */
import type { Here } from '../../contract/action.ts'
import type { ErrorTable } from '../../contract/errors.ts'
import { text } from '../../contract/fields.ts'
import { noted, z } from '../../contract/schema.ts'
import { Refusal, refuse } from '../../core/failure.ts'
import type { Tagged } from '../../core/object.ts'
import { type InOrder, type TagSubject, tagsMax } from '../../core/operations/tags.ts'
import { md5Hex } from '../../crypto/digest.ts'
import { type Code, texts } from './codes.ts'
import { listed, type TagFault, tagKeyList, tagLimit, tagList } from './tags.ts'

/** Rows of the error table that are different in every action of this service. */
export const tagErrors: Partial<ErrorTable<Code>> = {
  permissionDenied: 'AuthFailure.UnauthorizedOperation',
  objectNotFound: 'InvalidParameterValue.ResourceIdInvalid',
  tooManyTags: 'LimitExceeded.ResourceAttachedTags',
}

const faultCodes: Readonly<Record<TagFault, Code>> = {
  keyEmpty: 'InvalidParameterValue.TagKeyEmpty',
  keyTooLong: 'InvalidParameterValue.TagKeyLengthExceeded',
  keyCharacters: 'InvalidParameterValue.TagKeyCharacterIllegal',
  keyReserved: 'InvalidParameterValue.ReservedTagKey',
  valueEmpty: 'InvalidParameterValue.TagValueEmpty',
  valueTooLong: 'InvalidParameterValue.TagValueLengthExceeded',
  valueCharacters: 'InvalidParameterValue.TagValueCharacterIllegal',
}
const faultCode = (fault: TagFault): Code => faultCodes[fault]

const tooMany: Code = 'LimitExceeded.TagNumPerRequest'
const repeated: Code = 'InvalidParameterValue.TagKeyDuplicate'
export const writtenTags = noted(tagList({ fault: faultCode, repeated, tooMany }), { limit: tagLimit })
export const deletedTags = noted(tagKeyList({ fault: faultCode, tooMany }), { limit: `at most ${tagsMax} keys` })
export const tagKeys = listed(z.string(), (keys, wrong) => {
  if (keys.length === 0 || keys.length > tagsMax) wrong(tooMany, `must be 1 to ${tagsMax} keys`)
})

/** The most resources of one request. */
const resourcesMax = 50
const nameCharactersMax = 512

export const resourceName = text({ charactersMax: nameCharactersMax, code: 'InvalidParameterValue.ResourceIdInvalid' })
export const resourceNames = listed(resourceName, (names, wrong) => {
  if (names.length === 0) wrong('InvalidParameter', 'must not be empty')
  if (names.length > resourcesMax) wrong('LimitExceeded.ResourceNumPerRequest', `must be at most ${resourcesMax}`)
})

const wrong = (member: string, why: string, code: Code): Refusal =>
  refuse({ reason: 'invalidAttributeValue', member, why, code })

const withCreator = /^creatorUin\/(\d{1,20})\/([^/]+)$/

/** `creatorUin/<uin>/<id>` and the id alone are the same resource, unless another creator is named. */
const subjectOf = (resource: string, region: string, creator?: string): TagSubject => {
  const [, uin = creator, id = resource] = withCreator.exec(resource) ?? []
  return { id, where: { region, ...(uin === undefined ? {} : { creator: uin }) } }
}

const regionOf = (name: string, { house }: Here): string | undefined =>
  house.regions.find(({ names }) => names.tencent === name)?.id

/** A resource by its name in six parts. Its region is the one in the name, whichever the request is sent to. */
export const subjectNamed = (name: string, member: string, here: Here): TagSubject | Refusal => {
  const [scheme, project, service, region = '', account = '', ...rest] = name.split(':')
  const described = (why: string) => wrong(member, why, 'InvalidParameterValue.ResourceDescriptionError')
  if (scheme !== 'qcs' || project !== '' || rest.length === 0) return described('must have six parts')
  if (service !== 'kms') return wrong(member, 'must be of kms', 'InvalidParameter.UnsupportedService')
  if (!['uin/', '', `uin/${here.caller.account.id}`].includes(account)) return described('must be of the own account')
  const [, prefix, resource = ''] = /^([^/]*)\/(.+)$/.exec(rest.join(':')) ?? []
  if (prefix !== 'key') return wrong(member, 'must be key/<id>', 'InvalidParameterValue.ResourcePrefixInvalid')
  const id = regionOf(region, here)
  return id === undefined
    ? wrong(member, 'has an unknown region', 'InvalidParameterValue.RegionInvalid')
    : subjectOf(resource, id)
}

export const subjectsNamed = (names: readonly string[], member: string, here: Here): TagSubject[] | Refusal => {
  const subjects: TagSubject[] = []
  for (const name of names) {
    const subject = subjectNamed(name, member, here)
    if (subject instanceof Refusal) return subject
    subjects.push(subject)
  }
  return subjects
}

/** How the reading actions name resources: part by part. */
export const resourceMembers = {
  ServiceType: noted(z.literal('kms'), { code: 'InvalidParameterValue.ServiceTypeInvalid' }).describe('kms.'),
  ResourcePrefix: noted(z.literal('key'), { code: 'InvalidParameterValue.ResourcePrefixInvalid' }).describe('key.'),
  ResourceRegion: text({ charactersMax: 64 }).describe('Region of the resources.'),
}

interface Asked {
  readonly ids: readonly string[]
  readonly region: string | undefined
  readonly creator?: string | undefined
}

export const subjectsIn = ({ ids, region, creator }: Asked, here: Here): TagSubject[] | Refusal => {
  const place = region === undefined ? here.region.id : regionOf(region, here)
  return place === undefined
    ? wrong('ResourceRegion', 'is unknown', 'InvalidParameterValue.RegionInvalid')
    : ids.map((id) => subjectOf(id, place, creator))
}

/** Why a page cannot be had; `limit` 0 is for everything. */
export const pageFault = (offset: number, limit: number): Refusal | undefined =>
  limit > 0 && offset % limit !== 0
    ? wrong('Offset', 'must be a multiple of Limit', 'InvalidParameterValue.OffsetInvalid')
    : undefined

export const pageRows = <T>(rows: readonly T[], offset: number, limit: number): T[] =>
  rows.slice(offset, limit === 0 ? undefined : offset + limit)

export const tagResource = z.object({
  TagKey: z.string(),
  TagValue: z.string(),
  ResourceId: z.string().describe('As it was asked for.'),
  TagKeyMd5: z.string(),
  TagValueMd5: z.string(),
  ServiceType: z.string(),
  Category: z.string(),
})

/** One row for each tag of each resource, under the id that was asked. */
export const tagRows = (ids: readonly string[], found: InOrder): z.output<typeof tagResource>[] =>
  ids.flatMap((ResourceId, at) =>
    [...(found[at]?.tags ?? [])].map(([TagKey, TagValue]) => ({
      TagKey,
      TagValue,
      ResourceId,
      TagKeyMd5: md5Hex(TagKey),
      TagValueMd5: md5Hex(TagValue),
      ServiceType: 'kms',
      Category: 'Custom',
    })),
  )

/** The name in six parts of an object of the caller's account. */
export const nameOf = ({ region, creator, id }: Tagged, { house, caller }: Here): string => {
  const name = house.regions.find((one) => one.id === region)?.names.tencent ?? ''
  return `qcs::kms:${name}:uin/${caller.account.id}:key/creatorUin/${creator}/${id}`
}

export const failedResources = z
  .array(z.object({ Resource: z.string(), Code: z.string(), Message: z.string() }))
  .describe('Resources that there are not; the tags of all others were changed.')

export const failedOf = (names: readonly string[], found: InOrder) => {
  const Code = 'InvalidParameterValue.ResourceIdInvalid'
  return names.filter((_name, at) => !found[at]).map((Resource) => ({ Resource, Code, Message: texts[Code] }))
}
