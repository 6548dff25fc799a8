import { documented } from '../../../contract/evidence.ts'
import { choice, integer } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { describeTags } from '../../../core/operations/tags.ts'
import { action } from '../action.ts'
import {
  pageFault,
  pageRows,
  resourceMembers,
  resourceNames,
  subjectsIn,
  tagErrors,
  tagResource,
  tagRows,
} from '../tag-service.ts'

export const DescribeResourceTagsByResourceIds = action({
  name: 'DescribeResourceTagsByResourceIds',
  rights: { objects: 'tag:DescribeResourceTagsByResourceIds' },
  summary: 'Read the tags of up to 50 resources.',
  evidence: documented(
    'its page, and the Terraform provider, which drops rows of another ResourceId than it asked for',
  ),

  request: {
    ...resourceMembers,
    ResourceIds: resourceNames.describe('creatorUin/<uin>/<KeyId>, or the KeyId alone.'),
    Offset: integer().describe('Rows to skip; a multiple of Limit.').optional(),
    Limit: integer({ max: 1000 }).describe('Most rows to return; everything when 0 or absent.').optional(),
    Category: choice(['Custom', 'System', 'All']).describe('No tag is of the system.').optional(),
  },
  response: { TotalCount: z.int(), Offset: z.int(), Limit: z.int(), Tags: z.array(tagResource) },

  operation: describeTags,
  toCore({ ResourceIds, ResourceRegion, Offset = 0, Limit = 0 }, here) {
    const subjects = pageFault(Offset, Limit) ?? subjectsIn({ ids: ResourceIds, region: ResourceRegion }, here)
    return Array.isArray(subjects) ? { subjects } : subjects
  },
  fromCore(found, _here, { ResourceIds, Offset = 0, Limit = 0, Category = 'All' }) {
    const rows = Category === 'System' ? [] : tagRows(ResourceIds, found)
    return { TotalCount: rows.length, Offset, Limit, Tags: pageRows(rows, Offset, Limit) }
  },
  errors: tagErrors,
})
