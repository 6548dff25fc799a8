import { inferred } from '../../../contract/evidence.ts'
import { rotateImported } from '../../../core/operations/next-material.ts'
import { action } from '../action.ts'
import { keyId, keyIdMember, sequence } from '../fields.ts'

export const RotateOnDemand = action({
  name: 'RotateOnDemand',
  rights: { key: 'kms:cmk:rotateOnDemand' },
  summary: 'Let the material that was imported with import_type NEW_KEY_MATERIAL protect from now on.',
  evidence: inferred('SDK of 2026: how the next material is imported is not published, nor are states and codes'),

  request: { key_id: keyId.describe('The external key.'), sequence },
  response: { key_id: keyIdMember },

  operation: rotateImported,
  toCore: ({ key_id }) => ({ keyId: key_id }),
  fromCore: ({ keyId: id }) => ({ key_id: id }),

  errors: {
    objectNotFound: ({ kind }) => (kind === 'keyVersion' ? 'KMS.0308' : 'KMS.0207'),
    incompatibleCryptographicUsageMask: 'KMS.0324',
  },
})
