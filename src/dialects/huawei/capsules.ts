/** Data key capsules in this cloud's words. */
import { base64FromBytes, bytesFromBase64, text } from '../../contract/fields.ts'
import { noted, z } from '../../contract/schema.ts'
import { utf8 } from '../../core/bytes.ts'
import { capsuleBytesMax } from '../../core/capsule.ts'
import { type Refusal, refuse } from '../../core/failure.ts'
import type { Attestation } from '../../core/operations/capsules.ts'
import { type Recipient, recipientOf } from '../../core/recipient.ts'
import { sha256Hex } from '../../crypto/digest.ts'
import { instantOf } from './key-spaces.ts'
import { derOf } from './pem.ts'

export const recipientKey = text({ charactersMax: 4096 })
  .describe('RSA-2048 public key, PEM or Base64 DER: the data key is encrypted to it (RSAES_OAEP_SHA_256).')
  .optional()

/** undefined: in clear. An empty text counts as absent. */
export const capsuleRecipient = (written: string | undefined): Recipient | Refusal | undefined => {
  if (!written) return undefined
  const der = derOf('PUBLIC KEY', written)
  const wrong = refuse({ reason: 'invalidAttributeValue', member: 'public_key', why: 'must be an RSA-2048 public key' })
  if (!der) return wrong
  const recipient = recipientOf(der, 'rsaOaepSha256')
  return 'failures' in recipient ? wrong : recipient
}

/** The data key in clear, or as its recipient opens it. */
export const releasedMembers = {
  datakey: noted(z.string(), { sensitive: true }).describe('In clear, Base64; absent with public_key.').optional(),
  datakey_cipher: z.string().describe('Encrypted to public_key, Base64.').optional(),
}

export const releasedOf = (plaintext: Uint8Array, publicKey: string | undefined) => {
  const written = base64FromBytes(plaintext)
  plaintext.fill(0)
  return publicKey ? { datakey_cipher: written } : { datakey: written }
}

export const capsuleText = text({ charactersMax: 4 * Math.ceil(capsuleBytesMax / 3) })

const proof = text({ charactersMax: 8192 }).optional()

export const attestationMembers = z
  .strictObject({
    ecs_signature: proof,
    custom_signature: proof,
    custom_public_key: proof,
    expire_time: text({ charactersMax: 32 }).optional(),
    service_token: proof,
  })
  .describe('custom_signature with custom_public_key and expire_time; the others are refused.')

/** What `custom_signature` signs: docs/spec/capsule.md is the norm. */
export const attestationMessage = (
  keyId: string,
  expireTime: string,
  capsule: string,
  publicKey: string | undefined,
): Uint8Array =>
  utf8(['keystead capsule 1', keyId, expireTime, sha256Hex(capsule), sha256Hex(publicKey ?? '')].join('\n'))

type Written = z.output<typeof attestationMembers>

/** The attestation of a custom access point; the others would need a cloud that vouches for its machines. */
export const attestationOf = (
  { custom_signature, custom_public_key, expire_time, ecs_signature, service_token }: Written,
  message: (expireTime: string) => Uint8Array,
): Attestation | Refusal => {
  const refused = refuse({ reason: 'attestationRefused' })
  if (!custom_signature || !custom_public_key || !expire_time || ecs_signature || service_token) return refused
  const [signature, publicKey] = [bytesFromBase64(custom_signature), derOf('PUBLIC KEY', custom_public_key)]
  const expiresAt = instantOf(expire_time)
  if (!signature || !publicKey || expiresAt === undefined) return refused
  return { signature, publicKey, expiresAt, message: message(expire_time) }
}
