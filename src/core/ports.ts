/**
 * What the core needs from outside. Adapters make these real; a port has no default implementation, and nothing in it
 * knows an engine, a file or a wire.
 */
import type { EncryptionScheme } from '../crypto/encryption.ts'
import type { Encapsulated } from '../crypto/kem.ts'
import type { Pair, PrivateKey } from '../crypto/private-key.ts'
import type { SignatureScheme, Signed } from '../crypto/signature.ts'
import type { WhiteBoxAlgorithm, WhiteBoxKeyParts } from '../crypto/white-box/tables.ts'
import type { AuditEntry } from './audit.ts'
import type {
  AccountId,
  ImportTicket,
  Instant,
  Kind,
  ManagedKind,
  Party,
  Place,
  RegionId,
  Snapshot,
  Tagged,
} from './object.ts'
import type { AliasPage, DataKeyFilter, DataKeyPage, KeyFilter, KeyPage, TaggedPage } from './pages.ts'
import type { UseQuery, UseSum } from './uses.ts'

export interface Clock {
  /** Wall clock, UTC ms. */
  now(): Instant
  /** Milliseconds that only ever grow, for durations. */
  monotonic(): number
}

export interface Random {
  /** Fresh, independent, unpredictable bytes (SP 800-90A generator of the platform). */
  bytes(length: number): Uint8Array
  /** A UUIDv7 (RFC 9562) in lower case, whose time is `now`. */
  id(now: Instant): string
}

export type Epoch = number

/**
 * One request's picture of the store: at least as new as every change that was answered before the view was taken.
 * Absence is never remembered. Reads are synchronous where the row is cached, so that the hot path never waits.
 */
export interface View {
  get<K extends Kind>(kind: K, id: string): Snapshot<K> | undefined | Promise<Snapshot<K> | undefined>
  /** As `get`, straight from the store: a refusal never rests on a cached row. */
  reload<K extends Kind>(kind: K, id: string): Promise<Snapshot<K> | undefined>
}

export interface Coherence {
  view(): View | Promise<View>
  /** Resolves when no process can any longer answer from a state before `epoch`; undefined: before any change so far. */
  settle(epoch: Epoch | undefined): Promise<void>
}

/** A name that one object of a kind may hold in an account and region. */
export interface UniqueName {
  readonly account: AccountId
  readonly region: RegionId
  readonly kind: Kind
  readonly name: string
}

/** At most `max` live objects of the kind of a row that is added, or comes to life again, in its account and region. */
export interface Quota {
  readonly max: number
}

type Put = { [K in Kind]: { put: Snapshot<K>; over: Snapshot<K>; within?: Quota } }[Kind]

/**
 * What a change asks the store to do. Every put and drop is a compare-and-set on `over.revision`. Nobody remembers that
 * an object is absent, so one that is added is seen by everybody at once; any other effect is waited for by `settle`.
 */
export type Effect =
  | (Put & { claim?: UniqueName; release?: UniqueName })
  | { add: Snapshot; claim?: UniqueName; within?: Quota }
  | { drop: Snapshot; tombstone?: Tombstone; release?: UniqueName }

/** What stays of a destroyed object; its lineage is its id at birth, 16 bytes in hex. */
export interface Tombstone {
  readonly kind: ManagedKind
  readonly id: string
  readonly account: AccountId
  readonly region: RegionId
  readonly lineage: string
  readonly destroyedAt: Instant
}

export interface Guard {
  readonly kind: Kind
  readonly id: string
  readonly revision: number
}

/** One change: all of it or nothing, in one transaction, with its audit entry in the outbox. */
export interface Commit {
  /** Rows that were looked at and must still be at this revision. */
  readonly guards: readonly Guard[]
  readonly effects: readonly Effect[]
  readonly entry: AuditEntry
  readonly now: Instant
}

export type Committed =
  | { outcome: 'committed'; epoch: Epoch }
  /** A guard or a compare-and-set did not hold: nothing was changed; load again and decide again. */
  | { outcome: 'conflict' }
  | { outcome: 'nameTaken' }
  | { outcome: 'quotaExceeded'; kind: Kind }

/** The outcome of a commit is not known (its answer was lost): it may be there or not. */
export class UnknownOutcome extends Error {}

/** `total`: of all that match; where `isLeast`, there are more, and nobody counted how many. */
type Listed<K extends Kind> = { total: number; isLeast: boolean; rows: readonly Snapshot<K>[] }

