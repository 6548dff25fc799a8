/** What the reference says of the services beside KMS, whose codes the vendor lists for a service as a whole. */
import { services } from '../../src/dialects/tencent/services.ts'
import { neighbourPerSecond, neighbours as vendorNeighbours } from '../../src/dialects/tencent/vendor-neighbours.ts'
import type { ReferenceDialect } from './dialect.ts'
import type { MemberRefusal } from './reachable.ts'
import { tencent } from './tencent.ts'

/** Each with the actions that are offered and all that there are. */
export const neighbours = services.flatMap(({ name, version, actions: offered }) => {
  const vendor = vendorNeighbours[name]
  return vendor ? [{ name, version, offered, ...vendor }] : []
})
export type Neighbour = (typeof neighbours)[number]

const value = 'InvalidParameterValue'
const ofNames = ['ResourceDescriptionError', 'ResourcePrefixInvalid', 'RegionInvalid'].map((code) => `${value}.${code}`)
const ofKeys = ['ReservedTagKey', 'TagKeyCharacterIllegal', 'TagKeyEmpty', 'TagKeyLengthExceeded']
const ofTags = [...ofKeys, 'TagKeyDuplicate', 'TagValueCharacterIllegal', 'TagValueEmpty', 'TagValueLengthExceeded']
const tagCodes = [...ofTags.map((code) => `${value}.${code}`), 'LimitExceeded.TagNumPerRequest']

/** Codes of their own that the actions answer when they read a member. */
const memberCodes: Readonly<Record<string, readonly string[]>> = {
  Resource: [...ofNames, 'InvalidParameter.UnsupportedService'],
  ResourceList: [...ofNames, 'InvalidParameter.UnsupportedService', 'LimitExceeded.ResourceNumPerRequest'],
  ResourceIds: ['LimitExceeded.ResourceNumPerRequest'],
  ResourceRegion: [`${value}.RegionInvalid`],
  Offset: [`${value}.OffsetInvalid`],
  ReplaceTags: tagCodes,
  Tags: tagCodes,
  DeleteTags: [
    'LimitExceeded.TagNumPerRequest',
    ...ofKeys.map((code) => `${value}.${code}`),
    `${value}.DeleteTagsParamError`,
  ],
  TagKeys: ['LimitExceeded.TagNumPerRequest'],
  TagFilters: [`${value}.TagFilters`, `${value}.TagFiltersLengthExceeded`],
}

const memberRefusals: readonly MemberRefusal[] = [
  { member: 'CosResourceId', failure: { reason: 'featureNotSupported', feature: 'CosResourceId' } },
  ...Object.entries(memberCodes).flatMap(([member, codes]) =>
    codes.map(
      (code): MemberRefusal => ({ member, failure: { reason: 'invalidAttributeValue', member, why: '', code } }),
    ),
  ),
]

/** The dialect as the actions of a neighbour see it. */
export const asDialect = ({ offered, errors: listed }: Neighbour): ReferenceDialect => ({
  ...tencent,
  memberRefusals,
  vendorActions: offered.map(({ name }) => ({ name, group: '', perSecond: neighbourPerSecond, errors: listed })),
})
