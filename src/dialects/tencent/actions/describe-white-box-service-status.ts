import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { describeWhiteBoxService } from '../../../core/operations/white-box-lists.ts'
import { action } from '../action.ts'

export const DescribeWhiteBoxServiceStatus = action({
  name: 'DescribeWhiteBoxServiceStatus',
  rights: { service: 'kms:DescribeWhiteBoxServiceStatus' },
  summary: 'Tell whether white-box keys can be made: they can.',
  evidence: inferred('DescribeWhiteBoxServiceStatus page for the member; there is nothing to buy here'),

  request: {},
  response: { ServiceEnabled: z.boolean() },

  operation: describeWhiteBoxService,
  toCore: (_members, { place }) => ({ at: place }),
  fromCore: ({ offered }) => ({ ServiceEnabled: offered }),
})
