import { documented } from '../../../contract/evidence.ts'
import { deleteMaterial } from '../../../core/operations/import.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'

export const DeleteImportedKeyMaterial = action({
  name: 'DeleteImportedKeyMaterial',
  rights: { key: 'kms:DeleteImportedKeyMaterial' },
  summary: 'Drop imported material; the CMK stays, in PendingImport.',
  evidence: documented('DeleteImportedKeyMaterial page; that a Disabled CMK allows it is inferred'),

  request: { KeyId: keyId.describe('The EXTERNAL CMK.') },
  response: {},

  operation: deleteMaterial,
  toCore: ({ KeyId }) => ({ keyId: KeyId }),
  fromCore: () => ({}),

  errors: { permissionDenied: 'AuthFailure.UnauthorizedOperation' },
})
