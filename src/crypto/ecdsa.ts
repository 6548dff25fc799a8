/**
 * ECDSA (FIPS 186-5) over a digest that the caller made. The platform signs messages only: asked for no hash it takes one
 * all the same. Nonces are those of RFC 6979 with fresh randomness added (section 3.6), so that neither a weak generator
 * nor a fault in one of two signatures of one digest tells the key.
 */
import { p256, p384 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { type PrivateKey, pointOf, privateKeyObject, publicKeyFrom, scalarOf } from './private-key.ts'

const curves = {
  prime256v1: { curve: p256, bytes: 32 },
  secp384r1: { curve: p384, bytes: 48 },
  secp256k1: { curve: secp256k1, bytes: 32 },
} as const

const curveOf = (name: string | undefined) => (name && name in curves ? curves[name as keyof typeof curves] : undefined)

const form = { prehash: false, lowS: false, format: 'der' } as const

export const ecdsaSignDigest = (key: PrivateKey, digest: Uint8Array): Uint8Array => {
  const found = curveOf(privateKeyObject(key).asymmetricKeyDetails?.namedCurve)
  if (!found) throw new Error('a curve without digest signatures')
  const scalar = scalarOf(key, found.bytes)
  const signature = found.curve.sign(digest, scalar, { ...form, extraEntropy: true })
  scalar.fill(0)
  return signature
}

export const ecdsaVerifyDigest = (publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean => {
  const key = publicKeyFrom(publicKey)
  const found = curveOf(key?.asymmetricKeyDetails?.namedCurve)
  if (!key || !found) return false
  try {
    return found.curve.verify(signature, digest, pointOf(key, found.bytes), form)
  } catch {
    // Not DER, or a number out of range: no signature.
    return false
  }
}
