import { documented } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { verify } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'
import { messageType, signatureAlgorithm, signatureAlgorithms, signatureValue, signedOf } from '../schemes.ts'

export const VerifyByAsymmetricKey = action({
  name: 'VerifyByAsymmetricKey',
  rights: { key: 'kms:VerifyByAsymmetricKey' },
  summary: 'Tell whether a signature is one of a signing CMK; a wrong one is no error.',
  evidence: documented('VerifyByAsymmetricKey page; that raw SM2 signatures verify too is inferred'),

  request: {
    KeyId: keyId.describe('The CMK.'),
    SignatureValue: signatureValue,
    Message: base64({ code: 'InvalidParameterValue' }).describe('The message or its digest, as it was signed.'),
    Algorithm: signatureAlgorithm,
    MessageType: messageType,
  },
  response: { SignatureValid: z.boolean() },

  operation: verify,
  toCore: ({ KeyId, SignatureValue, Message, Algorithm, MessageType }) => ({
    keyId: KeyId,
    scheme: signatureAlgorithms[Algorithm],
    signed: signedOf(Message, MessageType),
    signature: SignatureValue,
  }),
  fromCore: ({ valid }) => ({ SignatureValid: valid }),

  errors: {
    permissionDenied: 'AuthFailure.UnauthorizedOperation',
    unsupportedCryptographicParameters: 'InvalidParameterValue',
  },
})
