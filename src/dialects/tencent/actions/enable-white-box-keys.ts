import { documented } from '../../../contract/evidence.ts'
import { resumeWhiteBoxKeys } from '../../../core/operations/white-box-keys.ts'
import { action } from '../action.ts'
import { manyWhiteBoxKeys, toMany } from '../white-box.ts'

export const EnableWhiteBoxKeys = action({
  name: 'EnableWhiteBoxKeys',
  rights: { keys: 'kms:EnableWhiteBoxKeys' },
  summary: 'Enable white-box keys, all of them or none.',
  evidence: documented('EnableWhiteBoxKeys page; that an enabled one stays so is inferred'),

  request: manyWhiteBoxKeys,
  response: {},

  operation: resumeWhiteBoxKeys,
  toCore: toMany,
  fromCore: () => ({}),
})
