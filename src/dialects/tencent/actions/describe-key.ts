import { documented } from '../../../contract/evidence.ts'
import { describe } from '../../../core/operations/describe.ts'
import { action } from '../action.ts'
import { forMember, keyId, keyMetadata, memberAccount, metadataOf } from '../fields.ts'

export const DescribeKey = action({
  name: 'DescribeKey',
  rights: { keys: 'kms:DescribeKey' },
  summary: 'Read one CMK.',
  evidence: documented('DescribeKey page; SDK model KeyMetadata'),

  request: { KeyId: keyId.describe('The CMK.'), MemberAccount: memberAccount },
  response: { KeyMetadata: keyMetadata },

  operation: describe,
  ...forMember,
  toCore: ({ KeyId }) => ({ keyIds: [KeyId] }),
  fromCore([found]) {
    if (!found) throw new Error('a described key is missing')
    return { KeyMetadata: metadataOf(found) }
  },
})
