/** A private key that came from outside: it is taken where it is of the right algorithm, whole, and works. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { type AsymmetricAlgorithm, asymmetricAlgorithm } from './algorithms.ts'
import { DerReader, sequenceIn, tags } from './der.ts'
import { unwrapPadded } from './key-wrap.ts'
import { owned, type Pair, viewOf } from './private-key.ts'
import { sm2PairFrom } from './sm2.ts'

/** What the platform calls the curves of the table. */
const platformCurves: Readonly<Record<string, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  secp256k1: 'secp256k1',
}

/** 1 would protect nothing, and an exponent as long as the modulus makes every use of the public half slow. */
const isOrdinaryExponent = (exponent: bigint): boolean => exponent >= 3n && exponent < 2n ** 33n

const isOf = ({ family, bits, curve = '' }: AsymmetricAlgorithm, key: KeyObject): boolean => {
  const { modulusLength, publicExponent = 0n, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (family === 'rsa')
    return key.asymmetricKeyType === 'rsa' && modulusLength === bits && isOrdinaryExponent(publicExponent)
  return family === 'ec' && namedCurve === platformCurves[curve]
}

const proof = Buffer.from('keystead: this private key came from outside')

/** Its halves belong together: what the private one signs, the public one verifies. */
const works = (privateKey: KeyObject, publicKey: KeyObject): boolean =>
  verify('sha256', proof, publicKey, sign('sha256', proof, privateKey))

const platformPair = (algorithm: AsymmetricAlgorithm, der: Uint8Array): Pair | undefined => {
  const key = createPrivateKey({ key: viewOf(der), format: 'der', type: 'pkcs8' })
  if (!isOf(algorithm, key)) return undefined
  const publicKey = createPublicKey(key)
  if (!works(key, publicKey)) return undefined
  return {
    publicKey: owned(publicKey.export({ type: 'spki', format: 'der' })),
    privateKey: owned(key.export({ type: 'pkcs8', format: 'der' })),
  }
}

/** AlgorithmIdentifier { id-ecPublicKey, 1.2.156.10197.1.301 } of RFC 5480 and GM/T 0006, its content. */
const sm2Identifier = Buffer.from('06072a8648ce3d020106082a811ccf5501822d', 'hex')

/** The scalar in PKCS#8 (RFC 5958) of an SM2 key, whose inner form is RFC 5915's; the platform cannot use such a key. */
const sm2ScalarIn = (der: Uint8Array): Uint8Array | undefined => {
  const outer = sequenceIn(der)
  const version = outer?.unsigned(1)?.[0]
  const identifier = outer?.read(tags.sequence)
  const inner = outer?.read(tags.octets)
  if (version === undefined || version > 1 || !identifier || !inner || !sm2Identifier.equals(identifier))
    return undefined
  const content = new DerReader(inner).read(tags.sequence)
  const fields = content && new DerReader(content)
  return fields?.unsigned(1)?.[0] === 1 ? fields.read(tags.octets) : undefined
}

const sm2Pair = (der: Uint8Array): Pair | undefined => {
  const scalar = sm2ScalarIn(der)
  return scalar && sm2PairFrom(scalar)
}

/**
 * The pair whose private half, in PKCS#8 DER, was wrapped by RFC 5649 under `wrappingKey`, of 16 or 32 bytes: with SM4
 * for a key of SM2, which takes 16, and with AES for every other. Undefined for whatever is wrong with it.
 */
export const unwrapPair = (name: string, wrappingKey: Uint8Array, wrapped: Uint8Array): Pair | undefined => {
  const algorithm = asymmetricAlgorithm(name)
  const der = unwrapPadded(algorithm.family === 'sm2' ? 'sm4' : 'aes', wrappingKey, wrapped)
  if (!der) return undefined
  try {
    return algorithm.family === 'sm2' ? sm2Pair(der) : platformPair(algorithm, der)
  } catch {
    // No key, an encrypted one, or numbers that do not make one: one answer.
    return undefined
  } finally {
    der.fill(0)
  }
}
