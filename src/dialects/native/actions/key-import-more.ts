import { inferred } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { importPrivateKey } from '../../../core/operations/import.ts'
import { importNextMaterial, rotateImported } from '../../../core/operations/next-material.ts'
import { action } from '../action.ts'
import { keyRef } from '../key-fields.ts'

const common = { evidence: inferred('ours'), response: {}, fromCore: () => ({}) }
const ticketed = { key: keyRef, ticket: base64({ bytesMin: 1 }) }
const wrapped = base64({ bytesMin: 1, sensitive: true })

export const KeyImportPrivate = action({
  ...common,
  name: 'key-import-private',
  rights: { key: 'key:import' },
  summary: 'Bring the private half of a key, wrapped under a key of its own that is wrapped under the ticket.',
  request: {
    ...ticketed,
    wrapped: wrapped.describe(
      'The wrapping key of your own, encrypted to the one handed out: 32 bytes for AES (16 for SM4, with an SM2 key).',
    ),
    wrappedPrivateKey: wrapped.describe('PKCS#8, DER, under that key by key wrap with padding (RFC 5649).'),
  },
  operation: importPrivateKey,
  toCore: ({ key: keyId, ticket: token, ...members }) => ({ keyId, token, ...members }),
})

export const KeyImportNext = action({
  ...common,
  name: 'key-import-next',
  rights: { key: 'key:import' },
  summary: 'Bring the material of the next version of a key, which waits until key-rotate-imported.',
  request: { ...ticketed, wrapped: wrapped.describe('The material, encrypted to the wrapping key.') },
  operation: importNextMaterial,
  toCore: ({ key: keyId, ticket: token, wrapped: material }) => ({ keyId, token, wrapped: material }),
})

export const KeyRotateImported = action({
  ...common,
  name: 'key-rotate-imported',
  rights: { key: 'key:rotate' },
  summary: 'Let the imported material that waits seal from now on; older versions only open.',
  request: { key: keyRef },
  response: { version: z.int() },
  operation: rotateImported,
  toCore: ({ key: keyId }) => ({ keyId }),
  fromCore: ({ version }) => ({ version }),
})