/** Lists and counts of one account and region. */
export interface Reader {
  keys(at: Place, page: KeyPage, now: Instant): Promise<Listed<'key'>>
  countKeys(at: Place, filter: KeyFilter, now: Instant): Promise<number>
  tagged(account: AccountId, page: TaggedPage): Promise<readonly Tagged[]>
  dataKeys(at: Place, page: DataKeyPage, now: Instant): Promise<Omit<Listed<'dataKey'>, 'isLeast'>>
  countDataKeys(at: Place, filter: DataKeyFilter, now: Instant): Promise<number>
  /** The id of the key that has a grant, in an account. */
  grantHolder(account: AccountId, grant: string): Promise<string | undefined>
  /** Keys of a region with grants that a party is named to retire, whatever the account, and those grants; oldest first. */
  retirable(region: RegionId, retiring: Party): Promise<readonly Snapshot<'key'>[]>
  /** Every tag of keys of a place once, by key and value; of keys that are there still. */
  tagPairs(
    at: Pick<Place, 'account' | 'region'>,
    limit: number,
    now: Instant,
  ): Promise<readonly { readonly key: string; readonly value: string }[]>
  aliases(at: Pick<Place, 'account' | 'region'>, page: AliasPage): Promise<readonly Snapshot<'alias'>[]>
  uses(query: UseQuery): Promise<readonly UseSum[]>
  /** The id of the object that holds a name, or undefined. */
  holder(name: UniqueName): Promise<string | undefined>
  /** The id of the account or principal that is known by an external id, such as a number of one cloud's. */
  knownAs(kind: 'account' | 'principal', name: string, value: string): Promise<string | undefined>
  /** A page of the rows of a kind, ordered by id, of one account or of all; `after` an id, at most 1,000. */
  rows<K extends Kind>(
    kind: K,
    page: { readonly account?: AccountId; readonly after?: string; readonly limit: number },
  ): Promise<readonly Snapshot<K>[]>
}

/**
 * A step whose date has passed: an irreversible one by every clock and for long enough (`Store.due`), a rotation by the
 * wall clock.
 */
export interface Due {
  readonly step: 'destroy' | 'dropMaterial' | 'rotate'
  readonly kind: ManagedKind
  readonly id: string
  readonly account: AccountId
}

/** How often a version of a key was used by a principal through a dialect, in one minute. */
export interface Use {
  readonly key: string
  readonly version: number
  readonly principal: string
  readonly dialect: string
  /** Minutes since 1970. */
  readonly minute: number
  readonly count: number
}

export interface Store {
  commit(change: Commit): Promise<Committed>
  readonly reader: Reader
  /** Adds to what was counted before, in one write; counts of long ago are folded into days. */
  countUses(uses: readonly Use[], now: Instant): Promise<void>
  /**
   * Notes that the process has been running for `elapsed` ms since the last call, and returns the irreversible steps whose
   * date has passed by `now` and by the store's own clock, and that were seen passed for `observedMin` ms of running time
   * since. A date that is no longer passed starts again from nothing. Rotations of active keys are due by `now` alone.
   */
  due(now: Instant, elapsed: number, observedMin: number): Promise<readonly Due[]>
}

/** The audit journal. `append` resolves when the entry is durable, and rejects when it cannot be made so. */
export interface Journal {
  append(entry: AuditEntry): Promise<void>
}

/** Of a root key: 16 bytes in hex, and a number that grows. */
export interface RootGeneration {
  readonly id: string
  readonly number: number
}

/** Seals domain keys. Only the keyring speaks to it, and never on the way of a decryption. */
export interface RootKey {
  /** The generation that seals now. Throws while the root key is sealed. */
  readonly generation: RootGeneration
  /** The present generations of the root keys that key stores may have, by their configured names. */
  readonly backings?: ReadonlyMap<string, RootGeneration>
  /** The present generation of the root key that a generation is of; undefined for one that is not held. */
  present(id: string, number: number): RootGeneration | undefined
  /** Raw 32-byte root key of a generation, or undefined where this installation does not hold it. */
  material(id: string, number: number): Uint8Array | undefined
}

/** How the installation's root key is kept, and whether it is open. */
export interface SealState {
  readonly seal: string
  readonly sealed: boolean
  /** Why it is sealed and what opens it, for anybody; empty where it is open. */
  readonly told: string
  /** What keeps it from opening by itself, for the operator. */
  readonly fault: string
  /** The present one, and how many there are. */
  readonly generation: RootGeneration
  readonly generations: number
  /** Shares that open it, and those given so far; absent where it does not open by shares. */
  readonly needed?: number
  readonly given?: number
}

/** The seal that is to be put on the root key. */
export type NewSeal =
  | { readonly seal: 'file' }
  | { readonly seal: 'pkcs11' | 'kms' }
  | { readonly seal: 'passphrase'; readonly passphrase: string }
  | { readonly seal: 'shamir'; readonly threshold: number; readonly shares: number }

/** What was given is not taken, and why. */
export interface Rejected {
  readonly rejected: string
}

