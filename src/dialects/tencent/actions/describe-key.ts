import { documented } from '../../../contract/evidence.ts'
import { describe } from '../../../core/operations/describe.ts'
import { action } from '../action.ts'
import { foreign, keyId, keyMetadata, memberAccount, metadataOf } from '../fields.ts'

export const DescribeKey = action({
  name: 'DescribeKey',
  rights: { keys: 'kms:DescribeKey' },
  summary: 'Read one CMK.',
  evidence: documented('DescribeKey page; SDK model KeyMetadata'),

  request: { KeyId: keyId.describe('The CMK.'), MemberAccount: memberAccount },
  response: { KeyMetadata: keyMetadata },

  operation: describe,
  toCore: ({ KeyId, MemberAccount }, here) => foreign(MemberAccount, here) ?? { keyIds: [KeyId] },
  fromCore([found], here) {
    if (!found) throw new Error('a described key is missing')
    return { KeyMetadata: metadataOf(found, here) }
  },
})
