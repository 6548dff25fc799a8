/** Diffie-Hellman on a curve, both keys static (SP 800-56A, section 5.7.1.2; all the curves here have cofactor 1). */
import { diffieHellman, type KeyObject } from 'node:crypto'
import type { AsymmetricAlgorithm } from './algorithms.ts'
import { owned, type PrivateKey, privateKeyObject, publicKeyFrom } from './private-key.ts'
import { isSm2, sm2Agree } from './sm2.ts'

/** The platform's own name of a curve. */
const curveNames: Readonly<Record<string, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  secp256k1: 'secp256k1',
}

const curveOf = (key: KeyObject | undefined): string | undefined => key?.asymmetricKeyDetails?.namedCurve

/** Whether a stranger's public key is one on the curve of a key; the platform reads no point that is not on its curve. */
export const isPeerOf = ({ family, curve = '' }: AsymmetricAlgorithm, publicKey: Uint8Array): boolean => {
  if (family === 'sm2') return isSm2(publicKey)
  return family === 'ec' && curveOf(publicKeyFrom(publicKey)) === curveNames[curve]
}

/** The x coordinate of the shared point; undefined where the other key is none on the same curve. */
export const agree = (key: PrivateKey, publicKey: Uint8Array): Uint8Array | undefined => {
  const own = privateKeyObject(key)
  if (own.type === 'secret') return sm2Agree(key, publicKey)
  const peer = publicKeyFrom(publicKey)
  if (!peer || curveOf(peer) !== curveOf(own)) return undefined
  try {
    return owned(diffieHellman({ privateKey: own, publicKey: peer }))
  } catch {
    // The point at infinity.
    return undefined
  }
}
