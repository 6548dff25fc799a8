import { documented } from '../../../contract/evidence.ts'
import { resumeDataKeys } from '../../../core/operations/data-key-lifecycle.ts'
import { action } from '../action.ts'
import { oneDataKey, toBatchOfOne, unlistedDenial } from '../data-keys.ts'
import { forMember } from '../fields.ts'

export const EnableDataKey = action({
  name: 'EnableDataKey',
  rights: { dataKeys: 'kms:EnableDataKey' },
  summary: 'Enable a disabled hosted data key.',
  evidence: documented(
    'EnableDataKey page; that an enabled one stays so, and that the CMK must not be on its way out, are inferred',
  ),

  request: oneDataKey,
  response: {},

  operation: resumeDataKeys,
  ...forMember,
  toCore: toBatchOfOne,
  fromCore: () => ({}),

  errors: unlistedDenial,
})
