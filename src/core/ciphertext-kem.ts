/**
 * Ciphertexts of suite 3 (docs/spec/ciphertext.md): everything is derived from a secret that was encapsulated for the key
 * and for this one message. The encapsulation stands behind the header.
 */

import { equalInConstantTime } from '../crypto/compare.ts'
import { encapsulationBytes } from '../crypto/kem.ts'
import { secretFrom } from '../crypto/secret.ts'
import { suites } from '../crypto/suites.ts'
import { concat } from './bytes.ts'
import {
  type Content,
  contents,
  headerOf,
  kemOverheadBytes,
  type MaterialIdentity,
  nonceBytes,
  offsets,
  type Sealed,
  type SealSource,
  saltBytes,
  sealedPlaintextBytesMax,
  tagBytes,
} from './ciphertext.ts'
import { type Context, type EncodedContext, encodeContext } from './context.ts'

const suite = suites[3]
const ciphertextAt = offsets.ciphertext + encapsulationBytes

export interface Encapsulated {
  readonly secret: Uint8Array
  readonly encapsulation: Uint8Array
}

export const isEncapsulated = ({ suite: number }: Sealed): boolean => number === suite.number

export const encapsulationIn = ({ bytes }: Sealed): Uint8Array => bytes.slice(offsets.ciphertext, ciphertextAt)

const aadOf = (text: Uint8Array, { bytes }: EncodedContext): Uint8Array => {
  const bound = concat(text.subarray(offsets.ciphertext, ciphertextAt), bytes)
  return concat(text.subarray(0, offsets.ciphertext), suite.digest(bound))
}

/** The header's part of the derivation; zeroes the secret, which is for one message. */
const derive = (secret: Uint8Array, text: Uint8Array) => {
  const derived = suite.derive(secretFrom(secret), text.slice(0, offsets.nonce))
  secret.fill(0)
  return derived
}

/** The ciphertext of a plaintext of at most `sealedPlaintextBytesMax` bytes (else a RangeError). */
export const sealEncapsulated = (
  { secret, encapsulation }: Encapsulated,
  identity: MaterialIdentity,
  content: Content,
  context: Context,
  plaintext: Uint8Array,
  { random }: SealSource,
): Uint8Array => {
  if (plaintext.length > sealedPlaintextBytesMax) throw new RangeError('a plaintext beyond the format')
  const encoded = encodeContext(context)
  const out = new Uint8Array(kemOverheadBytes + plaintext.length)
  out.set(headerOf(suite.number, identity))
  out[offsets.content] = contents[content]
  out[offsets.contextKind] = encoded.kind
  out.set(random.bytes(saltBytes), offsets.salt)
  const nonce = random.bytes(nonceBytes)
  out.set(nonce, offsets.nonce)
  const { aead, commitment } = derive(secret, out)
  out.set(commitment, offsets.commitment)
  out.set(encapsulation, offsets.ciphertext)
  aead.seal(nonce, aadOf(out, encoded), plaintext, out, ciphertextAt)
  return out
}

/** The plaintext by the secret that the encapsulation opened to; undefined for every change of any bit, all alike. */
export const openEncapsulated = (secret: Uint8Array, sealed: Sealed, context: Context): Uint8Array | undefined => {
  const { bytes } = sealed
  const { aead, commitment } = derive(secret, bytes)
  const encoded = encodeContext(context)
  if (!equalInConstantTime(commitment, bytes.subarray(offsets.commitment, offsets.ciphertext))) return undefined
  if (bytes[offsets.contextKind] !== encoded.kind) return undefined
  const tagAt = bytes.length - tagBytes
  const nonce = bytes.subarray(offsets.nonce, offsets.commitment)
  return aead.open(nonce, aadOf(bytes, encoded), bytes.subarray(ciphertextAt, tagAt), bytes.subarray(tagAt))
}
