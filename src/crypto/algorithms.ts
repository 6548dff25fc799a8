/** One row says everything about an algorithm; callers are handed the row and nothing below enumerates names. */
import type { SuiteNumber } from './suites.ts'

/** What two algorithms must share for one operation to work with either. */
export type Family = 'symmetric' | 'hmac' | 'rsa' | 'ec' | 'edwards' | 'sm2' | 'mlKem' | 'mlDsa'

export interface SymmetricAlgorithm {
  readonly name: string
  readonly family: 'symmetric'
  /** Length of key material, bytes. */
  readonly keyBytes: number
  /** Suite byte of the ciphertext format (docs/spec/ciphertext.md). */
  readonly suite: Exclude<SuiteNumber, 3>
}

/** HMAC (FIPS 198-1) under a key that does nothing else. */
export interface MacAlgorithm {
  readonly name: string
  readonly family: 'hmac'
  /** Length of key material, bytes: that of the digest. */
  readonly keyBytes: number
  /** As the platform calls it. */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | 'sm3'
}

export interface AsymmetricAlgorithm {
  readonly name: string
  readonly family: Exclude<Family, 'symmetric' | 'hmac'>
  /** RSA: length of the modulus. */
  readonly bits?: number
  /** EC and SM2: the curve, as the platform calls it. */
  readonly curve?: string
}

export type Algorithm = SymmetricAlgorithm | MacAlgorithm | AsymmetricAlgorithm

const rows: readonly Algorithm[] = [
  { name: 'aes-256', family: 'symmetric', keyBytes: 32, suite: 1 },
  { name: 'sm4', family: 'symmetric', keyBytes: 16, suite: 2 },
  { name: 'hmac-sha256', family: 'hmac', keyBytes: 32, digest: 'sha256' },
  { name: 'hmac-sha384', family: 'hmac', keyBytes: 48, digest: 'sha384' },
  { name: 'hmac-sha512', family: 'hmac', keyBytes: 64, digest: 'sha512' },
  { name: 'hmac-sm3', family: 'hmac', keyBytes: 32, digest: 'sm3' },
  { name: 'rsa-2048', family: 'rsa', bits: 2048 },
  { name: 'rsa-3072', family: 'rsa', bits: 3072 },
  { name: 'rsa-4096', family: 'rsa', bits: 4096 },
  { name: 'ec-p256', family: 'ec', curve: 'P-256' },
  { name: 'ec-p384', family: 'ec', curve: 'P-384' },
  { name: 'ec-p521', family: 'ec', curve: 'P-521' },
  { name: 'ec-secp256k1', family: 'ec', curve: 'secp256k1' },
  { name: 'ed25519', family: 'edwards' },
  { name: 'sm2', family: 'sm2', curve: 'SM2' },
  { name: 'ml-kem-1024', family: 'mlKem' },
  { name: 'ml-dsa-44', family: 'mlDsa' },
  { name: 'ml-dsa-65', family: 'mlDsa' },
  { name: 'ml-dsa-87', family: 'mlDsa' },
]

const byName: ReadonlyMap<string, Algorithm> = new Map(rows.map((row) => [row.name, row]))

/** The row of a stored name; an unknown one is a defect, not a caller's mistake. */
export const algorithmOf = (name: string): Algorithm => {
  const row = byName.get(name)
  if (!row) throw new Error(`unknown algorithm ${name}`)
  return row
}

export const symmetricAlgorithm = (name: string): SymmetricAlgorithm => {
  const row = algorithmOf(name)
  if (row.family !== 'symmetric') throw new Error(`${name} is no symmetric algorithm`)
  return row
}

export const macAlgorithm = (name: string): MacAlgorithm => {
  const row = algorithmOf(name)
  if (row.family !== 'hmac') throw new Error(`${name} is no MAC algorithm`)
  return row
}

export const asymmetricAlgorithm = (name: string): AsymmetricAlgorithm => {
  const row = algorithmOf(name)
  if (row.family === 'symmetric' || row.family === 'hmac') throw new Error(`${name} is no asymmetric algorithm`)
  return row
}

/** Names of the algorithms of some families, for lists that are told apart by what keys are for. */
export const namesOf = (families: readonly Family[]): readonly string[] =>
  rows.filter(({ family }) => families.includes(family)).map(({ name }) => name)
