import { documented } from '../../../contract/evidence.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { noTags } from '../../../core/object.ts'
import { retag } from '../../../core/operations/tags.ts'
import { action } from '../action.ts'
import { deletedTags, resourceName, subjectNamed, tagErrors, writtenTags } from '../tag-service.ts'
import { tagsOf } from '../tags.ts'

const badDelete = (why: string): Refusal =>
  refuse({
    reason: 'invalidAttributeValue',
    member: 'DeleteTags',
    why,
    code: 'InvalidParameterValue.DeleteTagsParamError',
  })

export const ModifyResourceTags = action({
  name: 'ModifyResourceTags',
  rights: { object: 'tag:ModifyResourceTags' },
  summary: 'Attach, change and detach tags of one resource.',
  evidence: documented('ModifyResourceTags page; a DeleteTags of keys that are not there is inferred to do nothing'),

  request: {
    Resource: resourceName.describe('Name in six parts: qcs::kms:<region>:uin/:key/<ResourceId>.'),
    ReplaceTags: writtenTags.describe('Tags to attach, or to give another value.').optional(),
    DeleteTags: deletedTags.describe('Keys of tags to detach.').optional(),
  },
  response: {},

  operation: retag,
  toCore({ Resource, ReplaceTags, DeleteTags }, here) {
    if (DeleteTags?.length === 0) return badDelete('must not be empty')
    if (ReplaceTags?.length === 0 || !(ReplaceTags || DeleteTags))
      return refuse({ reason: 'invalidAttributeValue', member: 'ReplaceTags', why: 'must not be empty' })
    const remove = (DeleteTags ?? []).map(({ TagKey }) => TagKey)
    const replace = ReplaceTags ? tagsOf(ReplaceTags) : noTags
    if (remove.some((key) => replace.has(key))) return badDelete('must not name a key that ReplaceTags sets')
    const subject = subjectNamed(Resource, 'Resource', here)
    return subject instanceof Refusal ? subject : { subject, replace, remove }
  },
  fromCore: () => ({}),
  errors: tagErrors,
})
