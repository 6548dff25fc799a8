import { documented } from '../../../contract/evidence.ts'
import { modifyDataKeyDescription } from '../../../core/operations/data-key-lifecycle.ts'
import { action } from '../action.ts'
import { dataKeyDescription, oneDataKey, unlistedDenial } from '../data-keys.ts'
import { forMember } from '../fields.ts'

export const UpdateDataKeyDescription = action({
  name: 'UpdateDataKeyDescription',
  rights: { dataKey: 'kms:UpdateDataKeyDescription' },
  summary: 'Change the description of a hosted data key.',
  evidence: documented('UpdateDataKeyDescription page'),

  request: { ...oneDataKey, Description: dataKeyDescription.describe('New description.') },
  response: {},

  operation: modifyDataKeyDescription,
  ...forMember,
  toCore: ({ DataKeyId, Description }) => ({ dataKeyId: DataKeyId, description: Description }),
  fromCore: () => ({}),

  errors: unlistedDenial,
})
