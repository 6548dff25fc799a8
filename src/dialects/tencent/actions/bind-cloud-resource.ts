import { documented } from '../../../contract/evidence.ts'
import { bind } from '../../../core/operations/binding.ts'
import { action } from '../action.ts'
import { bindingMembers, toBinding } from '../fields.ts'

export const BindCloudResource = action({
  name: 'BindCloudResource',
  rights: { key: 'kms:BindCloudResource' },
  summary: 'Record that a resource of a cloud product uses a CMK; repeating it succeeds.',
  evidence: documented('BindCloudResource page; that only an Enabled CMK allows it is inferred'),

  request: bindingMembers,
  response: {},

  operation: bind,
  toCore: toBinding,
  fromCore: () => ({}),

  errors: { permissionDenied: 'AuthFailure.UnauthorizedOperation' },
})
