/** What the server does for a white-box key: CBC (SP 800-38A, section 6.2) with PKCS#7 (RFC 5652, section 6.3). */
import { createCipheriv } from 'node:crypto'
import { keyObject, type Secret } from '../secret.ts'
import type { WhiteBoxAlgorithm } from './tables.ts'

const ciphers = { 'aes-256': 'aes-256-cbc', sm4: 'sm4-cbc' } as const

export const encryptCbc = (
  algorithm: WhiteBoxAlgorithm,
  key: Secret,
  initializationVector: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array => {
  const cipher = createCipheriv(ciphers[algorithm], keyObject(key), initializationVector)
  return new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final()]))
}
