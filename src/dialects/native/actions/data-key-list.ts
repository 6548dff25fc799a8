import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { listDataKeys } from '../../../core/operations/data-key-lists.ts'
import { action } from '../action.ts'
import { dataKeyRecord, dataKeyShown } from '../data-key-fields.ts'
import { id } from '../key-fields.ts'
import { limitOf, next, nextOf, offsetOf, pageMembers } from '../paging.ts'

export const DataKeyList = action({
  name: 'data-key-list',
  rights: { dataKeys: 'data-key:list' },
  summary: 'List the data keys of the account in the region, newest first.',
  evidence: inferred('ours'),
  request: { key: id.optional(), search: text({ charactersMax: 128 }).optional(), ...pageMembers },
  response: { dataKeys: z.array(dataKeyRecord), next, total: z.int() },
  operation: listDataKeys,
  toCore(asked, { place }) {
    const offset = offsetOf(asked)
    if (offset instanceof Refusal) return offset
    const { key, search } = asked
    const filter = { ...(key === undefined ? {} : { key }), ...(search ? { search } : {}) }
    return { at: place, page: { filter, order: 'newestFirst' as const, offset, limit: limitOf(asked) } }
  },
  fromCore: ({ total, dataKeys }, _here, asked) => ({
    dataKeys: dataKeys.map(dataKeyShown),
    next: nextOf(Number(offsetOf(asked)), dataKeys.length, total),
    total,
  }),
})
