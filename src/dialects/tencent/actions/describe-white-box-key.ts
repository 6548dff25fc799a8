import { documented } from '../../../contract/evidence.ts'
import { describeWhiteBoxKey } from '../../../core/operations/white-box-lists.ts'
import { action } from '../action.ts'
import { oneWhiteBoxKey, toOne, whiteBoxKeyInfo, whiteBoxKeyInfoOf } from '../white-box.ts'

export const DescribeWhiteBoxKey = action({
  name: 'DescribeWhiteBoxKey',
  rights: { key: 'kms:DescribeWhiteBoxKey' },
  summary: 'Read one white-box key, with its tables.',
  evidence: documented('DescribeWhiteBoxKey page; SDK model WhiteboxKeyInfo'),

  request: oneWhiteBoxKey,
  response: { KeyInfo: whiteBoxKeyInfo },

  operation: describeWhiteBoxKey,
  toCore: toOne,
  fromCore: (described) => ({ KeyInfo: whiteBoxKeyInfoOf(described) }),
})
