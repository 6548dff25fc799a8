import { documented } from '../../../contract/evidence.ts'
import { unbind } from '../../../core/operations/binding.ts'
import { action } from '../action.ts'
import { bindingMembers, toBinding } from '../fields.ts'

export const UnbindCloudResource = action({
  name: 'UnbindCloudResource',
  rights: { key: 'kms:UnbindCloudResource' },
  summary: 'Remove what BindCloudResource recorded.',
  evidence: documented('UnbindCloudResource page; that every state allows it is inferred'),

  request: bindingMembers,
  response: {},

  operation: unbind,
  toCore: toBinding,
  fromCore: () => ({}),
})
