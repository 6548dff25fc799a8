/**
 * Signature schemes, one row each. A scheme signs a message, which it hashes itself, or a digest that the caller made:
 * either way the same signature is valid.
 */
import { constants, hash, privateEncrypt, publicDecrypt, sign, verify } from 'node:crypto'
import type { AsymmetricAlgorithm } from './algorithms.ts'
import { ecdsaSignDigest, ecdsaVerifyDigest } from './ecdsa.ts'
import { ed25519phSign, ed25519phVerify } from './ed25519ph.ts'
import { type PrivateKey, privateKeyObject, publicKeyFrom } from './private-key.ts'
import { pssEncode, pssMatches, type Sha2, sha2Bytes } from './pss.ts'
import { sm2Digest, sm2Sign, sm2Verify } from './sm2.ts'

export type SignatureScheme =
  | 'rsaPssSha256'
  | 'rsaPssSha384'
  | 'rsaPssSha512'
  | 'rsaPkcs1Sha256'
  | 'rsaPkcs1Sha384'
  | 'rsaPkcs1Sha512'
  | 'ecdsaSha256'
  | 'ecdsaSecp256k1Sha256'
  | 'ecdsaSha384'
  | 'ed25519'
  | 'ed25519ph'
  | 'sm2Sm3'
  | 'mlDsa44'
  | 'mlDsa65'
  | 'mlDsa87'

/** What is signed: a message, or its digest. */
export interface Signed {
  readonly type: 'message' | 'digest'
  readonly bytes: Uint8Array
}

interface Scheme {
  /** Whether a key of the algorithm signs by it. */
  fits(algorithm: AsymmetricAlgorithm): boolean
  /** Length of a digest; null where only messages are signed. */
  readonly digestBytes: number | null
  /** Signed, or verified, on the thread that asks; otherwise it takes long enough to be queued. */
  readonly quickToSign: (signed: Signed) => boolean
  readonly quickToVerify: (signed: Signed) => boolean
  sign(key: PrivateKey, publicKey: Uint8Array, signed: Signed): Uint8Array
  /** False for whatever is no signature. */
  verify(publicKey: Uint8Array, signed: Signed, signature: Uint8Array): boolean
}

type Padding = Readonly<{ padding?: number; saltLength?: number }>

const signMessage = (hash: string | null, key: PrivateKey, message: Uint8Array, padding: Padding = {}): Uint8Array =>
  sign(hash, message, { key: privateKeyObject(key), dsaEncoding: 'der', ...padding })

const verifyMessage = (
  hash: string | null,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  padding: Padding = {},
): boolean => {
  const key = publicKeyFrom(publicKey)
  return key !== undefined && verify(hash, message, { key, dsaEncoding: 'der', ...padding }, signature)
}

/** The number that an RSA signature says, as many bytes as the modulus; undefined beyond the modulus. */
const openedBy = (publicKey: Uint8Array, signature: Uint8Array, padding: number): Uint8Array | undefined => {
  const key = publicKeyFrom(publicKey)
  if (!key) return undefined
  try {
    return publicDecrypt({ key, padding }, signature)
  } catch {
    return undefined
  }
}

const modulusBits = (key: { asymmetricKeyDetails?: { modulusLength?: number } } | undefined): number =>
  key?.asymmetricKeyDetails?.modulusLength ?? 0

const ofFamily = (family: AsymmetricAlgorithm['family']) => (algorithm: AsymmetricAlgorithm) =>
  algorithm.family === family
const onCurve = (curve: string) => (algorithm: AsymmetricAlgorithm) =>
  algorithm.family === 'ec' && algorithm.curve === curve
const always = () => true
const never = () => false

const pssMade = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
const pssTaken = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }

const rsaPss = (sha2: Sha2): Scheme => ({
  fits: ofFamily('rsa'),
  digestBytes: sha2Bytes[sha2],
  quickToSign: never,
  quickToVerify: always,
  sign(key, _publicKey, { type, bytes }) {
    if (type === 'message') return signMessage(sha2, key, bytes, pssMade)
    const object = privateKeyObject(key)
    const bits = modulusBits(object)
    const encoded = pssEncode(sha2, bytes, bits - 1)
    // A modulus of 8n + 1 bits has one byte more than its encoded messages.
    const whole = Buffer.alloc(Math.ceil(bits / 8))
    whole.set(encoded, whole.length - encoded.length)
    return privateEncrypt({ key: object, padding: constants.RSA_NO_PADDING }, whole)
  },
  verify(publicKey, { type, bytes }, signature) {
    if (type === 'message') return verifyMessage(sha2, publicKey, bytes, signature, pssTaken)
    const opened = openedBy(publicKey, signature, constants.RSA_NO_PADDING)
    return opened !== undefined && pssMatches(sha2, bytes, opened, modulusBits(publicKeyFrom(publicKey)) - 1)
  },
})

