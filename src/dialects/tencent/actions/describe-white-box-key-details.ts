import { documented } from '../../../contract/evidence.ts'
import { code, integer } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { listWhiteBoxKeys, rowsMax, tablesMax } from '../../../core/operations/white-box-lists.ts'
import { action } from '../action.ts'
import { plainValue } from '../data-keys.ts'
import { conditionsOf, tagFilters } from '../tags.ts'
import { whiteBoxKeyInfo, whiteBoxKeyInfoOf } from '../white-box.ts'

const disabled = 0

export const DescribeWhiteBoxKeyDetails = action({
  name: 'DescribeWhiteBoxKeyDetails',
  rights: { keys: 'kms:DescribeWhiteBoxKeyDetails' },
  summary: `List white-box keys, oldest first: at most ${rowsMax} in a page, the first ${tablesMax} of it with their tables, the others with an empty DecryptKey.`,
  evidence: documented('DescribeWhiteBoxKeyDetails page; the order is inferred, the bound of the tables is our own'),

  request: {
    KeyStatus: code([0, 1]).describe('0 Disabled, 1 Enabled; both when absent.').optional(),
    Offset: integer().describe('Rows to skip.').optional(),
    Limit: integer()
      .describe(`Most rows to return, never more than ${rowsMax}; 0 or absent for all of them.`)
      .optional(),
    TagFilters: tagFilters,
  },
  response: { KeyInfos: z.array(whiteBoxKeyInfo), TotalCount: z.int() },

  operation: listWhiteBoxKeys,
  toCore({ KeyStatus, Offset = 0, Limit = 0, TagFilters }, { place }) {
    const filter = KeyStatus === undefined ? {} : { suspended: KeyStatus === disabled }
    const limit = Limit === 0 ? rowsMax : Limit
    return { at: place, page: { ...filter, tags: conditionsOf(TagFilters), offset: Offset, limit } }
  },
  fromCore: ({ total, keys }) => ({ KeyInfos: keys.map(whiteBoxKeyInfoOf), TotalCount: total }),

  errors: plainValue,
})
