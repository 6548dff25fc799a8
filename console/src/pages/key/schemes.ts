import type { Scheme } from '../../api/actions.ts'

/** Signature schemes by algorithm, the usual one first. */
const rsa: readonly Scheme[] = [
  'rsaPssSha256',
  'rsaPssSha384',
  'rsaPssSha512',
  'rsaPkcs1Sha256',
  'rsaPkcs1Sha384',
  'rsaPkcs1Sha512',
]

const byAlgorithm: Readonly<Record<string, readonly Scheme[]>> = {
  'rsa-2048': rsa,
  'rsa-3072': rsa,
  'rsa-4096': rsa,
  'ec-p256': ['ecdsaSha256'],
  'ec-p384': ['ecdsaSha384'],
  'ec-secp256k1': ['ecdsaSecp256k1Sha256'],
  ed25519: ['ed25519', 'ed25519ph'],
  sm2: ['sm2Sm3'],
  'ml-dsa-44': ['mlDsa44'],
  'ml-dsa-65': ['mlDsa65'],
  'ml-dsa-87': ['mlDsa87'],
}

export const schemesOf = (algorithm: string): Scheme[] => [...(byAlgorithm[algorithm] ?? [])]
