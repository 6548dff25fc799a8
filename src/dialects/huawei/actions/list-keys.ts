import { documented } from '../../../contract/evidence.ts'
import { choice, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { list } from '../../../core/operations/describe.ts'
import type { KeyFilter } from '../../../core/pages.ts'
import { action } from '../action.ts'
import { enterpriseProject, groupOf, sequence, statesByNumber } from '../fields.ts'
import { keyRecord, recordOf } from '../key-record.ts'
import { keySpecNames, keySpecs } from '../key-specs.ts'
import { nextOf, pageMembers, pageOf, pageResult } from '../paging.ts'

const specFilter = (spec: keyof typeof keySpecs | 'ALL'): KeyFilter =>
  spec === 'ALL' ? {} : { algorithms: [keySpecs[spec].algorithm] }

export const ListKeys = action({
  name: 'ListKeys',
  rights: { keys: 'kms:cmk:list' },
  summary: 'List keys with their records, oldest first, page by page.',
  evidence: documented('list-keys page, where key_spec is AES_256 when absent; the order is inferred'),

  request: {
    ...pageMembers,
    key_state: text({ pattern: /^[1-5]$/ })
      .describe('Only those in this state.')
      .optional(),
    key_spec: choice(['ALL', ...keySpecNames])
      .describe('Only those of this kind: AES_256 when absent.')
      .optional(),
    enterprise_project_id: enterpriseProject
      .describe('Only those of this enterprise project; all, when absent or empty: of every one.')
      .optional(),
    sequence,
  },
  response: {
    keys: z.array(z.string()).describe('Their ids.'),
    key_details: z.array(keyRecord),
    ...pageResult,
  },

  operation: list,
  toCore(members, { place }) {
    const { key_state, key_spec = 'AES_256', enterprise_project_id = '' } = members
    const group = ['', 'all'].includes(enterprise_project_id) ? {} : { group: groupOf(enterprise_project_id) }
    const states = key_state === undefined ? {} : { states: statesByNumber(key_state) }
    return {
      at: place,
      page: { filter: { ...specFilter(key_spec), ...states, ...group }, order: 'oldestFirst', ...pageOf(members) },
    }
  },
  fromCore: ({ total, keys }, { region }, members) => ({
    keys: keys.map(({ key }) => key.id),
    key_details: keys.map((found) => recordOf(found, region)),
    ...nextOf(members, keys.length, total),
  }),
})
