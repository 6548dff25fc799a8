import { type Action, eitherOf } from '../../../contract/action.ts'
import { documented } from '../../../contract/evidence.ts'
import { base64, choice, sealed } from '../../../contract/fields.ts'
import { noted, z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { decryptRsa, decryptSm2 } from '../../../core/operations/asymmetric.ts'
import { decrypt } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { aad } from '../cipher-fields.ts'
import type { Code } from '../codes.ts'
import { keyIdMember, keyRef, sequence } from '../fields.ts'
import { notForEncryption } from '../misuse.ts'
import { algorithmAsked, asymmetricNames } from '../schemes.ts'

interface Decrypted {
  readonly keyId: string
  readonly plaintext: Uint8Array
}

const errors: Action<Code>['errors'] = {
  missingData: ({ member }) => (member === 'key_id' ? 'KMS.0205' : 'KMS.0204'),
  incompatibleCryptographicUsageMask: notForEncryption,
}

const declared = {
  name: 'DecryptData',
  summary: 'Decrypt what encrypt-data returned.',
  evidence: documented('decrypt-data page; that another key than the named one fails is inferred'),
  response: {
    key_id: keyIdMember,
    plain_text: noted(z.string(), { sensitive: true }).describe('The text; lossy where the bytes are no UTF-8.'),
    plain_text_base64: base64({ sensitive: true }).describe('The bytes.'),
  },
  fromCore: ({ keyId: id, plaintext }: Decrypted) => ({
    key_id: id,
    plain_text: Buffer.from(plaintext).toString(),
    plain_text_base64: plaintext,
  }),
  errors,
} as const

const symmetric = action({
  ...declared,
  rights: { source: 'kms:cmk:decryptData' },
  request: {
    cipher_text: sealed({ foreignCode: 'KMS.2201' }).describe('The ciphertext.'),
    key_id: keyRef.describe('The key; a symmetric ciphertext names it itself.').optional(),
    encryption_algorithm: choice(['SYMMETRIC_DEFAULT', ...asymmetricNames])
      .describe('SYMMETRIC_DEFAULT when absent.')
      .optional(),
    additional_authenticated_data: aad,
    sequence,
  },
  operation: decrypt,
  toCore: ({ cipher_text, key_id, additional_authenticated_data = noContext }) => ({
    sealed: cipher_text,
    context: additional_authenticated_data,
    content: 'data' as const,
    ...(key_id === undefined ? {} : { keyId: key_id }),
  }),
})

const asymmetricMembers = {
  cipher_text: base64({ bytesMin: 1, bytesMax: 4236 }).describe('The ciphertext.'),
  key_id: keyRef.describe('The key.'),
  // Nothing was bound to it: what is said here makes no difference to whether it opens, and must not seem to.
  additional_authenticated_data: choice(['']).optional(),
  sequence,
}

const rsa = action({
  ...declared,
  rights: { key: 'kms:cmk:decryptData' },
  request: { ...asymmetricMembers, encryption_algorithm: choice(['RSAES_OAEP_SHA_256']) },
  operation: decryptRsa,
  toCore: ({ cipher_text, key_id }) => ({ keyId: key_id, ciphertext: cipher_text, scheme: 'rsaOaepSha256' as const }),
})

const sm2 = action({
  ...declared,
  rights: { key: 'kms:cmk:decryptData' },
  request: { ...asymmetricMembers, encryption_algorithm: choice(['SM2_ENCRYPT']) },
  operation: decryptSm2,
  toCore: ({ cipher_text, key_id }) => ({ keyId: key_id, ciphertext: cipher_text, scheme: 'sm2Der' as const }),
})

const isSm2 = (members: unknown): boolean => algorithmAsked(members) === 'SM2_ENCRYPT'
const isAsymmetric = (members: unknown): boolean => asymmetricNames.some((name) => name === algorithmAsked(members))

export const DecryptData = eitherOf(symmetric, eitherOf(rsa, sm2, isSm2), isAsymmetric)
