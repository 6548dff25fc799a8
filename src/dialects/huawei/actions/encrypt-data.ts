import { eitherOf } from '../../../contract/action.ts'
import { documented } from '../../../contract/evidence.ts'
import { base64, choice, utf8Text } from '../../../contract/fields.ts'
import { noContext } from '../../../core/context.ts'
import { refuse } from '../../../core/failure.ts'
import { encryptAsymmetric } from '../../../core/operations/asymmetric.ts'
import { encrypt } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { aad } from '../cipher-fields.ts'
import { keyIdMember, keyRef, sequence } from '../fields.ts'
import { notForEncryption } from '../misuse.ts'
import { algorithmAsked, asymmetricAlgorithms, asymmetricNames } from '../schemes.ts'

interface Encrypted {
  readonly keyId: string
  readonly ciphertext: Uint8Array
}

const declared = {
  name: 'EncryptData',
  rights: { key: 'kms:cmk:encryptData' },
  summary: 'Encrypt a text of 1 to 4,096 bytes.',
  evidence: documented(
    'encrypt-data page; line breaks are accepted, which the printed pattern leaves out; DER of SM2 is inferred',
  ),
  response: {
    key_id: keyIdMember,
    cipher_text: base64().describe('Of a symmetric key 140 bytes longer than the text, of RSA as long as the modulus.'),
  },
  fromCore: ({ keyId: id, ciphertext }: Encrypted) => ({ key_id: id, cipher_text: ciphertext }),
  errors: { incompatibleCryptographicUsageMask: notForEncryption, unsupportedCryptographicParameters: 'KMS.2108' },
} as const

const members = {
  key_id: keyRef.describe('The key.'),
  plain_text: utf8Text({ bytesMin: 1, bytesMax: 4096, sensitive: true }).describe('The text.'),
  additional_authenticated_data: aad,
  sequence,
}

const symmetric = action({
  ...declared,
  request: {
    ...members,
    encryption_algorithm: choice(['SYMMETRIC_DEFAULT', ...asymmetricNames])
      .describe('SYMMETRIC_DEFAULT when absent.')
      .optional(),
  },
  operation: encrypt,
  toCore: ({ key_id, plain_text, additional_authenticated_data = noContext }) => ({
    keyId: key_id,
    plaintext: plain_text,
    context: additional_authenticated_data,
  }),
})

const asymmetric = action({
  ...declared,
  request: { ...members, encryption_algorithm: choice(asymmetricNames) },
  operation: encryptAsymmetric,
  toCore({ key_id, plain_text, encryption_algorithm, additional_authenticated_data: bound = noContext }) {
    // Nothing binds it to the ciphertext, and a caller who gives it relies on that.
    if (bound.kind !== 'none') {
      const why = 'cannot be bound to an asymmetric ciphertext'
      return refuse({ reason: 'invalidAttributeValue', member: 'additional_authenticated_data', why })
    }
    return { keyId: key_id, plaintext: plain_text, scheme: asymmetricAlgorithms[encryption_algorithm] }
  },
})

const isAsymmetric = (asked: unknown): boolean => asymmetricNames.some((name) => name === algorithmAsked(asked))

export const EncryptData = eitherOf(symmetric, asymmetric, isAsymmetric)
