import type { AuditEntry } from '../../../core/audit.ts'
import type { Kind, Snapshot } from '../../../core/object.ts'
import { type Coherence, type Commit, type Store, UnknownOutcome } from '../../../core/ports.ts'
import { startWorker } from '../../worker.ts'
import type { Load } from '../cached-view.ts'
import type { Dumped } from '../dump.ts'
import type { Installation } from '../installation.ts'
import type { RowPage } from '../lists.ts'
import type { Named } from '../schema.ts'
import { Calls } from './calls.ts'
import { SqliteCoherence } from './coherence.ts'
import type { DumperMethods } from './dumper.ts'
import type { ReaderMethods } from './reader.ts'
import type { WriterMethods } from './writer.ts'

export interface SqliteOptions {
  /** The database file; its log and index lie beside it. */
  readonly path: string
  /** Whether a database may be made where there is none. */
  readonly create: boolean
  /** Whether no other process commits to it while it is open: the caller holds the lock of its folder. */
  readonly alone: boolean
  /** Rows remembered, of each kind. */
  readonly cacheRows: number
  /** Milliseconds by which SQLite's clock is taken to be ahead of what it says, for tests that move time. */
  readonly databaseClockSkew?: () => number
}

export interface Sqlite {
  readonly store: Store
  readonly coherence: Coherence
  readonly outbox: {
    /** Entries of committed changes that the journal may lack, oldest first, at most 10,000 at once. */
    pending(): Promise<readonly AuditEntry[]>
    /** The journal has the entries of these request ids. They are deleted soon, not at once. */
    drained(requests: readonly string[]): void
  }
  installation(): Promise<Installation | undefined>
  /** What the engine's own check of the file finds: `ok`, or the first problem. */
  integrity(): Promise<string>
  /** All rows of this moment as the lines of a backup. Whoever stops reading them ends it by the iterator's `return`. */
  dump(dumped: Dumped): Promise<AsyncIterable<string>>
  /** Writes the installation and its first objects together. Rejects with `AlreadyInitialised`. */
  initialise(installation: Installation, first: Commit): Promise<void>
  /** Finishes what was asked for, and lets go of the files. */
  close(): Promise<void>
}

type Writing = Calls<WriterMethods>
type Reading = Calls<ReaderMethods>

/** Loads that are asked for together travel in one message. */
const batched = (reading: Reading): Load => {
  let names: Named[] = []
  let rows: ReturnType<typeof send> | undefined
  const send = async () => {
    // After everything that runs now has asked.
    await Promise.resolve()
    const sent = names
    names = []
    rows = undefined
    return reading.call('load', sent)
  }
  return async <K extends Kind>(kind: K, id: string) => {
    const index = names.push({ kind, id }) - 1
    rows ??= send()
    return (await rows)[index] as Snapshot<K> | undefined
  }
}

const storeOf = (writing: Writing, reading: Reading, skew: () => number): Store => ({
  commit: (change) => writing.call('commit', change),
  countUses: (uses, now) => writing.call('countUses', { uses, now }),
  due: (now, elapsed, observedMin) => writing.call('due', { now, elapsed, observedMin, skew: skew() }),
  reader: {
    keys: (at, page, now) => reading.call('keys', { at, page, now }),
    countKeys: (at, filter, now) => reading.call('countKeys', { at, filter, now }),
    tagged: (account, page) => reading.call('tagged', { account, page }),
    dataKeys: (at, page, now) => reading.call('dataKeys', { at, page, now }),
    countDataKeys: (at, filter, now) => reading.call('countDataKeys', { at, filter, now }),
    tagPairs: ({ account, region }, limit, now) => reading.call('tagPairs', { at: { account, region }, limit, now }),
    aliases: ({ account, region }, page) => reading.call('aliases', { at: { account, region }, page }),
    grantHolder: (account, grant) => reading.call('grantHolder', { account, grant }),
    retirable: (region, retiring) => reading.call('retirable', { region, retiring }),
    holder: (name) => reading.call('holder', name),
    knownAs: (kind, name, value) => reading.call('knownAs', { kind, name, value }),
    rows: <K extends Kind>(kind: K, page: RowPage) =>
      reading.call('rows', { kind, page }) as Promise<readonly Snapshot<K>[]>,
  },
})

async function* linesOf(dumping: Calls<DumperMethods>, first: readonly string[]): AsyncGenerator<string> {
  try {
    for (let batch = first; batch.length > 0; batch = await dumping.call('next')) yield* batch
  } finally {
    await dumping.end()
  }
}

const dumpOf = async (path: string, dumped: Dumped): Promise<AsyncIterable<string>> => {
  const lost = (cause: unknown) => new Error('the dump ended before it was whole', { cause })
  const dumping: Calls<DumperMethods> = new Calls(startWorker(import.meta.url, 'dumper'), lost)
  try {
    await dumping.call('open', { path, dumped })
    // Before anything is answered, so that what is wrong can still be said.
    return linesOf(dumping, await dumping.call('next'))
  } catch (error) {
    await dumping.end()
    throw error
  }
}

const sqliteOf = (
  path: string,
  writing: Writing,
  reading: Reading,
  coherence: SqliteCoherence,
  skew: () => number,
): Sqlite => ({
  store: storeOf(writing, reading, skew),
  coherence,
  outbox: {
    pending: () => writing.call('pending'),
    // Lost with the process: then the entries are still pending at the next start.
    drained: (requests) => void writing.call('drained', requests).catch(() => undefined),
  },
  installation: () => reading.call('installation'),
  integrity: () => reading.call('integrity'),
  dump: (dumped) => dumpOf(path, dumped),
  initialise: (installation, first) => writing.call('initialise', { installation, first }),
  close: async () => {
    // The writer last: only a connection that can write removes the log as it closes.
    coherence.close()
    await reading.call('close')
    await reading.end()
    await writing.call('close')
    await writing.end()
  },
})

/**
 * Opens the database at `path`, with a thread that writes and one that reads. Rejects with `DatabaseMissing` or
 * `DatabaseTooNew`. The file system must be a local one.
 */
export const openSqlite = async (options: SqliteOptions): Promise<Sqlite> => {
  const { path, create, alone, cacheRows, databaseClockSkew = () => 0 } = options
  const commits = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  // A writer that ended may have committed what it did not answer.
  const lost = (cause: unknown) => new UnknownOutcome('the writer ended before it answered', { cause })
  const readerLost = (cause: unknown) => new Error('the reader ended before it answered', { cause })
  const writing: Writing = new Calls(startWorker(import.meta.url, 'writer', { workerData: { commits } }), lost)
  const reading: Reading = new Calls(startWorker(import.meta.url, 'reader'), readerLost)
  try {
    await writing.call('open', { path, create })
    await reading.call('open', path)
    const counted = alone ? new Int32Array(commits) : undefined
    const coherence = new SqliteCoherence(path, cacheRows, batched(reading), counted)
    return sqliteOf(path, writing, reading, coherence, databaseClockSkew)
  } catch (error) {
    await Promise.all([writing.end(), reading.end()])
    throw error
  }
}
