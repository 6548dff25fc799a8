/** What is recorded of a call. Never plaintext, material, secrets or request bodies: only these members exist. */
import type { Instant } from './object.ts'

export interface AuditObject {
  readonly kind: string
  readonly id: string
  readonly version?: number
}

export interface AuditEntry {
  /** The request id that the caller was given. */
  readonly request: string
  readonly at: Instant
  readonly dialect: string
  /** The action in the dialect's own word, or the core operation's name for the system's own work. */
  readonly action: string
  readonly region: string
  readonly account: string
  readonly principal: string
  /** The access key's id; empty for the system. */
  readonly credential: string
  /** Source address. */
  readonly source: string
  readonly objects: readonly AuditObject[]
  /** `unknown`: the answer of a commit was lost, the change may be there. `failed`: a defect or a fault on our side. */
  readonly outcome: 'success' | 'refused' | 'unknown' | 'failed'
  /** The Failure's reason where refused. */
  readonly reason?: string
  /** Of a summary: how many calls it stands for. */
  readonly count?: number
}

/** What a search of the record asks for. Every member given must hold; texts are compared exactly. */
export interface AuditCriteria {
  readonly since?: Instant | undefined
  /** Exclusive. */
  readonly until?: Instant | undefined
  readonly action?: string | undefined
  readonly principal?: string | undefined
  /** Id of a key among the objects. */
  readonly key?: string | undefined
  readonly outcome?: string | undefined
  readonly request?: string | undefined
  readonly source?: string | undefined
}

/** A line as it stands in a journal (docs/spec/audit.md), and the name of that journal. */
export interface AuditLine {
  readonly journal: string
  readonly line: string
}

/** How far a search of the record sees into a journal. */
export interface AuditReach {
  /** Empty where one node is all there is. */
  readonly node: string
  readonly journal: string
  /**
   * `whole`: it was read itself; `indexed`: what the node that writes it has indexed; `none`: nothing of it was indexed
   * so far.
   */
  readonly seen: 'whole' | 'indexed' | 'none'
  /** Of an indexed one: what was written from then up to then is seen; both absent where it has no entry. */
  readonly from?: Instant
  readonly until?: Instant
  /** Whether its node serves now. */
  readonly present: boolean
}

/** The record of all nodes. */
export interface AuditRecord {
  /** The entries that match, merged by time, at most `limit`, and then how far it saw. */
  search(criteria: AuditCriteria, limit: number): AsyncIterable<AuditLine | { readonly reach: readonly AuditReach[] }>
}

/** A journal of a node, and how far it is indexed. */
export interface IndexedJournal {
  readonly node: string
  readonly journal: string
  /** The last line that was indexed; 0 for none. */
  readonly seq: number
  /** When it was written. */
  readonly until: Instant
}

/** An entry as it is indexed: its line, and by what it is found. */
export interface IndexedEntry {
  readonly seq: number
  readonly at: Instant
  readonly action: string
  readonly principal: string
  readonly outcome: string
  readonly request: string
  readonly source: string
  /** Each once. */
  readonly keys: readonly string[]
  readonly line: string
}

/** An entry that was found, in the order of time. */
export interface FoundEntry {
  readonly at: Instant
  readonly node: string
  readonly journal: string
  readonly seq: number
  readonly line: string
}

/** What nodes know of each other's journals: closed parts, each indexed by the node that wrote it. */
export interface AuditIndex {
  journals(): Promise<readonly IndexedJournal[]>
  /** Adds entries and moves the journal's mark, both or neither. What is there already stays as it is. */
  add(journal: IndexedJournal, entries: readonly IndexedEntry[]): Promise<void>
  /** At most `limit` after the one given, ordered by time, node, journal and number. */
  page(criteria: AuditCriteria, after: FoundEntry | undefined, limit: number): Promise<readonly FoundEntry[]>
  /** Removes the oldest entries of a journal below a number, some thousand at once. False: there are none left. */
  forget(journal: Pick<IndexedJournal, 'node' | 'journal'>, below: number): Promise<boolean>
  /** A journal's first entry from an instant on; undefined where there is none. */
  firstFrom(
    journal: Pick<IndexedJournal, 'node' | 'journal'>,
    at: Instant,
  ): Promise<Pick<IndexedEntry, 'seq' | 'at'> | undefined>
  /** Forgets that there was such a journal. */
  drop(journal: Pick<IndexedJournal, 'node' | 'journal'>): Promise<void>
  /** The clock that all nodes share. */
  now(): Promise<Instant>
}
