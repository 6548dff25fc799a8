import { documented } from '../../../contract/evidence.ts'
import { suspendDataKeys } from '../../../core/operations/data-key-lifecycle.ts'
import { action } from '../action.ts'
import { manyDataKeys, plainValue, toMany, unlistedDenial } from '../data-keys.ts'
import { forMember } from '../fields.ts'

export const DisableDataKeys = action({
  name: 'DisableDataKeys',
  rights: { dataKeys: 'kms:DisableDataKeys' },
  summary: 'Disable hosted data keys, all of them or none.',
  evidence: documented('DisableDataKeys page; all or nothing is inferred by analogy to white-box keys'),

  request: manyDataKeys,
  response: {},

  operation: suspendDataKeys,
  ...forMember,
  toCore: toMany,
  fromCore: () => ({}),

  errors: { ...unlistedDenial, ...plainValue },
})
