import { documented } from '../../../contract/evidence.ts'
import { choice, code, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { list } from '../../../core/operations/describe.ts'
import type { KeyFilter } from '../../../core/pages.ts'
import type { State } from '../../../core/state.ts'
import { action } from '../action.ts'
import { forMembers, keyMetadata, memberAccounts, metadataOf, pageMembers, pageOf } from '../fields.ts'
import { keyUsages, usageFilter } from '../key-usages.ts'
import { conditionsOf, tagFilters } from '../tags.ts'

/** By the number that `KeyState` asks for; a destroyed key is in no list. */
const byNumber: readonly (readonly State[])[] = [
  ['active', 'suspended', 'destructionScheduled', 'preActive', 'deactivated'],
  ['active'],
  ['suspended'],
  ['destructionScheduled'],
  ['preActive'],
  ['deactivated'],
]

const originFilters = { TENCENT_KMS: { origin: 'generated' }, EXTERNAL: { origin: 'imported' }, ALL: {} } as const

export const ListKeyDetail = action({
  name: 'ListKeyDetail',
  rights: { keys: 'kms:ListKeyDetail' },
  summary: 'List CMKs with their attributes, filtered.',
  evidence: documented('ListKeyDetail page; that search ignores case is verified on its example'),

  request: {
    ...pageMembers,
    OrderType: code([0, 1]).describe('0 newest first, 1 oldest first.').optional(),
    KeyState: code([0, 1, 2, 3, 4, 5])
      .describe('0 all, 1 Enabled, 2 Disabled, 3 PendingDelete, 4 PendingImport, 5 Archived.')
      .optional(),
    SearchKeyAlias: text({ charactersMax: 256 }).describe('Part of an id or alias, case ignored.').optional(),
    Origin: choice(['TENCENT_KMS', 'EXTERNAL', 'ALL']).describe('Where the material came from.').optional(),
    KeyUsage: choice(['', 'ALL', ...keyUsages])
      .describe('ENCRYPT_DECRYPT when absent or empty.')
      .optional(),
    TagFilters: tagFilters,
    MemberAccounts: memberAccounts,
  },
  response: { TotalCount: z.int(), KeyMetadatas: z.array(keyMetadata) },

  operation: list,
  ...forMembers,
  toCore(members, here) {
    const { Role = 0, OrderType = 0, KeyState = 0, SearchKeyAlias = '', Origin = 'ALL', KeyUsage = '' } = members
    const filter: KeyFilter = {
      states: byNumber[KeyState] ?? [],
      owner: Role === 0 ? 'user' : 'product',
      ...originFilters[Origin],
      ...usageFilter(KeyUsage),
      ...(SearchKeyAlias === '' ? {} : { search: SearchKeyAlias }),
      tags: conditionsOf(members.TagFilters),
    }
    const order = OrderType === 0 ? 'newestFirst' : 'oldestFirst'
    return { at: here.place, page: { filter, order, ...pageOf(members) } }
  },
  fromCore: ({ total, keys }) => ({ TotalCount: total, KeyMetadatas: keys.map(metadataOf) }),
})
