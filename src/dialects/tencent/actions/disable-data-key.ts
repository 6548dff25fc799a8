import { documented } from '../../../contract/evidence.ts'
import { suspendDataKeys } from '../../../core/operations/data-key-lifecycle.ts'
import { action } from '../action.ts'
import { oneDataKey, toBatchOfOne, unlistedDenial } from '../data-keys.ts'
import { forMember } from '../fields.ts'

export const DisableDataKey = action({
  name: 'DisableDataKey',
  rights: { dataKeys: 'kms:DisableDataKey' },
  summary: 'Disable a hosted data key: it is not given out.',
  evidence: documented('DisableDataKey page; that a disabled data key stays so is inferred'),

  request: oneDataKey,
  response: {},

  operation: suspendDataKeys,
  ...forMember,
  toCore: toBatchOfOne,
  fromCore: () => ({}),

  errors: unlistedDenial,
})
