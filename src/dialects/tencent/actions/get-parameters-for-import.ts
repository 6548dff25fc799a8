import { documented } from '../../../contract/evidence.ts'
import { base64, choice } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { type Padding, prepareImport } from '../../../core/operations/import-ticket.ts'
import { action } from '../action.ts'
import { keyId, seconds } from '../fields.ts'

const paddings: Readonly<Record<string, Padding>> = {
  RSAES_PKCS1_V1_5: 'pkcs1',
  RSAES_OAEP_SHA_1: 'oaepSha1',
  RSAES_OAEP_SHA_256: 'oaepSha256',
}

export const GetParametersForImport = action({
  name: 'GetParametersForImport',
  rights: { key: 'kms:GetParametersForImport' },
  summary: 'Issue a wrapping public key and an import token for an EXTERNAL CMK; an older pair ends.',
  evidence: documented('GetParametersForImport page; that every state allows it is inferred'),

  request: {
    KeyId: keyId.describe('The EXTERNAL CMK.'),
    WrappingAlgorithm: choice(['RSAES_PKCS1_V1_5', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']).describe('RSA padding.'),
    WrappingKeySpec: choice(['RSA_2048']).describe('Type of the wrapping key.'),
  },
  response: {
    KeyId: z.string(),
    ImportToken: base64(),
    PublicKey: base64().describe('Base64 of the DER SubjectPublicKeyInfo.'),
    ParametersValidTo: z.int().describe('Unix seconds; 24 hours from now.'),
  },

  operation: prepareImport,
  toCore: ({ KeyId, WrappingAlgorithm }) => ({ keyId: KeyId, padding: paddings[WrappingAlgorithm] ?? 'oaepSha256' }),
  fromCore: ({ keyId: id, token, publicKey, expiresAt }) => ({
    KeyId: id,
    ImportToken: token,
    PublicKey: publicKey,
    ParametersValidTo: seconds(expiresAt),
  }),

  errors: { permissionDenied: 'AuthFailure.UnauthorizedOperation' },
})
