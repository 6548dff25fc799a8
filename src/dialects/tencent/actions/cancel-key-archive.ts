import { documented } from '../../../contract/evidence.ts'
import { reactivate } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { forMember, keyId, memberAccount } from '../fields.ts'

export const CancelKeyArchive = action({
  name: 'CancelKeyArchive',
  rights: { key: 'kms:CancelKeyArchive' },
  summary: 'Return an archived CMK to Enabled.',
  evidence: documented('CancelKeyArchive page'),

  request: { KeyId: keyId.describe('The CMK.'), MemberAccount: memberAccount },
  response: {},

  operation: reactivate,
  ...forMember,
  toCore: ({ KeyId }) => ({ keyId: KeyId }),
  fromCore: () => ({}),

  errors: { notUserOwned: 'UnsupportedOperation.NotUserCreatedCmk' },
})
