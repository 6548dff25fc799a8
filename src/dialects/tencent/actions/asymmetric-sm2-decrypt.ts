import { documented } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { refuse } from '../../../core/failure.ts'
import { decryptSm2 } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'
import { offeredAlgorithm } from '../key-usages.ts'

export const AsymmetricSm2Decrypt = action({
  name: 'AsymmetricSm2Decrypt',
  rights: { key: 'kms:AsymmetricSm2Decrypt' },
  summary: 'Decrypt with the private half of an SM2 decryption CMK.',
  evidence: documented('AsymmetricSm2Decrypt page; the form is verified on its example, the raw form is inferred'),

  request: {
    KeyId: keyId.describe('The CMK.'),
    Ciphertext: base64({ bytesMax: 256 }).describe('C1C3C2 as ASN.1 DER, or raw with 04 before it.'),
  },
  response: { KeyId: z.string(), Plaintext: base64({ sensitive: true }) },

  operation: decryptSm2,
  toCore: ({ KeyId, Ciphertext }, { region }) =>
    offeredAlgorithm('ASYMMETRIC_DECRYPT_SM2', region) === undefined
      ? refuse({ reason: 'unsupportedCryptographicParameters' })
      : { keyId: KeyId, ciphertext: Ciphertext, scheme: 'sm2Der' },
  fromCore: ({ keyId: id, plaintext }) => ({ KeyId: id, Plaintext: plaintext }),

  errors: {
    cryptographicFailure: 'FailedOperation.DecryptError',
    incompatibleCryptographicUsageMask: 'InvalidParameterValue.InvalidKeyUsage',
    unsupportedCryptographicParameters: 'UnsupportedOperation.UnsupportedKeyUsageInCurrentRegion',
  },
})
