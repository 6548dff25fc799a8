import { documented } from '../../../contract/evidence.ts'
import { deactivate } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { forMember, keyId, memberAccount } from '../fields.ts'

export const ArchiveKey = action({
  name: 'ArchiveKey',
  rights: { key: 'kms:ArchiveKey' },
  summary: 'Archive a CMK: from then on it only decrypts.',
  evidence: documented('ArchiveKey page; archiving a disabled or archived CMK is inferred from the Terraform provider'),

  request: { KeyId: keyId.describe('The CMK.'), MemberAccount: memberAccount },
  response: {},

  operation: deactivate,
  ...forMember,
  toCore: ({ KeyId }) => ({ keyId: KeyId }),
  fromCore: () => ({}),

  errors: { notUserOwned: 'UnsupportedOperation.NotUserCreatedCmk' },
})
