import { documented } from '../../../contract/evidence.ts'
import { base64, pemOf } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { getPublicKey } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'

export const GetPublicKey = action({
  name: 'GetPublicKey',
  rights: { key: 'kms:GetPublicKey' },
  summary: 'Return the public half of an asymmetric CMK.',
  evidence: documented('GetPublicKey page; that PublicKeyPem is ordinary PEM is what the tutorials show'),

  request: { KeyId: keyId.describe('The CMK.') },
  response: {
    KeyId: z.string(),
    PublicKey: base64().describe('Base64 of the DER SubjectPublicKeyInfo.'),
    // The page's example encodes twice; its tutorials and clients do not.
    PublicKeyPem: z.string(),
  },

  operation: getPublicKey,
  toCore: ({ KeyId }) => ({ keyId: KeyId }),
  fromCore: ({ keyId: id, publicKey }) => ({ KeyId: id, PublicKey: publicKey, PublicKeyPem: pemOf(publicKey) }),
})
