import { documented } from '../../../contract/evidence.ts'
import { choice, code, integer, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { listDataKeys } from '../../../core/operations/data-key-lists.ts'
import type { DataKeyFilter } from '../../../core/pages.ts'
import type { State } from '../../../core/state.ts'
import { action } from '../action.ts'
import { dataKeyMetadata, dataKeyMetadataOf } from '../data-keys.ts'
import { forMembers, keyId, memberAccounts, pageMembers, pageOf } from '../fields.ts'
import { conditionsOf, tagFilters } from '../tags.ts'

/** By the number that `KeyState` asks for; a destroyed data key is in no list. */
const byNumber: readonly (readonly State[])[] = [
  ['active', 'suspended', 'destructionScheduled'],
  ['active'],
  ['suspended'],
  ['destructionScheduled'],
]

const originFilters = { TENCENT_KMS: { origin: 'generated' }, EXTERNAL: { origin: 'imported' }, ALL: {} } as const

export const ListDataKeyDetail = action({
  name: 'ListDataKeyDetail',
  rights: { dataKeys: 'kms:ListDataKeyDetail' },
  summary: 'List hosted data keys with their attributes, filtered.',
  evidence: documented('ListDataKeyDetail page; that search ignores case is inferred from ListKeyDetail'),

  request: {
    ...pageMembers,
    OrderType: code([0, 1]).describe('0 newest first, 1 oldest first.').optional(),
    KeyState: code([0, 1, 2, 3]).describe('0 all, 1 Enabled, 2 Disabled, 3 PendingDelete.').optional(),
    SearchKeyAlias: text({ charactersMax: 256 }).describe('Part of an id or name, case ignored.').optional(),
    Origin: choice(['TENCENT_KMS', 'EXTERNAL', 'ALL']).describe('Where they came from.').optional(),
    KeyId: keyId.describe('The CMK that protects them.').optional(),
    DataKeyLen: integer().describe('Their length in bytes.').optional(),
    TagFilters: tagFilters,
    MemberAccounts: memberAccounts,
  },
  response: { DataKeyMetadatas: z.array(dataKeyMetadata), TotalCount: z.int() },

  operation: listDataKeys,
  ...forMembers,
  toCore(members, { place }) {
    const { Role = 0, OrderType = 0, KeyState = 0, SearchKeyAlias = '', Origin = 'ALL', KeyId, DataKeyLen } = members
    const filter: DataKeyFilter = {
      states: byNumber[KeyState] ?? [],
      owner: Role === 0 ? 'user' : 'product',
      tags: conditionsOf(members.TagFilters),
      ...originFilters[Origin],
      ...(SearchKeyAlias === '' ? {} : { search: SearchKeyAlias }),
      ...(KeyId === undefined ? {} : { key: KeyId }),
      ...(DataKeyLen === undefined ? {} : { bytes: DataKeyLen }),
    }
    const order = OrderType === 0 ? 'newestFirst' : 'oldestFirst'
    return { at: place, page: { filter, order, ...pageOf(members) } }
  },
  fromCore: ({ total, dataKeys }) => ({ DataKeyMetadatas: dataKeys.map(dataKeyMetadataOf), TotalCount: total }),
})
