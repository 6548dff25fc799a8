import { inferred } from '../../../contract/evidence.ts'
import { base64, sealed } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { parseSealed } from '../../../core/ciphertext.ts'
import { noContext } from '../../../core/context.ts'
import { decrypt, encrypt, reEncrypt } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { context, keyRef } from '../key-fields.ts'

const ciphertext = base64({ bytesMax: 16_384 })
const versionOf = (bytes: Uint8Array): number => parseSealed(bytes)?.version ?? 0

export const Encrypt = action({
  name: 'encrypt',
  rights: { key: 'key:encrypt' },
  summary: 'Seal a plaintext under the primary version of a key.',
  evidence: inferred('ours'),
  request: {
    key: keyRef,
    plaintext: base64({ bytesMin: 1, sensitive: true }),
    context: context().describe('What must be said again to open it.'),
  },
  response: { ciphertext, keyId: z.string(), keyVersion: z.int() },
  operation: encrypt,
  toCore: ({ key: keyId, plaintext, context: said = noContext }) => ({ keyId, plaintext, context: said }),
  fromCore: ({ keyId, ciphertext: made }) => ({ ciphertext: made, keyId, keyVersion: versionOf(made) }),
})

export const Decrypt = action({
  name: 'decrypt',
  rights: { source: 'key:decrypt' },
  summary: 'Open a ciphertext that any version of a key sealed, through whatever dialect.',
  evidence: inferred('ours'),
  request: { ciphertext: sealed(), context: context() },
  response: { plaintext: base64({ sensitive: true }), keyId: z.string(), keyVersion: z.int() },
  operation: decrypt,
  toCore: ({ ciphertext: one, context: said = noContext }) => ({ sealed: one, context: said }),
  fromCore: ({ keyId, plaintext }, _here, { ciphertext: { version } }) => ({ plaintext, keyId, keyVersion: version }),
})

export const ReEncrypt = action({
  name: 're-encrypt',
  rights: { source: 'key:re-encrypt-from', destination: 'key:re-encrypt-to' },
  summary: 'Move a ciphertext to another key, version or context without showing its plaintext.',
  evidence: inferred('ours'),
  request: {
    ciphertext: sealed(),
    context: context(),
    key: keyRef.describe('The key to move to; the primary version of its own when absent.').optional(),
    newContext: context(),
  },
  response: { ciphertext, keyId: z.string(), keyVersion: z.int() },
  operation: reEncrypt,
  toCore: ({ ciphertext: one, context: said = noContext, key, newContext = noContext }) => ({
    sealed: one,
    sourceContext: said,
    destinationContext: newContext,
    ...(key === undefined ? {} : { destinationKeyId: key }),
  }),
  fromCore: ({ keyId, ciphertext: made }) => ({ ciphertext: made, keyId, keyVersion: versionOf(made) }),
})
