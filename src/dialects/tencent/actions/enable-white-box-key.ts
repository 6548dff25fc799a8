import { documented } from '../../../contract/evidence.ts'
import { resumeWhiteBoxKeys } from '../../../core/operations/white-box-keys.ts'
import { action } from '../action.ts'
import { oneWhiteBoxKey, toBatchOfOne } from '../white-box.ts'

export const EnableWhiteBoxKey = action({
  name: 'EnableWhiteBoxKey',
  rights: { keys: 'kms:EnableWhiteBoxKey' },
  summary: 'Enable a white-box key.',
  evidence: documented('EnableWhiteBoxKey page; that an enabled one stays so is inferred'),

  request: oneWhiteBoxKey,
  response: {},

  operation: resumeWhiteBoxKeys,
  toCore: toBatchOfOne,
  fromCore: () => ({}),
})
