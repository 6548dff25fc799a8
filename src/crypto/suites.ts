/** The suites of the ciphertext format (docs/spec/ciphertext.md), one row each: what follows from a key and a header. */
import type { Aead } from './aead.ts'
import { aes256Gcm } from './aes-gcm.ts'
import { sha256, sm3 } from './digest.ts'
import { deriveBytes } from './kdf.ts'
import { type Label, labels } from './labels.ts'
import { type Secret, secretFrom } from './secret.ts'
import { sm4CtrHmacSm3 } from './sm4.ts'

/** 1 and 2 derive from the material of a key, 3 from a secret that was encapsulated for it. */
export type SuiteNumber = 1 | 2 | 3

export interface Derived {
  readonly aead: Aead
  /** 32 bytes that no second key gives for the same header. */
  readonly commitment: Uint8Array
}

export interface Suite {
  readonly number: SuiteNumber
  /** 32 bytes that stand for the context in the AAD; the caller copies them. */
  digest(context: Uint8Array): Uint8Array
  derive(secret: Secret, header: Uint8Array): Derived
}

/** Most messages have no context, and its digest is always the same. */
const knowingEmpty = (digest: (data: Uint8Array) => Uint8Array): Suite['digest'] => {
  const ofNothing = digest(new Uint8Array(0))
  return (context) => (context.length === 0 ? ofNothing : digest(context))
}

/** AES-256-GCM under a key of one HMAC-SHA-512 block, whose other half is the commitment. */
const aes = (number: SuiteNumber, label: Label): Suite => ({
  number,
  digest: knowingEmpty(sha256),
  derive(secret, header) {
    const bytes = deriveBytes('sha512', secret, label, header, 64)
    const aead = aes256Gcm(secretFrom(bytes.subarray(0, 32)))
    const commitment = bytes.slice(32)
    bytes.fill(0)
    return { aead, commitment }
  },
})

const sm: Suite = {
  number: 2,
  digest: knowingEmpty(sm3),
  derive(secret, header) {
    const bytes = deriveBytes('sm3', secret, labels.sm4CtrHmacSm3, header, 96)
    // Half of the first block is left unused, so that encryption key, MAC key and commitment are blocks of their own.
    const aead = sm4CtrHmacSm3(secretFrom(bytes.subarray(0, 16)), secretFrom(bytes.subarray(32, 64)))
    const commitment = bytes.slice(64)
    bytes.fill(0)
    return { aead, commitment }
  },
}

export const suites: Readonly<Record<SuiteNumber, Suite>> = {
  1: aes(1, labels.aes256Gcm),
  2: sm,
  3: aes(3, labels.mlKem1024Aes256Gcm),
}
