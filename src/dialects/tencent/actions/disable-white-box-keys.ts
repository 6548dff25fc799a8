import { documented } from '../../../contract/evidence.ts'
import { suspendWhiteBoxKeys } from '../../../core/operations/white-box-keys.ts'
import { action } from '../action.ts'
import { manyWhiteBoxKeys, toMany } from '../white-box.ts'

export const DisableWhiteBoxKeys = action({
  name: 'DisableWhiteBoxKeys',
  rights: { keys: 'kms:DisableWhiteBoxKeys' },
  summary: 'Disable white-box keys, all of them or none.',
  evidence: documented('DisableWhiteBoxKeys page; that a disabled one stays so is inferred'),

  request: manyWhiteBoxKeys,
  response: {},

  operation: suspendWhiteBoxKeys,
  toCore: toMany,
  fromCore: () => ({}),
})
