/** What the bare primitive costs under a call of cryptography, its key at hand: what a call costs beyond it is ours. */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import { asymmetricAlgorithm } from '../src/crypto/algorithms.ts'
import { generatePair, privateKeyFrom } from '../src/crypto/private-key.ts'
import { signatureSchemes } from '../src/crypto/signature.ts'

const key = randomBytes(32)
const nonce = randomBytes(12)

const seal = (bytes: number) => {
  const plaintext = randomBytes(bytes)
  return () => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  }
}

const open = (bytes: number) => {
  const sealed = seal(bytes)()
  return () => {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    decipher.setAuthTag(sealed.subarray(-16))
    return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  }
}

interface Signing {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly hash: string | null
  readonly padding?: number
  readonly saltLength?: number
}

const message = randomBytes(64)

const signing = ({ privateKey, publicKey, hash, ...padding }: Signing) => {
  const made = sign(hash, message, { key: privateKey, ...padding })
  return {
    sign: () => sign(hash, message, { key: privateKey, ...padding }),
    verify: () => verify(hash, message, { key: publicKey, ...padding }, made),
  }
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
const rsa = () => signing({ ...generateKeyPairSync('rsa', { modulusLength: 2048 }), hash: 'sha256', ...pss })
const ec = () => signing({ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), hash: 'sha256' })
const mlDsa = () => signing({ ...generateKeyPairSync('ml-dsa-87'), hash: null })

/** `node:crypto` signs by no key of SM2; beside it stands the curve library, as the program uses it. */
const sm2 = () => {
  const { privateKey, publicKey } = generatePair(asymmetricAlgorithm('sm2'))
  const key = privateKeyFrom(privateKey)
  const scheme = signatureSchemes.sm2Sm3
  const signed = { type: 'message', bytes: message } as const
  const made = scheme.sign(key, publicKey, signed)
  return {
    sign: () => scheme.sign(key, publicKey, signed),
    verify: () => scheme.verify(publicKey, signed, made),
  }
}

const makers = {
  'seal 64 B': () => seal(64),
  'seal 4 KB': () => seal(4096),
  'open 64 B': () => open(64),
  'open 4 KB': () => open(4096),
  'RSA-2048 PSS sign': () => rsa().sign,
  'RSA-2048 PSS verify': () => rsa().verify,
  'ECDSA P-256 sign': () => ec().sign,
  'ECDSA P-256 verify': () => ec().verify,
  'SM2 sign': () => sm2().sign,
  'SM2 verify': () => sm2().verify,
  'ML-DSA-87 sign': () => mlDsa().sign,
  'ML-DSA-87 verify': () => mlDsa().verify,
} as const satisfies Record<string, () => () => unknown>

export type Primitive = keyof typeof makers

const warmMs = 100
const measureMs = 300

const repeat = (work: () => unknown, milliseconds: number): number => {
  const end = performance.now() + milliseconds
  let times = 0
  for (; performance.now() < end; times++) work()
  return times
}

const measured = new Map<Primitive, number>()

/** Microseconds of CPU for one. */
export const primitiveCost = (name: Primitive): number => {
  const known = measured.get(name)
  if (known !== undefined) return known
  const work = makers[name]()
  repeat(work, warmMs)
  const before = process.cpuUsage()
  const times = repeat(work, measureMs)
  const { user, system } = process.cpuUsage(before)
  const cost = (user + system) / times
  measured.set(name, cost)
  return cost
}
