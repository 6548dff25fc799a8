/** Signature schemes by algorithm, the first the usual one. */
const rsa = ['pss-sha256', 'pss-sha384', 'pss-sha512', 'pkcs1-sha256', 'pkcs1-sha384', 'pkcs1-sha512']

const byAlgorithm: Readonly<Record<string, readonly string[]>> = {
  'rsa-2048': rsa,
  'rsa-3072': rsa,
  'rsa-4096': rsa,
  'ec-p256': ['ecdsa-sha256'],
  'ec-p384': ['ecdsa-sha384'],
  'ec-p521': ['ecdsa-sha512'],
  'ec-secp256k1': ['ecdsa-sha256'],
  sm2: ['sm2-sm3'],
  ed25519: ['ed25519'],
}

export const schemesOf = (algorithm: string): string[] => [...(byAlgorithm[algorithm] ?? [algorithm])]
