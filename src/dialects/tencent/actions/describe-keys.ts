import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { describe } from '../../../core/operations/describe.ts'
import { action } from '../action.ts'
import { forMember, keyIds, keyMetadata, memberAccount, metadataOf } from '../fields.ts'

export const DescribeKeys = action({
  name: 'DescribeKeys',
  rights: { keys: 'kms:DescribeKeys' },
  summary: 'Read several CMKs, in the order asked.',
  evidence: documented('DescribeKeys page; the order and that one unknown id fails the call are inferred'),

  request: { KeyIds: keyIds.describe('The CMKs.'), MemberAccount: memberAccount },
  response: { KeyMetadatas: z.array(keyMetadata) },

  operation: describe,
  ...forMember,
  toCore: ({ KeyIds }) => ({ keyIds: KeyIds }),
  fromCore: (founds) => ({ KeyMetadatas: founds.map(metadataOf) }),
})
