import { inferred } from '../../../contract/evidence.ts'
import { Refusal } from '../../../core/failure.ts'
import { untag } from '../../../core/operations/tags.ts'
import { action } from '../action.ts'
import { failedOf, failedResources, resourceNames, subjectsNamed, tagErrors, tagKeys } from '../tag-service.ts'

export const UnTagResources = action({
  name: 'UnTagResources',
  rights: { objects: 'tag:UnTagResources' },
  summary: 'Detach tags from several resources.',
  evidence: inferred('members of the UnTagResources page; that a key which is not there does nothing'),

  request: {
    ResourceList: resourceNames.describe('Names in six parts.'),
    TagKeys: tagKeys.describe('Keys of tags to detach.'),
  },
  response: { FailedResources: failedResources },

  operation: untag,
  toCore({ ResourceList, TagKeys }, here) {
    const subjects = subjectsNamed(ResourceList, 'ResourceList', here)
    return subjects instanceof Refusal ? subjects : { subjects, tagKeys: TagKeys }
  },
  fromCore: (found, _here, { ResourceList }) => ({ FailedResources: failedOf(ResourceList, found) }),
  errors: tagErrors,
})
