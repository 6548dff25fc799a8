import { inferred } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { signPostQuantum } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'
import { signedOf } from '../schemes.ts'

export const PostQuantumCryptoSign = action({
  name: 'PostQuantumCryptoSign',
  rights: { key: 'kms:PostQuantumCryptoSign' },
  summary: 'Sign a message with a post-quantum CMK.',
  evidence: inferred('PostQuantumCryptoSign page for the form; ML-DSA-87, where its example has its draft, Dilithium5'),

  request: {
    Message: base64().describe('The message, at most 4096 bytes before Base64.'),
    KeyId: keyId.describe('The CMK.'),
  },
  response: { Signature: base64({ bytesMax: 8192 }).describe('ML-DSA-87, 4627 bytes before Base64.') },

  operation: signPostQuantum,
  toCore: ({ KeyId, Message }) => ({ keyId: KeyId, scheme: 'mlDsa87' as const, signed: signedOf(Message) }),
  fromCore: ({ signature }) => ({ Signature: signature }),

  errors: { permissionDenied: 'AuthFailure.UnauthorizedOperation' },
})
