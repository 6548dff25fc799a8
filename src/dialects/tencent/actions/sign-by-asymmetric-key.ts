import { documented } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { sign } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'
import { messageType, signatureAlgorithm, signatureAlgorithms, signedOf } from '../schemes.ts'

export const SignByAsymmetricKey = action({
  name: 'SignByAsymmetricKey',
  rights: { key: 'kms:SignByAsymmetricKey' },
  summary: 'Sign a message or its digest with a signing CMK.',
  evidence: documented('SignByAsymmetricKey page; the name ECC_P384_R1 and its digest of 48 bytes are inferred'),

  request: {
    Algorithm: signatureAlgorithm,
    Message: base64().describe('The message, at most 4096 bytes before Base64, or its digest.'),
    KeyId: keyId.describe('The CMK.'),
    MessageType: messageType,
  },
  response: { Signature: base64().describe('RSA: as long as the modulus. ECC and SM2: ASN.1 DER.') },

  operation: sign,
  toCore: ({ Algorithm, Message, KeyId, MessageType }) => ({
    keyId: KeyId,
    scheme: signatureAlgorithms[Algorithm],
    signed: signedOf(Message, MessageType),
  }),
  fromCore: ({ signature }) => ({ Signature: signature }),

  errors: { permissionDenied: 'AuthFailure.UnauthorizedOperation' },
})
