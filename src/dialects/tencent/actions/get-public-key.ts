import { documented } from '../../../contract/evidence.ts'
import { base64, base64FromBytes } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { getPublicKey } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'

/** RFC 7468: lines of 64 characters. The page's example encodes twice; its tutorials and clients do not. */
const pemOf = (der: Uint8Array): string => {
  const lines = base64FromBytes(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`
}

export const GetPublicKey = action({
  name: 'GetPublicKey',
  rights: { key: 'kms:GetPublicKey' },
  summary: 'Return the public half of an asymmetric CMK.',
  evidence: documented('GetPublicKey page; that PublicKeyPem is ordinary PEM is what the tutorials show'),

  request: { KeyId: keyId.describe('The CMK.') },
  response: {
    KeyId: z.string(),
    PublicKey: base64().describe('Base64 of the DER SubjectPublicKeyInfo.'),
    PublicKeyPem: z.string(),
  },

  operation: getPublicKey,
  toCore: ({ KeyId }) => ({ keyId: KeyId }),
  fromCore: ({ keyId: id, publicKey }) => ({ KeyId: id, PublicKey: publicKey, PublicKeyPem: pemOf(publicKey) }),
})
