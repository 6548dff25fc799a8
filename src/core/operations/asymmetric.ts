/**
 * Keys in two halves. Either half works where it is asked when that is quick, and otherwise in the slow queue, which is
 * bounded; the public half is given out. Only an active key does any of this, and its primary version does it.
 */
import { asymmetricAlgorithm, type Family } from '../../crypto/algorithms.ts'
import { type EncryptionScheme, encryptionSchemes } from '../../crypto/encryption.ts'
import { type SignatureScheme, type Signed, signatureSchemes } from '../../crypto/signature.ts'
import { Refusal, refuse } from '../failure.ts'
import { publicKeyOf } from '../material.ts'
import { type Key, keyVersionId } from '../object.ts'
import { type Call, type KeyTarget, look, use } from '../operation.ts'
import { misused } from '../resolve.ts'
import { keyTarget } from './target.ts'

const active = ['active'] as const

/** Material that the row says is there and is not: somebody was faster between the two reads. */
const gone = () => refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state: 'destroyed' })

interface One {
  readonly keyId: string
}

/** Whose public half is given out. */
const withPublicKey: readonly Family[] = ['rsa', 'ec', 'edwards', 'sm2', 'mlKem', 'mlDsa']

export interface GetPublicKeyRequest extends One {
  /** The primary version without it. */
  readonly version?: number | undefined
}

export const getPublicKey = look({
  name: 'getPublicKey',
  summary: 'Give the public half of a key.',
  rights: { key: 'getPublicKey' },
  targets: ({ keyId }: GetPublicKeyRequest) => ({
    key: keyTarget(keyId, { families: withPublicKey, states: active }),
  }),
  async run({ at, view }, { version: asked }) {
    const { key } = at.key
    const version = asked ?? key.primaryVersion
    // Material that still waits to become a version is none yet.
    const row = version > key.primaryVersion ? undefined : await view.get('keyVersion', keyVersionId(key.id, version))
    if (!row) return refuse({ reason: 'objectNotFound', kind: 'keyVersion' })
    return row.publicKey ? { keyId: key.id, version, publicKey: row.publicKey } : gone()
  },
})

type OneKey = Call<{ readonly key: KeyTarget }>

const schemeTarget = (keyId: string, scheme: EncryptionScheme) =>
  keyTarget(keyId, { usage: 'encryptDecrypt', families: [encryptionSchemes[scheme].family], states: active })

export interface EncryptAsymmetricRequest extends One {
  readonly scheme: EncryptionScheme
  /** Zeroed where the scheme is slow. */
  readonly plaintext: Uint8Array
}

export const encryptAsymmetric = use({
  name: 'encryptAsymmetric',
  summary: 'Protect a plaintext under the public half of a key.',
  rights: { key: 'encrypt' },
  targets: ({ keyId, scheme }: EncryptAsymmetricRequest) => ({ key: schemeTarget(keyId, scheme) }),
  async run({ at, house, view }, { scheme, plaintext }) {
    const { key } = at.key
    const publicKey = await publicKeyOf(view, key, key.primaryVersion)
    if (!publicKey) return gone()
    const { quickToEncrypt, encrypt } = encryptionSchemes[scheme]
    const ciphertext = quickToEncrypt
      ? encrypt(publicKey, plaintext)
      : await house.slow.run('encryptTo', { publicKey, scheme, plaintext })
    if (ciphertext) return { keyId: key.id, ciphertext }
    return refuse({ reason: 'unsupportedCryptographicParameters', plaintextTooLong: true })
  },
})

export interface DecryptAsymmetricRequest extends One {
  readonly scheme: EncryptionScheme
  readonly ciphertext: Uint8Array
}

const decryptWith = async (call: OneKey, { scheme, ciphertext }: DecryptAsymmetricRequest) => {
  const { key } = call.at.key
  const pair = await call.privateKey(key, key.primaryVersion)
  if (!pair) return gone()
  const plaintext = await call.house.slow.run('decryptWith', { key: pair.key, scheme, ciphertext })
  return plaintext ? { keyId: key.id, plaintext } : refuse({ reason: 'cryptographicFailure' })
}

const decryptTarget = (keyId: string, family: Family) =>
  keyTarget(keyId, { usage: 'encryptDecrypt', families: [family], states: active })

