import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { listDataKeys } from '../../../core/operations/data-key-lists.ts'
import type { DataKeyFilter } from '../../../core/pages.ts'
import { action } from '../action.ts'
import { plainValue } from '../data-keys.ts'
import { pageMembers, pageOf } from '../fields.ts'

export const ListDataKeys = action({
  name: 'ListDataKeys',
  rights: { dataKeys: 'kms:ListDataKeys' },
  summary: 'List ids of hosted data keys, newest first.',
  evidence: documented(
    'ListDataKeys page; the order is verified on its example, that every state is listed is inferred',
  ),

  request: pageMembers,
  response: { DataKeys: z.array(z.object({ DataKeyId: z.string() })), TotalCount: z.int() },

  operation: listDataKeys,
  toCore({ Role = 0, ...page }, { place }) {
    const states = ['active', 'suspended', 'destructionScheduled'] as const
    const filter: DataKeyFilter = { states, owner: Role === 0 ? 'user' : 'product' }
    return { at: place, page: { filter, order: 'newestFirst', ...pageOf(page) } }
  },
  fromCore: ({ total, dataKeys }) => ({
    DataKeys: dataKeys.map(({ row }) => ({ DataKeyId: row.id })),
    TotalCount: total,
  }),

  errors: plainValue,
})
