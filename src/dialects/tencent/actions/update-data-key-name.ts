import { documented } from '../../../contract/evidence.ts'
import { noted } from '../../../contract/schema.ts'
import { renameDataKey } from '../../../core/operations/data-key-lifecycle.ts'
import { action } from '../action.ts'
import { dataKeyName, oneDataKey, plainValue, unlistedDenial } from '../data-keys.ts'
import { forMember } from '../fields.ts'

export const UpdateDataKeyName = action({
  name: 'UpdateDataKeyName',
  rights: { dataKey: 'kms:UpdateDataKeyName' },
  summary: 'Rename a hosted data key.',
  evidence: documented('UpdateDataKeyName page; the rule of names is inferred, and the code of one that is taken'),

  request: {
    ...oneDataKey,
    // The action lists no code of its own for a malformed name.
    DataKeyName: noted(dataKeyName.describe('New name.'), { code: 'InvalidParameterValue' }),
  },
  response: {},

  operation: renameDataKey,
  ...forMember,
  toCore: ({ DataKeyId, DataKeyName }) => ({ dataKeyId: DataKeyId, name: DataKeyName }),
  fromCore: () => ({}),

  errors: {
    ...unlistedDenial,
    ...plainValue,
    nonUniqueNameAttribute: 'InvalidParameterValue.DataKeyNameAlreadyExists',
  },
})
