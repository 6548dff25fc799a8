import { documented } from '../../../contract/evidence.ts'
import { resumeDataKeys } from '../../../core/operations/data-key-lifecycle.ts'
import { action } from '../action.ts'
import { manyDataKeys, plainValue, toMany, unlistedDenial } from '../data-keys.ts'
import { forMember } from '../fields.ts'

export const EnableDataKeys = action({
  name: 'EnableDataKeys',
  rights: { dataKeys: 'kms:EnableDataKeys' },
  summary: 'Enable hosted data keys, all of them or none.',
  evidence: documented(
    'EnableDataKeys page; all or nothing, and that the CMKs must not be on their way out, are inferred',
  ),

  request: manyDataKeys,
  response: {},

  operation: resumeDataKeys,
  ...forMember,
  toCore: toMany,
  fromCore: () => ({}),

  errors: { ...unlistedDenial, ...plainValue },
})
