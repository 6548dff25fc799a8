/** key_spec and key_usage: what a key is made of and what it is for, in this cloud's words. */
import { type Refusal, refuse } from '../../core/failure.ts'
import type { Key, Origin, Usage } from '../../core/object.ts'
import { algorithmOf, type Family } from '../../crypto/algorithms.ts'
import type { Code } from './codes.ts'

interface KeySpec {
  /** A row of `crypto/algorithms.ts`. */
  readonly algorithm: string
  /** The first is what a key is for when nothing is said. */
  readonly usages: readonly [Usage, ...Usage[]]
}

export const keySpecs = {
  AES_256: { algorithm: 'aes-256', usages: ['encryptDecrypt'] },
  SM4: { algorithm: 'sm4', usages: ['encryptDecrypt'] },
  RSA_2048: { algorithm: 'rsa-2048', usages: ['signVerify', 'encryptDecrypt'] },
  RSA_3072: { algorithm: 'rsa-3072', usages: ['signVerify', 'encryptDecrypt'] },
  RSA_4096: { algorithm: 'rsa-4096', usages: ['signVerify', 'encryptDecrypt'] },
  EC_P256: { algorithm: 'ec-p256', usages: ['signVerify', 'keyAgreement'] },
  EC_P384: { algorithm: 'ec-p384', usages: ['signVerify', 'keyAgreement'] },
  SECP256K1: { algorithm: 'ec-secp256k1', usages: ['signVerify', 'keyAgreement'] },
  SM2: { algorithm: 'sm2', usages: ['signVerify', 'encryptDecrypt', 'keyAgreement'] },
  ED25519: { algorithm: 'ed25519', usages: ['signVerify'] },
  HMAC_256: { algorithm: 'hmac-sha256', usages: ['generateVerifyMac'] },
  HMAC_384: { algorithm: 'hmac-sha384', usages: ['generateVerifyMac'] },
  HMAC_512: { algorithm: 'hmac-sha512', usages: ['generateVerifyMac'] },
  HMAC_SM3: { algorithm: 'hmac-sm3', usages: ['generateVerifyMac'] },
  ML_DSA_44: { algorithm: 'ml-dsa-44', usages: ['signVerify'] },
  ML_DSA_65: { algorithm: 'ml-dsa-65', usages: ['signVerify'] },
  ML_DSA_87: { algorithm: 'ml-dsa-87', usages: ['signVerify'] },
} as const satisfies Record<string, KeySpec>

export type KeySpecName = keyof typeof keySpecs
export const keySpecNames = Object.keys(keySpecs) as [KeySpecName, ...KeySpecName[]]

/** The words of key_usage. */
export const keyUsages = {
  ENCRYPT_DECRYPT: 'encryptDecrypt',
  SIGN_VERIFY: 'signVerify',
  GENERATE_VERIFY_MAC: 'generateVerifyMac',
  KEY_AGREEMENT: 'keyAgreement',
} as const satisfies Record<string, Usage>

export type KeyUsageName = keyof typeof keyUsages
export const keyUsageNames = Object.keys(keyUsages) as [KeyUsageName, ...KeyUsageName[]]

/** What a key of these is told that it cannot do; anything else is an invalid parameter. */
const unfit = (family: Family, usage: Usage): Code => {
  if (family === 'ec' && usage === 'encryptDecrypt') return 'KMS.1114'
  return family === 'symmetric' && usage === 'signVerify' ? 'KMS.1115' : 'KMS.0308'
}

/** Families whose material can come from outside, by the two ways of import-key-material. */
const importable: readonly Family[] = ['symmetric', 'rsa', 'ec', 'sm2']

const origins: Readonly<Record<'kms' | 'external', Origin>> = { kms: 'generated', external: 'imported' }

const invalid = (member: string, why: string, code: Code = 'KMS.0308'): Refusal =>
  refuse({ reason: 'invalidAttributeValue', member, why, code })

/** What a new key is made of, what it is for and where its material comes from; a refusal where these do not go together. */
export const keyKindOf = (
  spec: KeySpecName,
  usageName: KeyUsageName | undefined,
  origin: 'kms' | 'external',
): { algorithm: string; usage: Usage; origin: Origin } | Refusal => {
  const { algorithm, usages }: KeySpec = keySpecs[spec]
  const { family } = algorithmOf(algorithm)
  const usage = usageName === undefined ? usages[0] : keyUsages[usageName]
  if (!usages.includes(usage)) return invalid('key_usage', `does not go with ${spec}`, unfit(family, usage))
  if (origin === 'external' && !importable.includes(family)) return invalid('origin', `must be kms for ${spec}`)
  return { algorithm, usage, origin: origins[origin] }
}

/** What other clouds' keys are made of and this one has no word for is called as its standard calls it. */
const otherSpecs: Readonly<Record<string, string>> = { 'ml-kem-1024': 'ML_KEM_1024' }

export const keySpecOf = ({ algorithm }: Pick<Key, 'algorithm'>): string =>
  keySpecNames.find((name) => keySpecs[name].algorithm === algorithm) ?? otherSpecs[algorithm] ?? algorithm

export const keyUsageOf = ({ usage }: Pick<Key, 'usage'>): KeyUsageName => {
  const known = keyUsageNames.find((name) => keyUsages[name] === usage)
  if (!known) throw new Error(`no key_usage says ${usage}`)
  return known
}
