import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { refuse } from '../../../core/failure.ts'
import { replicate } from '../../../core/operations/copies.ts'
import { defaultPlace } from '../../../core/place.ts'
import { action } from '../action.ts'
import { keyAlias, keyDescription, keyId, keyIdMember, legacy } from '../fields.ts'
import { tagList, tagsOf } from '../tags.ts'

export const ReplicateKey = action({
  name: 'ReplicateKey',
  rights: { key: 'kms:cmk:replicate', keys: 'kms:cmk:create' },
  summary: 'Make a copy of a key in another region, which opens what the key sealed.',
  evidence: inferred('replicate page, which does not say which keys can be replicated nor how copies hang together'),

  request: {
    key_id: keyId.describe('The key.'),
    replica_region: text({ pattern: /^.{1,255}$/ }).describe('The region of the copy.'),
    replica_project_id: text({ pattern: /^[0-9a-zA-Z]{32}$/ }).describe("The account's project in that region."),
    key_alias: keyAlias.describe('The name of the copy.'),
    key_description: keyDescription.describe('What is said of the copy.').optional(),
    enterprise_project_id: legacy,
    tags: tagList.describe('Tags of the copy.').optional(),
  },
  response: { key_id: keyIdMember, domain_id: z.string().describe('The account.'), region: z.string() },

  operation: replicate,
  toCore(asked, { house, caller }) {
    const { key_id, replica_region, replica_project_id, key_alias, key_description = '', tags = [] } = asked
    const region = house.regions.find(({ names }) => names.huawei === replica_region)
    const wrong = (member: string, why: string) => refuse({ reason: 'invalidAttributeValue', member, why })
    if (!region) return wrong('replica_region', 'must be a region of this installation')
    const to = defaultPlace(caller.account.id, region.id)
    if (to.project !== replica_project_id) return wrong('replica_project_id', 'must be your project in replica_region')
    return { keyId: key_id, to, name: key_alias, description: key_description, tags: tagsOf(tags) }
  },
  fromCore: ({ id }, { caller }, { replica_region }) => ({
    key_id: id,
    domain_id: caller.account.external.domainId ?? '',
    region: replica_region,
  }),

  errors: { notGenerated: 'KMS.0308', unsupportedByKeyStore: 'KMS.0308' },
})
