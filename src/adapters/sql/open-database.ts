/** What a database gives once it is open, whichever engine it is. */
import type { AuditEntry, AuditIndex } from '../../core/audit.ts'
import type { Instant } from '../../core/object.ts'
import type { Coherence, Commit, RootGeneration, Store } from '../../core/ports.ts'
import type { Dumped } from './dump.ts'
import type { Installation } from './installation.ts'
import type { SchemaState } from './migrate.ts'
import type { Soundness } from './soundness.ts'

export interface Member {
  readonly node: string
  readonly joinedAt: Instant
  /** The version of the tables that its program writes. */
  readonly program: number
  /** The generation of the root key that it seals with; absent while it is sealed. */
  readonly rootGeneration: RootGeneration | undefined
}

export interface OpenDatabase {
  readonly store: Store
  readonly coherence: Coherence
  /** Why nothing can be judged by it now; undefined: it answers, or what was read of it may still be relied on. */
  away(): string | undefined
  /** The processes that serve from it, this one too; nothing where it is the only one that can. */
  members(): Promise<readonly Member[]>
  readonly outbox: {
    /** Entries of committed changes that this process's journal may lack, oldest first, at most 10,000 at once. */
    pending(now: Instant): Promise<readonly AuditEntry[]>
    /** The journal has the entries of these request ids. They are deleted soon, not at once. */
    drained(requests: readonly string[]): void
  }
  /** Of the journals of all nodes; absent where there is one data folder, which has them all. */
  readonly auditIndex: AuditIndex | undefined
  installation(): Promise<Installation | undefined>
  /** What the engine's own check finds: `ok`, or the first problem. */
  integrity(): Promise<string>
  /** What its rows say of each other. */
  soundness(): Promise<Soundness>
  /** All rows of this moment as the lines of a backup. Whoever stops reading them ends it by the iterator's `return`. */
  dump(dumped: Dumped): Promise<AsyncIterable<string>>
  /** Writes the installation and its first objects together. Rejects with `AlreadyInitialised`. */
  initialise(installation: Installation, first: Commit): Promise<void>
  /** Writes a check under another generation of the root key. */
  writeRootCheck(check: Pick<Installation, 'rootGeneration' | 'rootCheck'>): Promise<void>
  schema(): Promise<SchemaState>
  /** Refuses programs that are older than this one. */
  refuseOlder(): Promise<void>
  /** Finishes what was asked for, and lets go of files and connections. */
  close(): Promise<void>
}
