import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { list } from '../../../core/operations/describe.ts'
import type { KeyFilter } from '../../../core/pages.ts'
import { action } from '../action.ts'
import { pageMembers, pageOf } from '../fields.ts'

/** The page says that keys of these states are listed, and no others. */
const listed = ['active', 'suspended', 'preActive'] as const

export const ListKeys = action({
  name: 'ListKeys',
  rights: { keys: 'kms:ListKeys' },
  summary: 'List ids of CMKs that are Enabled, Disabled or PendingImport, newest first.',
  evidence: documented('ListKeys page; the order is verified on its example'),

  request: pageMembers,
  response: { Keys: z.array(z.object({ KeyId: z.string() })), TotalCount: z.int() },

  operation: list,
  toCore({ Role = 0, ...page }, { place }) {
    const filter: KeyFilter = { states: listed, owner: Role === 0 ? 'user' : 'product' }
    return { at: place, page: { filter, order: 'newestFirst', ...pageOf(page) } }
  },
  fromCore: ({ total, keys }) => ({ Keys: keys.map(({ key }) => ({ KeyId: key.id })), TotalCount: total }),
})
