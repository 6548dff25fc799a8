/** KeyUsage: what a key is for and its algorithm, in one word of this cloud. */
import { choice } from '../../contract/fields.ts'
import type { Region } from '../../core/house.ts'
import type { Key, Usage } from '../../core/object.ts'
import type { KeyFilter } from '../../core/pages.ts'
import { algorithmOf, namesOf } from '../../crypto/algorithms.ts'

interface Meaning {
  readonly usage: Usage
  /** null: the symmetric one of the region. */
  readonly algorithm: string | null
  /** What ListAlgorithms calls it. */
  readonly name: string
}

const meanings = {
  ENCRYPT_DECRYPT: { usage: 'encryptDecrypt', algorithm: null, name: '' },
  ASYMMETRIC_DECRYPT_RSA_2048: { usage: 'encryptDecrypt', algorithm: 'rsa-2048', name: 'RSA_2048' },
  ASYMMETRIC_DECRYPT_SM2: { usage: 'encryptDecrypt', algorithm: 'sm2', name: 'SM2' },
  ASYMMETRIC_DECRYPT_KYBER_AES: { usage: 'encryptDecrypt', algorithm: 'ml-kem-1024', name: 'KYBER_AES' },
  ASYMMETRIC_SIGN_VERIFY_SM2: { usage: 'signVerify', algorithm: 'sm2', name: 'SM2' },
  ASYMMETRIC_SIGN_VERIFY_RSA_2048: { usage: 'signVerify', algorithm: 'rsa-2048', name: 'RSA_2048' },
  ASYMMETRIC_SIGN_VERIFY_ECC: { usage: 'signVerify', algorithm: 'ec-p256', name: 'ECC' },
  ASYMMETRIC_SIGN_VERIFY_ECDSA384: { usage: 'signVerify', algorithm: 'ec-p384', name: 'ECDSA384' },
  ASYMMETRIC_SIGN_VERIFY_DILITHIUM: { usage: 'signVerify', algorithm: 'ml-dsa-87', name: 'DILITHIUM' },
} as const satisfies Record<string, Meaning>

export type KeyUsage = keyof typeof meanings
export const keyUsages = Object.keys(meanings) as [KeyUsage, ...KeyUsage[]]

export const keyUsage = choice(keyUsages, { code: 'InvalidParameterValue.InvalidKeyUsage' })

/** How this cloud begins the word of a key in two halves, or would. */
const foreignWords: Readonly<Record<Usage, string>> = {
  encryptDecrypt: 'ASYMMETRIC_DECRYPT',
  signVerify: 'ASYMMETRIC_SIGN_VERIFY',
  keyAgreement: 'ASYMMETRIC_KEY_AGREEMENT',
  generateVerifyMac: 'GENERATE_VERIFY_MAC',
}

/** The word of a key; one that only another cloud makes has a word in the style of these, which no filter takes. */
export const keyUsageOf = ({ usage, algorithm }: Pick<Key, 'usage' | 'algorithm'>): string => {
  const known = keyUsages.find((name) => meanings[name].usage === usage && meanings[name].algorithm === algorithm)
  if (known) return known
  if (algorithmOf(algorithm).family === 'symmetric') return 'ENCRYPT_DECRYPT'
  return `${foreignWords[usage]}_${algorithm.toUpperCase().replaceAll('-', '_')}`
}

/** The algorithm of a new key; undefined where the region does not offer it. */
export const offeredAlgorithm = (name: KeyUsage, region: Region): string | undefined => {
  const { algorithm } = meanings[name]
  if (algorithm === null) return region.algorithm
  return region.asymmetric?.includes(algorithm) === false ? undefined : algorithm
}

export const usageOf = (name: KeyUsage): Usage => meanings[name].usage

/** Symmetric keys when no usage is asked for, as the page says; `ALL` for every key. */
export const usageFilter = (asked: KeyUsage | 'ALL' | ''): KeyFilter => {
  if (asked === 'ALL') return {}
  const { usage, algorithm } = meanings[asked === '' ? 'ENCRYPT_DECRYPT' : asked]
  return { usages: [usage], algorithms: algorithm === null ? namesOf(['symmetric']) : [algorithm] }
}

export interface AlgorithmRow {
  readonly KeyUsage: string
  readonly Algorithm: string
}

/** What a region offers beside its symmetric algorithm. */
export const offeredRows = (usage: Usage, region: Region): AlgorithmRow[] =>
  keyUsages
    .filter((name) => meanings[name].algorithm !== null && meanings[name].usage === usage)
    .filter((name) => offeredAlgorithm(name, region) !== undefined)
    .map((name) => ({ KeyUsage: name, Algorithm: meanings[name].name }))
