/**
 * A caller may ask for a result encrypted to a public key of its own. The operation itself hands the result over, so
 * that whoever asked for that is never given it in clear.
 */
import { type EncryptionScheme, encryptionSchemes } from '../crypto/encryption.ts'
import { type Refusal, refuse } from './failure.ts'
import type { House } from './house.ts'

export interface Recipient {
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array
  readonly scheme: EncryptionScheme
}

const unusable = () => refuse({ reason: 'unusableRecipientKey' })

/** From the caller's own words; refused where the key is none, or not one of the scheme. */
export const recipientOf = (publicKey: Uint8Array, scheme: EncryptionScheme): Recipient | Refusal =>
  encryptionSchemes[scheme].takes(publicKey) ? { publicKey, scheme } : unusable()

const encryptFor = async (
  house: House,
  { publicKey, scheme }: Recipient,
  plaintext: Uint8Array,
): Promise<Uint8Array | Refusal> => {
  const { quickToEncrypt, encrypt } = encryptionSchemes[scheme]
  try {
    const encrypted = quickToEncrypt
      ? encrypt(publicKey, plaintext)
      : await house.slow.run('encryptTo', { publicKey, scheme, plaintext })
    return encrypted ?? unusable()
  } finally {
    plaintext.fill(0)
  }
}

/** The result as the caller gets it. Encrypted to a recipient, the clear one is zeroed. */
export const handOver = (
  house: House,
  recipient: Recipient | undefined,
  plaintext: Uint8Array,
): Uint8Array | Promise<Uint8Array | Refusal> => (recipient ? encryptFor(house, recipient, plaintext) : plaintext)
