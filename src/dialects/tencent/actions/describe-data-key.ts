import { documented } from '../../../contract/evidence.ts'
import { describeDataKeys } from '../../../core/operations/data-key-lists.ts'
import { action } from '../action.ts'
import { dataKeyMetadata, dataKeyMetadataOf, oneDataKey, toBatchOfOne, unlistedDenial } from '../data-keys.ts'
import { forMember } from '../fields.ts'

export const DescribeDataKey = action({
  name: 'DescribeDataKey',
  rights: { dataKeys: 'kms:DescribeDataKey' },
  summary: 'Read one hosted data key, without the key itself.',
  evidence: documented('DescribeDataKey page; SDK model DataKeyMetadata'),

  request: oneDataKey,
  response: { DataKeyMetadata: dataKeyMetadata },

  operation: describeDataKeys,
  ...forMember,
  toCore: toBatchOfOne,
  fromCore([found]) {
    if (!found) throw new Error('a described data key is missing')
    return { DataKeyMetadata: dataKeyMetadataOf(found) }
  },

  errors: unlistedDenial,
})
