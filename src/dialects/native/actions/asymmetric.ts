import { eitherOf } from '../../../contract/action.ts'
import { inferred } from '../../../contract/evidence.ts'
import { base64, choice } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { deriveSharedSecret } from '../../../core/operations/agreement.ts'
import { decryptRsa, decryptSm2, encryptAsymmetric } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyRef } from '../key-fields.ts'

const evidence = inferred('ours')
const rsaSchemes = ['rsaOaepSha256', 'rsaOaepSha1', 'rsaPkcs1'] as const
const sm2Schemes = ['sm2Der', 'sm2Raw'] as const

export const EncryptAsymmetric = action({
  name: 'encrypt-asymmetric',
  rights: { key: 'key:encrypt' },
  summary: 'Encrypt to the public half of an RSA or SM2 key, as anybody who has it can.',
  evidence,
  request: {
    key: keyRef,
    plaintext: base64({ bytesMin: 1, sensitive: true }).describe('As much as the scheme and the key take.'),
    scheme: choice([...rsaSchemes, ...sm2Schemes]),
  },
  response: { ciphertext: base64({ bytesMax: 8192 }), keyId: z.string() },
  operation: encryptAsymmetric,
  toCore: ({ key: keyId, plaintext, scheme }) => ({ keyId, plaintext, scheme }),
  fromCore: ({ ciphertext, keyId }) => ({ ciphertext, keyId }),
})

const decrypting = {
  name: 'decrypt-asymmetric',
  summary: 'Decrypt with the private half of an RSA or SM2 key.',
  evidence,
  response: { plaintext: base64({ sensitive: true }), keyId: z.string() },
  fromCore: ({ plaintext, keyId }: { plaintext: Uint8Array; keyId: string }) => ({ plaintext, keyId }),
}
const members = { key: keyRef, ciphertext: base64({ bytesMin: 1, bytesMax: 8192 }) }

const decryptingRsa = action({
  ...decrypting,
  rights: { key: 'key:decrypt-rsa' },
  request: { ...members, scheme: choice(rsaSchemes) },
  operation: decryptRsa,
  toCore: ({ key: keyId, ciphertext, scheme }) => ({ keyId, ciphertext, scheme }),
})

const decryptingSm2 = action({
  ...decrypting,
  rights: { key: 'key:decrypt-sm2' },
  request: { ...members, scheme: choice(sm2Schemes) },
  operation: decryptSm2,
  toCore: ({ key: keyId, ciphertext, scheme }) => ({ keyId, ciphertext, scheme }),
})

const isSm2 = (asked: unknown): boolean =>
  sm2Schemes.some((scheme) => scheme === ((asked ?? {}) as { readonly scheme?: unknown }).scheme)

export const DecryptAsymmetric = eitherOf(decryptingRsa, decryptingSm2, isSm2)

export const DeriveSharedSecret = action({
  name: 'derive-shared-secret',
  rights: { key: 'key:derive-shared-secret' },
  summary: 'Give what a key shares with a public key on the same curve.',
  evidence,
  request: {
    key: keyRef,
    publicKey: base64({ bytesMin: 1, bytesMax: 1024 }).describe('The other side: SubjectPublicKeyInfo, DER.'),
  },
  response: {
    secret: base64({ sensitive: true }).describe('The x coordinate of the shared point.'),
    keyId: z.string(),
  },
  operation: deriveSharedSecret,
  toCore: ({ key: keyId, publicKey }) => ({ keyId, publicKey }),
  fromCore: ({ secret, keyId }) => ({ secret, keyId }),
})