// Two operations, because a cloud has a word for each, and a policy that says one of them says nothing of the other.
export const decryptRsa = use({
  name: 'decryptRsa',
  summary: 'Recover a plaintext that was encrypted to the public half of an RSA key.',
  rights: { key: 'decryptRsa' },
  targets: ({ keyId }: DecryptAsymmetricRequest) => ({ key: decryptTarget(keyId, 'rsa') }),
  run: decryptWith,
})

export const decryptSm2 = use({
  name: 'decryptSm2',
  summary: 'Recover a plaintext that was encrypted to the public half of an SM2 key.',
  rights: { key: 'decryptSm2' },
  targets: ({ keyId }: DecryptAsymmetricRequest) => ({ key: decryptTarget(keyId, 'sm2') }),
  run: decryptWith,
})

export interface SignRequest extends One {
  /** One, or several under one word of a cloud, such as one for each curve: that of the key is taken. */
  readonly scheme: SignatureScheme | readonly SignatureScheme[]
  readonly signed: Signed
}

export interface VerifyRequest extends SignRequest {
  readonly signature: Uint8Array
}

/** The scheme of the key among those that are asked for. */
const schemeOf = (
  key: Key,
  { scheme: asked, signed: { type, bytes } }: Pick<SignRequest, 'scheme' | 'signed'>,
): SignatureScheme | Refusal => {
  const algorithm = asymmetricAlgorithm(key.algorithm)
  const scheme = [asked].flat().find((one) => signatureSchemes[one].fits(algorithm))
  if (!scheme) return refuse(misused(key))
  const fits = type === 'message' || bytes.length === signatureSchemes[scheme].digestBytes
  return fits ? scheme : refuse({ reason: 'unsupportedCryptographicParameters' })
}

const signWith = async (call: OneKey, request: SignRequest) => {
  const { key } = call.at.key
  const scheme = schemeOf(key, request)
  if (scheme instanceof Refusal) return scheme
  const pair = await call.privateKey(key, key.primaryVersion)
  if (!pair) return gone()
  const { signed } = request
  const { quickToSign, sign } = signatureSchemes[scheme]
  const signature = quickToSign(signed)
    ? sign(pair.key, pair.publicKey, signed)
    : await call.house.slow.run('sign', { ...pair, scheme, signed })
  return { keyId: key.id, signature }
}

const verifyWith = async ({ at, house, view }: OneKey, request: VerifyRequest) => {
  const { key } = at.key
  const scheme = schemeOf(key, request)
  if (scheme instanceof Refusal) return scheme
  const publicKey = await publicKeyOf(view, key, key.primaryVersion)
  if (!publicKey) return gone()
  const { signed, signature } = request
  const { quickToVerify, verify } = signatureSchemes[scheme]
  const valid = quickToVerify(signed)
    ? verify(publicKey, signed, signature)
    : await house.slow.run('verify', { publicKey, scheme, signed, signature })
  return { keyId: key.id, valid }
}

const signTarget = (keyId: string, families: readonly Family[]) =>
  keyTarget(keyId, { usage: 'signVerify', families, states: active })

const classical: readonly Family[] = ['rsa', 'ec', 'edwards', 'sm2']

export const sign = use({
  name: 'sign',
  summary: 'Sign a message or a digest with the private half of a key.',
  rights: { key: 'sign' },
  targets: ({ keyId }: SignRequest) => ({ key: signTarget(keyId, classical) }),
  run: signWith,
})

export const verify = use({
  name: 'verify',
  summary: 'Tell whether a signature is one of a key.',
  rights: { key: 'verify' },
  targets: ({ keyId }: VerifyRequest) => ({ key: signTarget(keyId, classical) }),
  run: verifyWith,
})

const postQuantum: readonly Family[] = ['mlDsa']

export const signPostQuantum = use({
  name: 'signPostQuantum',
  summary: 'Sign a message with the private half of a post-quantum key.',
  rights: { key: 'signPostQuantum' },
  targets: ({ keyId }: SignRequest) => ({ key: signTarget(keyId, postQuantum) }),
  run: signWith,
})

export const verifyPostQuantum = use({
  name: 'verifyPostQuantum',
  summary: 'Tell whether a signature is one of a post-quantum key.',
  rights: { key: 'verifyPostQuantum' },
  targets: ({ keyId }: VerifyRequest) => ({ key: signTarget(keyId, postQuantum) }),
  run: verifyWith,
})
