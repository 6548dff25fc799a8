import { eitherOf } from '../../../contract/action.ts'
import { documented } from '../../../contract/evidence.ts'
import { choice } from '../../../contract/fields.ts'
import { tagKey, untagKey } from '../../../core/operations/key-tags.ts'
import { action } from '../action.ts'
import type { Code } from '../codes.ts'
import { keyId, sequence } from '../fields.ts'
import { tagList, tagsOf, tagsOfKeyMax } from '../tags.ts'

const members = {
  key_id: keyId.describe('The key.'),
  tags: tagList.describe('The tags; for delete their keys matter alone.'),
  action: choice(['create', 'delete'], { code: 'KMS.0404' }).describe(
    'Give these tags to the key, or take them from it.',
  ),
  sequence,
}

const malformed = ({ member }: { member: string }): Code => (member.startsWith('tags') ? 'KMS.0412' : 'KMS.0214')

const said = {
  name: 'BatchCreateKmsTags',
  evidence: documented('tag pages; that an unknown key is no fault of delete is inferred'),
  request: members,
  response: {},
  fromCore: () => ({}),
  errors: {
    missingData: ({ member }: { member: string }): Code => (member.startsWith('tags.') ? 'KMS.0412' : 'KMS.0204'),
    unknownField: ({ member }: { member: string }): Code => (member.startsWith('tags.') ? 'KMS.0412' : 'KMS.0308'),
    invalidField: ({ member, empty }: { member: string; empty?: object }): Code =>
      empty && member === 'action' ? 'KMS.0404' : malformed({ member }),
  },
} as const

const Give = action({
  ...said,
  rights: { key: 'kms:cmk:tag' },
  userOwned: ['key'],
  summary: 'Give a key several tags, or take several from it.',
  operation: tagKey,
  toCore: ({ key_id, tags }) => ({ keyId: key_id, tags: tagsOf(tags), max: tagsOfKeyMax }),
})

const Take = action({
  ...said,
  rights: { key: 'kms:cmk:unTag' },
  userOwned: ['key'],
  summary: 'Take several tags from a key.',
  operation: untagKey,
  toCore: ({ key_id, tags }) => ({ keyId: key_id, tagKeys: tags.map(({ key }) => key) }),
})

const takes = (asked: unknown): boolean =>
  typeof asked === 'object' && asked !== null && 'action' in asked && asked.action === 'delete'

export const BatchCreateKmsTags = eitherOf(Give, Take, takes)
