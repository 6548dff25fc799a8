import { inferred } from '../../../contract/evidence.ts'
import { integer, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { listTagged } from '../../../core/operations/tags.ts'
import { action } from '../action.ts'
import { nameOf, resourceNames, subjectsNamed, tagErrors } from '../tag-service.ts'
import { conditionsOf, serviceFilters } from '../tags.ts'

const limitDefault = 50
const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const GetResources = action({
  name: 'GetResources',
  rights: { places: 'tag:GetResources', named: 'tag:GetResources' },
  summary: 'List resources with their tags.',
  evidence: inferred(
    'members of its page; that it lists the tagged resources of every region, in an order of their own',
  ),

  request: {
    ResourceList: resourceNames.describe('Names in six parts; every tagged resource when absent.').optional(),
    TagFilters: serviceFilters,
    PaginationToken: text({ pattern: new RegExp(`^$|${id.source}`), code: 'InvalidParameter.PaginationTokenInvalid' })
      .describe('What the page before gave.')
      .optional(),
    MaxResults: integer({ min: 1, max: 200 }).describe('Most resources to return; 50 when absent.').optional(),
  },
  response: {
    PaginationToken: z.string().describe('For the next page; empty at the end.'),
    ResourceTagMappingList: z.array(
      z.object({
        Resource: z.string(),
        Tags: z.array(z.object({ TagKey: z.string(), TagValue: z.string(), Category: z.string() })),
      }),
    ),
  },

  operation: listTagged,
  toCore({ ResourceList = [], TagFilters, PaginationToken = '', MaxResults = limitDefault }, here) {
    const subjects = subjectsNamed(ResourceList, 'ResourceList', here)
    if (subjects instanceof Refusal) return subjects
    const { account, project } = here.place
    const regions = here.house.regions.filter(({ names }) => names.tencent !== undefined)
    const places = regions.map((region) => ({ account, region: region.id, project }))
    return { places, subjects, conditions: conditionsOf(TagFilters), after: PaginationToken, limit: MaxResults }
  },
  fromCore: ({ objects, next = '' }, here) => ({
    PaginationToken: next,
    ResourceTagMappingList: objects.map((object) => ({
      Resource: nameOf(object, here),
      Tags: [...object.tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue, Category: 'Custom' })),
    })),
  }),
  errors: tagErrors,
})
