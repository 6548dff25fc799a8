/** Everything that `perform` works with, wired once in `main.ts`. */
import type { Pair } from '../crypto/private-key.ts'
import type { PolicyLanguages } from './access/policy.ts'
import type { Right } from './access/right.ts'
import type { AuditRecord } from './audit.ts'
import type { FirstAccount } from './founding.ts'
import type { Keyring } from './keyring.ts'
import type { ExternalIds, Instant } from './object.ts'
import type { Clock, Coherence, Journal, Random, RootKeySeal, SlowQueue, Store, Upgrade } from './ports.ts'
import type { UseCounts } from './uses.ts'

export interface Limits {
  /** Live keys of one account and region; null for no limit. */
  readonly keysMax: number | null
  /** The same of data keys. */
  readonly dataKeysMax: number | null
  /** The same of white-box keys, whose tables are large. */
  readonly whiteBoxKeysMax: number
}

/** A place of the installation: what both clouds call a region. */
export interface Region {
  readonly id: string
  /** The symmetric algorithm of the keys made here, a row of `crypto/algorithms.ts`. */
  readonly algorithm: string
  /** The asymmetric algorithms that keys may be made with here; absent for all of them. */
  readonly asymmetric?: readonly string[]
  /** What each dialect calls it; a dialect that does not know it has no name for it. */
  readonly names: Readonly<Record<string, string>>
}

/** One thing that was checked. */
export interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

/** How many calls a process answered in a minute, and how fast. */
export interface SeriesPoint {
  readonly at: Instant
  readonly requests: number
  readonly refused: number
  readonly failed: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly byDialect: Readonly<Record<string, number>>
}

/** What the wiring knows: the process, the files, the journal. */
export interface Inspect {
  /** Of Keystead, as it is published. */
  readonly version: string
  status(): Promise<Readonly<Record<string, string | number | boolean>>>
  findings(): Promise<readonly Finding[]>
  /** The last so many minutes, the oldest first. */
  series(minutes: number): readonly SeriesPoint[]
}

export type NewAccessKey = (life: 'permanent' | 'temporary') => { readonly id: string; readonly secret: string }

export interface House {
  readonly store: Store
  readonly coherence: Coherence
  readonly journal: Journal
  /** Tells the store that these audit entries, committed with their change, are in the journal too. */
  readonly outbox: { drained(requests: readonly string[]): void }
  readonly clock: Clock
  readonly random: Random
  readonly slow: SlowQueue
  /** Pairs that wrap material on its way in; each is given once. */
  readonly pairs: { take(): Promise<Pair> }
  readonly keyring: Keyring
  readonly rootKey: RootKeySeal
  readonly uses: UseCounts
  readonly languages: PolicyLanguages
  /** For each language, the documents that its cloud has by name. */
  readonly presets: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly regions: readonly Region[]
  readonly limits: Limits
  /** The names of the root keys that key stores may have. */
  readonly keyStoreBackings: readonly string[]
  /** Whether a capsule is opened to who signs with the private key of an access point. */
  readonly capsuleSignatures: boolean
  /** For each dialect, the rights that each of its permission words reaches. */
  readonly vocabularies: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<Right>>>
  /** A new access key in the form of each dialect; a temporary one can be told by its id. */
  readonly accessKeys: Readonly<Record<string, NewAccessKey>>
  /** New numbers and names for accounts and principals, as the clouds know them. */
  readonly identities: { account(name: string): FirstAccount; principal(): { id: string; external: ExternalIds } }
  readonly upgrade: Upgrade
  /** What is known of the installation beside its keys. */
  readonly inspect: Inspect
  readonly record: AuditRecord
  /** Every row of this moment as lines (docs/spec/backup.md), material wrapped as it is. */
  dump(): Promise<AsyncIterable<string>>
  /** 16 bytes in hex, in every ciphertext. */
  readonly installation: string
}