/** A process that works on the same store, and the present generation of the root key that it has loaded. */
export interface Member {
  readonly name: string
  /** Undefined while it is sealed. */
  readonly generation: RootGeneration | undefined
}

/** The root key's seal and generations. Nothing of it shows a key. */
export interface RootKeySeal {
  state(): SealState
  /** A passphrase, or one share. */
  unseal(input: string): Promise<SealState | Rejected>
  /** Makes another seal beside the one in use. Its shares are in the answer and nowhere else. */
  prepare(to: NewSeal): Promise<{ readonly shares: readonly string[] } | Rejected>
  /** Puts the prepared seal in the place of the one in use, once these inputs have opened it. */
  adopt(inputs: readonly string[]): Promise<SealState | Rejected>
  /** Another generation, of the installation's root key or of a key store's; it wraps from now on. */
  addGeneration(backing: string | undefined): Promise<RootGeneration | Rejected>
  /** Every process that is alive, this one among them. */
  members(): Promise<readonly Member[]>
  /** Whether the store knows the present generation for the one in use; a rotation that is under way is not. */
  isSettled(): boolean
  /** Lets the store know it: from now on a file without it is not the right one. */
  settle(): Promise<void>
}

/** Slow cryptography in one bounded queue, off the event loop. Rejects with `QueueFull` rather than grow. */
export interface SlowQueue {
  run<N extends keyof SlowJobs>(name: N, input: SlowJobs[N]['input']): Promise<SlowJobs[N]['output']>
}

/** The queue is full: the caller is told to come back. */
export class QueueFull extends Error {}

export interface SlowJobs {
  /** A pair of an asymmetric row of `crypto/algorithms.ts`. */
  generatePair: { input: { algorithm: string }; output: Pair }
  /**
   * Unwraps material; undefined when it does not open, and by PKCS#1 also when it has not `length` bytes. `privateKey` is
   * PKCS#8 DER and is zeroed afterwards.
   */
  unwrap: {
    input: { privateKey: Uint8Array; padding: ImportTicket['padding']; wrapped: Uint8Array; length: number }
    output: Uint8Array | undefined
  }
  /** `unwrapPair` of `crypto/arrived-pair.ts`. */
  unwrapPair: {
    input: { algorithm: string; wrappingKey: Uint8Array; wrapped: Uint8Array }
    output: Pair | undefined
  }
  sign: {
    input: { key: PrivateKey; publicKey: Uint8Array; scheme: SignatureScheme; signed: Signed }
    output: Uint8Array
  }
  verify: {
    input: { publicKey: Uint8Array; scheme: SignatureScheme; signed: Signed; signature: Uint8Array }
    output: boolean
  }
  /** Undefined where the plaintext does not go with the key. */
  encryptTo: {
    input: { publicKey: Uint8Array; scheme: EncryptionScheme; plaintext: Uint8Array }
    output: Uint8Array | undefined
  }
  /** Undefined for whatever does not open. */
  decryptWith: {
    input: { key: PrivateKey; scheme: EncryptionScheme; ciphertext: Uint8Array }
    output: Uint8Array | undefined
  }
  /** What two keys share; undefined where the other one is none on the same curve. */
  agree: { input: { key: PrivateKey; publicKey: Uint8Array }; output: Uint8Array | undefined }
  encapsulate: { input: { publicKey: Uint8Array }; output: Encapsulated }
  /** `encapsulation` has the length of one. */
  decapsulate: { input: { key: PrivateKey; encapsulation: Uint8Array }; output: Uint8Array }
  /** A new white-box key, and the tables that decrypt with it. */
  makeWhiteBoxKey: { input: { algorithm: WhiteBoxAlgorithm }; output: WhiteBoxKeyParts }
  /** `lockedEncoding` of `crypto/white-box/decrypt-key.ts`. */
  lockEncoding: {
    input: { algorithm: WhiteBoxAlgorithm; encoding: Uint8Array; fingerprints: readonly string[] }
    output: Uint8Array
  }
  /** A new password record. */
  hashPassword: { input: { password: string; salt: Uint8Array }; output: string }
  checkPassword: { input: { password: string; record: string }; output: boolean }
}

/** Which programs may run on the store; a program is known by the version of the store that it writes. */
export interface UpgradeState {
  /** What the store is now. */
  readonly tables: number
  readonly program: number
  readonly oldestProgram: number
  /** Older programs are refused, and whatever they cannot read may be written. */
  readonly finished: boolean
  /** Nothing where one process has the store alone. */
  readonly members: readonly { readonly name: string; readonly program: number }[]
}

export interface Upgrade {
  state(): Promise<UpgradeState>
  /** Refuses programs that are older than this one. */
  finish(): Promise<void>
}
