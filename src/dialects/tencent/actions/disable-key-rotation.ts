import { documented } from '../../../contract/evidence.ts'
import { disableRotation } from '../../../core/operations/rotation.ts'
import { action } from '../action.ts'
import { forMember, keyId, memberAccount } from '../fields.ts'

export const DisableKeyRotation = action({
  name: 'DisableKeyRotation',
  rights: { key: 'kms:DisableKeyRotation' },
  summary: 'Turn automatic rotation off; the versions that a CMK has stay.',
  evidence: documented('DisableKeyRotation page; that every state allows it is inferred'),

  request: { KeyId: keyId.describe('The CMK.'), MemberAccount: memberAccount },
  response: {},

  operation: disableRotation,
  ...forMember,
  toCore: ({ KeyId }) => ({ keyId: KeyId }),
  fromCore: () => ({}),
})
