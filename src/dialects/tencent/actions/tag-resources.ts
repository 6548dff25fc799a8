import { inferred } from '../../../contract/evidence.ts'
import { Refusal } from '../../../core/failure.ts'
import { tag } from '../../../core/operations/tags.ts'
import { action } from '../action.ts'
import { failedOf, failedResources, resourceNames, subjectsNamed, tagErrors, writtenTags } from '../tag-service.ts'
import { tagsOf } from '../tags.ts'

export const TagResources = action({
  name: 'TagResources',
  rights: { objects: 'tag:TagResources' },
  summary: 'Attach tags to several resources.',
  evidence: inferred(
    'members of the TagResources page; that a resource which may not be tagged refuses the whole call',
  ),

  request: {
    ResourceList: resourceNames.describe('Names in six parts.'),
    Tags: writtenTags.describe('Tags to attach.'),
  },
  response: { FailedResources: failedResources },

  operation: tag,
  toCore({ ResourceList, Tags }, here) {
    const subjects = subjectsNamed(ResourceList, 'ResourceList', here)
    return subjects instanceof Refusal ? subjects : { subjects, tags: tagsOf(Tags) }
  },
  fromCore: (found, _here, { ResourceList }) => ({ FailedResources: failedOf(ResourceList, found) }),
  errors: tagErrors,
})
