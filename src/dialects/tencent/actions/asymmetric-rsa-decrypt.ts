import { documented } from '../../../contract/evidence.ts'
import { base64, choice } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { decryptRsa } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'
import { rsaSchemes } from '../schemes.ts'

export const AsymmetricRsaDecrypt = action({
  name: 'AsymmetricRsaDecrypt',
  rights: { key: 'kms:AsymmetricRsaDecrypt' },
  summary: 'Decrypt with the private half of an RSA decryption CMK.',
  evidence: documented('AsymmetricRsaDecrypt page; that only Enabled keys decrypt is inferred for Archived'),

  request: {
    KeyId: keyId.describe('The CMK.'),
    Ciphertext: base64({ bytesMax: 512 }).describe('The ciphertext; 256 bytes before Base64.'),
    Algorithm: choice(['RSAES_PKCS1_V1_5', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']).describe('Padding.'),
  },
  response: { KeyId: z.string(), Plaintext: base64({ sensitive: true }) },

  operation: decryptRsa,
  toCore: ({ KeyId, Ciphertext, Algorithm }) => ({
    keyId: KeyId,
    ciphertext: Ciphertext,
    scheme: rsaSchemes[Algorithm],
  }),
  fromCore: ({ keyId: id, plaintext }) => ({ KeyId: id, Plaintext: plaintext }),

  errors: {
    cryptographicFailure: 'FailedOperation.DecryptError',
    incompatibleCryptographicUsageMask: 'InvalidParameterValue.InvalidKeyUsage',
  },
})
