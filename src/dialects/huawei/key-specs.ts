/** key_spec and key_usage: what a key is made of and what it is for, in this cloud's words. */
import type { Key, Usage } from '../../core/object.ts'

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
  EC_P256: { algorithm: 'ec-p256', usages: ['signVerify'] },
  EC_P384: { algorithm: 'ec-p384', usages: ['signVerify'] },
  SM2: { algorithm: 'sm2', usages: ['signVerify', 'encryptDecrypt'] },
} as const satisfies Record<string, KeySpec>

export type KeySpecName = keyof typeof keySpecs
export const keySpecNames = Object.keys(keySpecs) as [KeySpecName, ...KeySpecName[]]

/** The words of key_usage. */
export const keyUsages = {
  ENCRYPT_DECRYPT: 'encryptDecrypt',
  SIGN_VERIFY: 'signVerify',
} as const satisfies Record<string, Usage>

export type KeyUsageName = keyof typeof keyUsages
export const keyUsageNames = Object.keys(keyUsages) as [KeyUsageName, ...KeyUsageName[]]

/** What other clouds' keys are made of and this one has no word for is called as its standard calls it. */
const otherSpecs: Readonly<Record<string, string>> = { 'ml-kem-1024': 'ML_KEM_1024', 'ml-dsa-87': 'ML_DSA_87' }

export const keySpecOf = ({ algorithm }: Pick<Key, 'algorithm'>): string =>
  keySpecNames.find((name) => keySpecs[name].algorithm === algorithm) ?? otherSpecs[algorithm] ?? algorithm

export const keyUsageOf = ({ usage }: Pick<Key, 'usage'>): KeyUsageName => {
  const known = keyUsageNames.find((name) => keyUsages[name] === usage)
  if (!known) throw new Error(`no key_usage says ${usage}`)
  return known
}
