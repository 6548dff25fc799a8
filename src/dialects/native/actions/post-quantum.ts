import { inferred } from '../../../contract/evidence.ts'
import { base64, sealed } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { decryptPostQuantum, encryptPostQuantum } from '../../../core/operations/post-quantum.ts'
import { action } from '../action.ts'
import { context, keyRef } from '../key-fields.ts'

export const EncryptPostQuantum = action({
  name: 'encrypt-post-quantum',
  rights: { key: 'key:encrypt-post-quantum' },
  summary: 'Seal a plaintext under a secret that is encapsulated to an ML-KEM key.',
  evidence: inferred('ours'),
  request: {
    key: keyRef,
    plaintext: base64({ bytesMin: 1, sensitive: true }),
    context: context().describe('What must be said again to open it.'),
  },
  response: { ciphertext: base64({ bytesMax: 16_384 }), keyId: z.string() },
  operation: encryptPostQuantum,
  toCore: ({ key: keyId, plaintext, context: said = noContext }) => ({ keyId, plaintext, context: said }),
  fromCore: ({ ciphertext, keyId }) => ({ ciphertext, keyId }),
})

export const DecryptPostQuantum = action({
  name: 'decrypt-post-quantum',
  rights: { source: 'key:decrypt-post-quantum' },
  summary: 'Open a ciphertext of an ML-KEM key.',
  evidence: inferred('ours'),
  request: { ciphertext: sealed(), context: context() },
  response: { plaintext: base64({ sensitive: true }), keyId: z.string() },
  operation: decryptPostQuantum,
  toCore: ({ ciphertext, context: said = noContext }) => ({ sealed: ciphertext, context: said }),
  fromCore: ({ plaintext, keyId }) => ({ plaintext, keyId }),
})
