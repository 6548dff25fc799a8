import { documented } from '../../../contract/evidence.ts'
import { suspendWhiteBoxKeys } from '../../../core/operations/white-box-keys.ts'
import { action } from '../action.ts'
import { oneWhiteBoxKey, toBatchOfOne } from '../white-box.ts'

export const DisableWhiteBoxKey = action({
  name: 'DisableWhiteBoxKey',
  rights: { keys: 'kms:DisableWhiteBoxKey' },
  summary: 'Disable a white-box key: it encrypts nothing; tables that were fetched decrypt on.',
  evidence: documented('DisableWhiteBoxKey page; that a disabled one stays so is inferred'),

  request: oneWhiteBoxKey,
  response: {},

  operation: suspendWhiteBoxKeys,
  toCore: toBatchOfOne,
  fromCore: () => ({}),
})
