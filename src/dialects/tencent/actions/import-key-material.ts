import { documented } from '../../../contract/evidence.ts'
import { base64, integer } from '../../../contract/fields.ts'
import { refuse } from '../../../core/failure.ts'
import { importMaterial } from '../../../core/operations/import.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'

/** The latest end that the page allows: 2038-01-18. */
const validToMax = 2_147_443_200

export const ImportKeyMaterial = action({
  name: 'ImportKeyMaterial',
  rights: { key: 'kms:ImportKeyMaterial' },
  summary: 'Load wrapped key material into an EXTERNAL CMK.',
  evidence: documented('ImportKeyMaterial page; the code for material of the wrong length is inferred'),

  request: {
    EncryptedKeyMaterial: base64({ bytesMin: 1, sensitive: true }).describe('The wrapped material.'),
    ImportToken: base64({ bytesMin: 1 }).describe('The token of GetParametersForImport.'),
    KeyId: keyId.describe('The CMK that the token was issued for.'),
    ValidTo: integer({ max: validToMax }).describe('End of the material, unix seconds; 0 or absent never.').optional(),
  },
  response: {},

  operation: importMaterial,
  toCore({ EncryptedKeyMaterial, ImportToken, KeyId, ValidTo = 0 }, { house }) {
    const expiresAt = ValidTo === 0 ? null : ValidTo * 1000
    if (expiresAt !== null && expiresAt <= house.clock.now())
      return refuse({ reason: 'invalidAttributeValue', member: 'ValidTo', why: 'must be later than now' })
    return { keyId: KeyId, token: ImportToken, wrapped: EncryptedKeyMaterial, expiresAt }
  },
  fromCore: () => ({}),

  errors: { permissionDenied: 'AuthFailure.UnauthorizedOperation' },
})