/** RFC 8017, section 9.2, note 1: DigestInfo up to the digest itself. */
const digestInfos: Readonly<Record<Sha2, Buffer>> = {
  sha256: Buffer.from('3031300d060960864801650304020105000420', 'hex'),
  sha384: Buffer.from('3041300d060960864801650304020205000430', 'hex'),
  sha512: Buffer.from('3051300d060960864801650304020305000440', 'hex'),
}

const rsaPkcs1 = (sha2: Sha2): Scheme => ({
  fits: ofFamily('rsa'),
  digestBytes: sha2Bytes[sha2],
  quickToSign: never,
  quickToVerify: always,
  sign(key, _publicKey, { type, bytes }) {
    const padding = constants.RSA_PKCS1_PADDING
    if (type === 'message') return signMessage(sha2, key, bytes, { padding })
    return privateEncrypt({ key: privateKeyObject(key), padding }, Buffer.concat([digestInfos[sha2], bytes]))
  },
  verify(publicKey, { type, bytes }, signature) {
    const padding = constants.RSA_PKCS1_PADDING
    if (type === 'message') return verifyMessage(sha2, publicKey, bytes, signature, { padding })
    const opened = openedBy(publicKey, signature, padding)
    return opened !== undefined && Buffer.compare(opened, Buffer.concat([digestInfos[sha2], bytes])) === 0
  },
})

const ecdsa = (curve: string, sha2: Sha2): Scheme => ({
  fits: onCurve(curve),
  digestBytes: sha2Bytes[sha2],
  // P-256 takes 40 us, as long as a hash or two of a request; the other curves have no code of their own: ten times as long.
  quickToSign: ({ type }) => type === 'message' && curve === 'P-256',
  quickToVerify: ({ type }) => type === 'message',
  sign: (key, _publicKey, { type, bytes }) =>
    type === 'message' ? signMessage(sha2, key, bytes) : ecdsaSignDigest(key, bytes),
  verify: (publicKey, { type, bytes }, signature) =>
    type === 'message'
      ? verifyMessage(sha2, publicKey, bytes, signature)
      : ecdsaVerifyDigest(publicKey, bytes, signature),
})

const sm2Signed = (publicKey: Uint8Array, { type, bytes }: Signed): Uint8Array =>
  type === 'message' ? sm2Digest(publicKey, bytes) : bytes

const sm2Sm3: Scheme = {
  fits: ofFamily('sm2'),
  digestBytes: 32,
  quickToSign: never,
  quickToVerify: never,
  sign: (key, publicKey, signed) => sm2Sign(key, sm2Signed(publicKey, signed)),
  verify: (publicKey, signed, signature) => sm2Verify(publicKey, sm2Signed(publicKey, signed), signature),
}

/** Over the message itself (PureEdDSA, RFC 8032, section 5.1). */
const ed25519: Scheme = {
  fits: ofFamily('edwards'),
  digestBytes: null,
  quickToSign: always,
  quickToVerify: always,
  sign: (key, _publicKey, { bytes }) => signMessage(null, key, bytes),
  verify: (publicKey, { bytes }, signature) => verifyMessage(null, publicKey, bytes, signature),
}

const prehashed = ({ type, bytes }: Signed): Uint8Array =>
  type === 'message' ? hash('sha512', bytes, 'buffer') : bytes

/** Over a SHA-512 digest (HashEdDSA). */
const ed25519ph: Scheme = {
  fits: ofFamily('edwards'),
  digestBytes: 64,
  quickToSign: never,
  quickToVerify: never,
  sign: (key, _publicKey, signed) => ed25519phSign(key, prehashed(signed)),
  verify: (publicKey, signed, signature) => ed25519phVerify(publicKey, prehashed(signed), signature),
}

const mlDsa = (name: string): Scheme => ({
  fits: (algorithm) => algorithm.name === name,
  digestBytes: null,
  quickToSign: never,
  quickToVerify: never,
  sign: (key, _publicKey, { bytes }) => signMessage(null, key, bytes),
  verify: (publicKey, { bytes }, signature) => verifyMessage(null, publicKey, bytes, signature),
})

export const signatureSchemes: Readonly<Record<SignatureScheme, Scheme>> = {
  rsaPssSha256: rsaPss('sha256'),
  rsaPssSha384: rsaPss('sha384'),
  rsaPssSha512: rsaPss('sha512'),
  rsaPkcs1Sha256: rsaPkcs1('sha256'),
  rsaPkcs1Sha384: rsaPkcs1('sha384'),
  rsaPkcs1Sha512: rsaPkcs1('sha512'),
  ecdsaSha256: ecdsa('P-256', 'sha256'),
  ecdsaSecp256k1Sha256: ecdsa('secp256k1', 'sha256'),
  ecdsaSha384: ecdsa('P-384', 'sha384'),
  ed25519,
  ed25519ph,
  sm2Sm3,
  mlDsa44: mlDsa('ml-dsa-44'),
  mlDsa65: mlDsa('ml-dsa-65'),
  mlDsa87: mlDsa('ml-dsa-87'),
}
