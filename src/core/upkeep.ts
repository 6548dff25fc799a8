/** Rows that are about the installation itself: what a restored one waits for, and how far its check has come. */
import type { Instant, Kind, Row } from './object.ts'

/**
 * What had become of an object: a word of its life cycle; `emptied`: its imported material was removed; `changed`: what
 * exactly is not known, so a person looks at it; `lost`: it was made after the backup; `kept`: its planned destruction was
 * cancelled, and is planned again.
 */
export type Withdrawal =
  | 'destroyed'
  | 'destructionScheduled'
  | 'suspended'
  | 'deactivated'
  | 'emptied'
  | 'removed'
  | 'changed'
  | 'lost'
  | 'kept'

/** What somebody had taken away, or saved, after the moment of a backup, and the restored installation has as it was. */
export interface Undone {
  readonly was: Withdrawal
  readonly kind: Kind | 'grant'
  readonly id: string
  /** Of a grant: the key that it was of. */
  readonly key?: string
  /** When, and by which action, where the record tells. */
  readonly at?: Instant
  readonly by?: string
}

/** Where it can be seen what a backup undoes. */
export type UndoneSource = 'journal' | 'database'

/** A restored installation answers no client until its operator has ended this. There is one at most. */
export interface Quarantine extends Row<'quarantine'> {
  /** The moment of the backup. */
  readonly takenAt: Instant
  readonly restoredAt: Instant
  /** Empty: what the backup undoes cannot be known. */
  readonly sources: readonly UndoneSource[]
  readonly undone: readonly Undone[]
}
export const quarantineId = 'quarantine'

/** How far the background check of known answers has come. There is one at most. */
export interface Scrub extends Row<'scrub'> {
  /** When the pass at hand began. */
  readonly startedAt: Instant
  /** The key version that was looked at last; null where the pass is done. */
  readonly position: string | null
  /** Key versions that this pass has checked. */
  readonly checked: number
  /** Those that failed in this pass or, until it is done, in the one before; the first hundred. */
  readonly failed: readonly string[]
}
export const scrubId = 'scrub'
