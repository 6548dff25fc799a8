/** What a database gives once it is open, whichever engine it is. */
import type { AuditEntry } from '../../core/audit.ts'
import type { Coherence, Commit, Store } from '../../core/ports.ts'
import type { Installation } from './installation.ts'

export interface OpenDatabase {
  readonly store: Store
  readonly coherence: Coherence
  readonly outbox: {
    /** Entries of committed changes that this process's journal may lack, oldest first, at most 10,000 at once. */
    pending(): Promise<readonly AuditEntry[]>
    /** The journal has the entries of these request ids. They are deleted soon, not at once. */
    drained(requests: readonly string[]): void
  }
  installation(): Promise<Installation | undefined>
  /** What the engine's own check finds: `ok`, or the first problem. */
  integrity(): Promise<string>
  /** Writes the installation and its first objects together. Rejects with `AlreadyInitialised`. */
  initialise(installation: Installation, first: Commit): Promise<void>
  /** Finishes what was asked for, and lets go of files and connections. */
  close(): Promise<void>
}
