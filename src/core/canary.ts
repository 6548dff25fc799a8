/**
 * What every key version proves of itself for ever: at birth it makes a known answer, kept beside it, so that whatever
 * happens to the row later can be told from it. The plaintext is public.
 */
import { asymmetricAlgorithm, macAlgorithm } from '../crypto/algorithms.ts'
import { equalInConstantTime } from '../crypto/compare.ts'
import { hmac } from '../crypto/digest.ts'
import type { EncryptionScheme } from '../crypto/encryption.ts'
import { privateKeyFrom } from '../crypto/private-key.ts'
import type { Secret } from '../crypto/secret.ts'
import { type SignatureScheme, type Signed, signatureSchemes } from '../crypto/signature.ts'
import { concat, utf8 } from './bytes.ts'
import { type Material, open, parseSealed } from './ciphertext.ts'
import { encapsulationIn, isEncapsulated, openEncapsulated, sealEncapsulated } from './ciphertext-kem.ts'
import type { House } from './house.ts'
import type { HeldPair } from './material.ts'
import type { Key } from './object.ts'

export const canaryPlaintext: Uint8Array = utf8('keystead canary: this version still opens what it sealed')

const signed: Signed = { type: 'message', bytes: canaryPlaintext }

const signingScheme = (algorithm: string): SignatureScheme => {
  const row = asymmetricAlgorithm(algorithm)
  const found = Object.entries(signatureSchemes).find(([, scheme]) => scheme.fits(row))
  if (!found) throw new Error(`${algorithm} signs by no scheme`)
  return found[0] as SignatureScheme
}

const encryptingScheme = (algorithm: string): EncryptionScheme => {
  const { family } = asymmetricAlgorithm(algorithm)
  if (family === 'rsa') return 'rsaOaepSha256'
  if (family === 'sm2') return 'sm2Der'
  throw new Error(`${algorithm} encrypts by no scheme`)
}

type Told = Pick<Key, 'usage' | 'algorithm' | 'lineage'>

const isCanary = (opened: Uint8Array | undefined): boolean =>
  opened !== undefined && equalInConstantTime(canaryPlaintext, opened)

const isKem = (algorithm: string): boolean => asymmetricAlgorithm(algorithm).family === 'mlKem'

const noContext = { kind: 'none' } as const

const kemCanary = async (house: House, lineage: string, version: number, pair: HeldPair): Promise<Uint8Array> => {
  const encapsulated = await house.slow.run('encapsulate', { publicKey: pair.publicKey })
  const identity = { installation: house.installation, lineage, version }
  return sealEncapsulated(encapsulated, identity, 'data', noContext, canaryPlaintext, house)
}

/** What the pair shares with a key that was made for this and forgotten: that key's public half, then the secret. */
const agreementCanary = async ({ slow }: House, algorithm: string, { publicKey }: HeldPair): Promise<Uint8Array> => {
  const passing = await slow.run('generatePair', { algorithm })
  const secret = await slow.run('agree', { key: privateKeyFrom(passing.privateKey), publicKey })
  passing.privateKey.fill(0)
  if (!secret) throw new Error(`a new ${algorithm} key agrees on nothing`)
  return concat(passing.publicKey, secret)
}

/** The known answer of a new pair: a signature, a ciphertext to its public half, or what that half shares with another. */
export const pairCanary = async (
  house: House,
  { usage, algorithm, lineage }: Told,
  version: number,
  pair: HeldPair,
): Promise<Uint8Array> => {
  if (usage === 'signVerify') return house.slow.run('sign', { ...pair, scheme: signingScheme(algorithm), signed })
  if (usage === 'keyAgreement') return agreementCanary(house, algorithm, pair)
  if (isKem(algorithm)) return kemCanary(house, lineage, version, pair)
  const scheme = encryptingScheme(algorithm)
  const plaintext = canaryPlaintext.slice()
  const ciphertext = await house.slow.run('encryptTo', { publicKey: pair.publicKey, scheme, plaintext })
  if (!ciphertext) throw new Error(`a new ${algorithm} key does not encrypt`)
  return ciphertext
}

const opensKem = async (house: House, { key }: HeldPair, answer: Uint8Array): Promise<boolean> => {
  const sealed = parseSealed(answer)
  if (!sealed || !isEncapsulated(sealed)) return false
  const secret = await house.slow.run('decapsulate', { key, encapsulation: encapsulationIn(sealed) })
  return isCanary(openEncapsulated(secret, sealed, noContext))
}

const holds = async ({ slow }: House, { usage, algorithm }: Told, pair: HeldPair, answer: Uint8Array) => {
  if (usage === 'signVerify') {
    const { publicKey } = pair
    return slow.run('verify', { publicKey, scheme: signingScheme(algorithm), signed, signature: answer })
  }
  if (usage === 'keyAgreement') {
    const [peer, expected] = [answer.slice(0, pair.publicKey.length), answer.subarray(pair.publicKey.length)]
    const secret = await slow.run('agree', { key: pair.key, publicKey: peer })
    return secret !== undefined && equalInConstantTime(secret, expected)
  }
  const scheme = encryptingScheme(algorithm)
  return isCanary(await slow.run('decryptWith', { key: pair.key, scheme, ciphertext: answer }))
}

/** The answer of long ago still holds, and one that is made now: the halves still belong together, and both work. */
export const pairAnswers = async (
  house: House,
  key: Told,
  version: number,
  pair: HeldPair,
  canary: Uint8Array,
): Promise<boolean> => {
  for (const answer of [canary, await pairCanary(house, key, version, pair)]) {
    const fine = isKem(key.algorithm) ? await opensKem(house, pair, answer) : await holds(house, key, pair, answer)
    if (!fine) return false
  }
  return true
}

/** The known answer of a MAC key. */
export const macCanary = (algorithm: string, secret: Secret): Uint8Array =>
  hmac(macAlgorithm(algorithm).digest, secret, canaryPlaintext)

export const secretAnswers = (algorithm: string, secret: Secret | undefined, canary: Uint8Array): boolean =>
  secret !== undefined && equalInConstantTime(macCanary(algorithm, secret), canary)

export const materialAnswers = (material: Material | undefined, canary: Uint8Array): boolean => {
  const sealed = parseSealed(canary)
  return isCanary(material && sealed && open(material, sealed, noContext))
}
