/** What re-encrypt is asked: from which ciphertext, to which key. */
import { bytesFromBase64 } from '../../contract/fields.ts'
import { parseSealed, type Sealed } from '../../core/ciphertext.ts'
import type { Context } from '../../core/context.ts'
import { type Refusal, refuse } from '../../core/failure.ts'
import type { ReEncryptDestination, ReEncryptSource } from '../../core/operations/re-encrypt.ts'
import type { EncryptionScheme } from '../../crypto/encryption.ts'

export const schemes = {
  SYMMETRIC_DEFAULT: null,
  RSAES_OAEP_SHA_1: 'rsaOaepSha1',
  RSAES_OAEP_SHA_256: 'rsaOaepSha256',
  SM2_ENCRYPT: 'sm2Der',
} as const satisfies Record<string, EncryptionScheme | null>

const invalid = (member: string, why: string, code = 'KMS.0308') =>
  refuse({ reason: 'invalidAttributeValue', member, why, code })

/** Data keys are written in hexadecimal, data in Base64. Ciphertexts of ours begin `KEYStead` in Base64, so none is both. */
export const isHex = (written: string): boolean => written.length % 2 === 0 && /^[0-9a-f]+$/i.test(written)

interface Asked {
  readonly cipher_text: string
  readonly source_key_id?: string | undefined
  readonly datakey_cipher_length?: number | undefined
}

const sealedSource = (
  sealed: Sealed | undefined,
  context: Context,
  { source_key_id, ...asked }: Asked,
  isKey: boolean,
) => {
  if (!sealed) return invalid('cipher_text', 'is not a ciphertext of this service', 'KMS.2201')
  const { datakey_cipher_length: bytes } = asked
  if (isKey && bytes === undefined) return invalid('datakey_cipher_length', 'must be there for a data key', 'KMS.2202')
  const named = source_key_id === undefined ? {} : { keyId: source_key_id }
  return { sealed, context, ...named, ...(isKey && bytes !== undefined ? { bytes } : {}) }
}

export const sourceOf = (
  asked: Asked,
  scheme: EncryptionScheme | null,
  context: Context,
): ReEncryptSource | Refusal => {
  const { cipher_text, source_key_id } = asked
  const isKey = isHex(cipher_text)
  const bytes = isKey ? Buffer.from(cipher_text, 'hex') : bytesFromBase64(cipher_text)
  if (!bytes?.length) return invalid('cipher_text', 'must be hexadecimal or Base64', 'KMS.2201')
  if (scheme === null) return sealedSource(parseSealed(bytes), context, asked, isKey)
  if (isKey) return invalid('cipher_text', 'of an asymmetric key is Base64', 'KMS.2201')
  if (source_key_id === undefined) return invalid('source_key_id', 'must be there for this algorithm')
  if (context.kind !== 'none')
    return invalid('source_additional_authenticated_data', 'is bound to no asymmetric ciphertext')
  return { keyId: source_key_id, scheme, ciphertext: bytes }
}

export const destinationOf = (
  id: string,
  scheme: EncryptionScheme | null,
  context: Context,
  isKey: boolean,
): ReEncryptDestination | Refusal => {
  if (scheme === null) return { keyId: id, context }
  if (isKey) return invalid('destination_encryption_algorithm', 'must be symmetric for a data key')
  if (context.kind === 'none') return { keyId: id, scheme }
  return invalid('destination_additional_authenticated_data', 'cannot be bound to an asymmetric ciphertext')
}
