import { inferred } from '../../../contract/evidence.ts'
import { code, integer } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { refuse } from '../../../core/failure.ts'
import { describeTags } from '../../../core/operations/tags.ts'
import { action } from '../action.ts'
import {
  pageFault,
  pageRows,
  resourceMembers,
  resourceName,
  subjectsIn,
  tagErrors,
  tagResource,
  tagRows,
} from '../tag-service.ts'

/** Rows of a page where nothing is asked. */
const limitDefault = 15

export const DescribeResourceTags = action({
  name: 'DescribeResourceTags',
  rights: { objects: 'tag:DescribeResourceTags' },
  summary: 'Read the tags of one resource.',
  evidence: inferred(
    'members of its page; that a resource must be named, and without a region is of the one spoken to',
  ),

  request: {
    CreateUin: integer().describe('Uin of the creator.').optional(),
    ResourceRegion: resourceMembers.ResourceRegion.optional(),
    ServiceType: resourceMembers.ServiceType.optional(),
    ResourcePrefix: resourceMembers.ResourcePrefix.optional(),
    ResourceId: resourceName.describe('creatorUin/<uin>/<KeyId>, or the KeyId alone.'),
    Offset: integer().describe('Rows to skip; a multiple of Limit.').optional(),
    Limit: integer({ min: 1, max: 1000 }).describe('Most rows to return; 15 when absent.').optional(),
    CosResourceId: code([0, 1]).describe('1 for object storage, which is not here.').optional(),
  },
  response: { TotalCount: z.int(), Offset: z.int(), Limit: z.int(), Rows: z.array(tagResource) },

  operation: describeTags,
  toCore({ CreateUin, ResourceRegion, ResourceId, Offset = 0, Limit = limitDefault, CosResourceId }, here) {
    if (CosResourceId === 1) return refuse({ reason: 'featureNotSupported', feature: 'CosResourceId' })
    const creator = CreateUin === undefined ? undefined : String(CreateUin)
    const asked = { ids: [ResourceId], region: ResourceRegion, creator }
    const subjects = pageFault(Offset, Limit) ?? subjectsIn(asked, here)
    return Array.isArray(subjects) ? { subjects } : subjects
  },
  fromCore(found, _here, { ResourceId, Offset = 0, Limit = limitDefault }) {
    const rows = tagRows([ResourceId], found)
    return { TotalCount: rows.length, Offset, Limit, Rows: pageRows(rows, Offset, Limit) }
  },
  errors: tagErrors,
})
