import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { describeDataKeys } from '../../../core/operations/data-key-lists.ts'
import { action } from '../action.ts'
import { dataKeyMetadata, dataKeyMetadataOf, manyDataKeys, plainValue, toMany, unlistedDenial } from '../data-keys.ts'
import { forMember } from '../fields.ts'

export const DescribeDataKeys = action({
  name: 'DescribeDataKeys',
  rights: { dataKeys: 'kms:DescribeDataKeys' },
  summary: 'Read several hosted data keys, in the order asked.',
  evidence: documented('DescribeDataKeys page; the order and that one unknown id fails the call are inferred'),

  request: manyDataKeys,
  response: { DataKeyMetadatas: z.array(dataKeyMetadata) },

  operation: describeDataKeys,
  ...forMember,
  toCore: toMany,
  fromCore: (founds) => ({ DataKeyMetadatas: founds.map(dataKeyMetadataOf) }),

  errors: { ...unlistedDenial, ...plainValue },
})
