/** Everything that `perform` works with, wired once in `main.ts`. */
import type { PolicyLanguages } from './access/policy.ts'
import type { Keyring } from './keyring.ts'
import type { Clock, Coherence, Journal, Random, SlowQueue, Store } from './ports.ts'
import type { UseCounts } from './uses.ts'

/** A pair that wraps material on its way in: SubjectPublicKeyInfo and PKCS#8, both DER. */
export interface WrappingPair {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

export interface Limits {
  /** Live keys of one account and region; null for no limit. */
  readonly keysMax: number | null
}

/** A place of the installation: what both clouds call a region. */
export interface Region {
  readonly id: string
  /** The symmetric algorithm of the keys made here, a row of `crypto/algorithms.ts`. */
  readonly algorithm: string
  /** What each dialect calls it; a dialect that does not know it has no name for it. */
  readonly names: Readonly<Record<string, string>>
}

export interface House {
  readonly store: Store
  readonly coherence: Coherence
  readonly journal: Journal
  /** Tells the store that these audit entries, committed with their change, are in the journal too. */
  readonly outbox: { drained(requests: readonly string[]): void }
  readonly clock: Clock
  readonly random: Random
  readonly slow: SlowQueue
  /** Each pair is given once. */
  readonly pairs: { take(): Promise<WrappingPair> }
  readonly keyring: Keyring
  readonly uses: UseCounts
  readonly languages: PolicyLanguages
  readonly regions: readonly Region[]
  readonly limits: Limits
  /** 16 bytes in hex, in every ciphertext. */
  readonly installation: string
}
