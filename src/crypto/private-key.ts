/**
 * Private keys that can be used and not read, over a KeyObject: its bytes are outside the JavaScript heap, no inspection
 * and no JSON shows them, and a worker thread takes it by clone, so that DER is read once and not in every call.
 */
import { createPrivateKey, createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { AsymmetricAlgorithm } from './algorithms.ts'

declare const opaque: unique symbol
export interface PrivateKey {
  readonly [opaque]: 'private key'
}

/** Both halves as DER: SubjectPublicKeyInfo and PKCS#8. */
export interface Pair {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

/** For the primitives of this folder alone. */
export const privateKeyObject = (key: PrivateKey): KeyObject => key as unknown as KeyObject

/** The same memory as a Buffer, so that no second copy of a key is left to the collector. */
export const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** PKCS#8 of every SM2 key that the platform generates, up to its scalar. */
export const sm2Prefix = Buffer.from('308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420', 'hex')
const sm2ScalarBytes = 32

/** The platform reads SM2 keys and then can neither use nor export them: what is kept of one is its scalar. */
const sm2Scalar = (der: Uint8Array): Uint8Array | undefined =>
  sm2Prefix.equals(der.subarray(0, sm2Prefix.length))
    ? der.subarray(sm2Prefix.length, sm2Prefix.length + sm2ScalarBytes)
    : undefined

/** From PKCS#8 DER, which whoever made it zeroes. */
export const privateKeyFrom = (der: Uint8Array): PrivateKey => {
  const scalar = sm2Scalar(der)
  const key = scalar ? createSecretKey(scalar) : createPrivateKey({ key: viewOf(der), format: 'der', type: 'pkcs8' })
  return key as unknown as PrivateKey
}

/** A public key from SubjectPublicKeyInfo DER; undefined for whatever is none. */
export const publicKeyFrom = (der: Uint8Array): KeyObject | undefined => {
  try {
    return createPublicKey({ key: viewOf(der), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

const publicKeyEncoding = { type: 'spki', format: 'der' } as const
const privateKeyEncoding = { type: 'pkcs8', format: 'der' } as const

const keysOf = ({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): Pair => ({
  publicKey: publicKey.export(publicKeyEncoding),
  privateKey: privateKey.export(privateKeyEncoding),
})

const generate = ({ name, family, bits = 0, curve = '' }: AsymmetricAlgorithm): Pair => {
  switch (family) {
    case 'rsa':
      return keysOf(generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: 65_537 }))
    case 'ec':
    case 'sm2':
      return keysOf(generateKeyPairSync('ec', { namedCurve: curve }))
    case 'edwards':
      return keysOf(generateKeyPairSync('ed25519'))
    case 'mlKem':
      return keysOf(generateKeyPairSync(name as 'ml-kem-1024'))
    case 'mlDsa':
      return keysOf(generateKeyPairSync(name as 'ml-dsa-87'))
  }
}

/** In memory of its own, which can be given to another thread; the source is zeroed. */
export const owned = (bytes: Uint8Array): Uint8Array => {
  const copy = new Uint8Array(bytes)
  bytes.fill(0)
  return copy
}

/** A new pair. Slow for RSA: it runs in the worker of the slow queue. */
export const generatePair = (algorithm: AsymmetricAlgorithm): Pair => {
  const { publicKey, privateKey } = generate(algorithm)
  return { publicKey: owned(publicKey), privateKey: owned(privateKey) }
}

/**
 * The scalar of a private key on a curve, for the arithmetic that the platform does not offer; the caller zeroes it.
 * RFC 5915: SEQUENCE { INTEGER 1, OCTET STRING scalar, … }, whose own length takes one or two bytes.
 */
export const scalarOf = (key: PrivateKey, scalarBytes: number): Uint8Array => {
  const object = privateKeyObject(key)
  if (object.type === 'secret') return new Uint8Array(object.export())
  const der = object.export({ format: 'der', type: 'sec1' })
  const at = (der[1] === 0x81 ? 3 : 2) + 5
  const scalar = new Uint8Array(der.subarray(at, at + scalarBytes))
  der.fill(0)
  return scalar
}

/** The point of a key on a curve: what `04 ‖ x ‖ y` at the end of its SubjectPublicKeyInfo says. */
export const pointOf = (publicKey: KeyObject, coordinateBytes: number): Uint8Array => {
  const der = publicKey.export({ format: 'der', type: 'spki' })
  return new Uint8Array(der.subarray(der.length - 2 * coordinateBytes - 1))
}
