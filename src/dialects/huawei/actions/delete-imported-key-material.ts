import { documented } from '../../../contract/evidence.ts'
import { deleteMaterial } from '../../../core/operations/import.ts'
import { action } from '../action.ts'
import { keyId, sequence } from '../fields.ts'

export const DeleteImportedKeyMaterial = action({
  name: 'DeleteImportedKeyMaterial',
  rights: { key: 'kms:cmk:deleteMaterial' },
  summary: 'Remove the material of an external symmetric key, which waits for the same material then.',
  evidence: documented('delete-imported-key-material page'),

  request: { key_id: keyId.describe('The external key.'), sequence },
  response: {},

  operation: deleteMaterial,
  toCore: ({ key_id }) => ({ keyId: key_id }),
  fromCore: () => ({}),

  errors: { wrongKeyLifecycleState: 'KMS.2701', incompatibleCryptographicUsageMask: 'KMS.2702' },
})
