import type { Kind, Snapshot } from '../../../core/object.ts'
import { type Store, UnknownOutcome } from '../../../core/ports.ts'
import { startWorker } from '../../worker.ts'
import { batched } from '../batched.ts'
import type { Dumped } from '../dump.ts'
import type { RowPage } from '../lists.ts'
import type { OpenDatabase } from '../open-database.ts'
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
  /** Which process of the host this is, where there are several; '' for the only one. */
  readonly node?: string
  /** Rows remembered, of each kind. */
  readonly cacheRows: number
  /** Milliseconds by which SQLite's clock is taken to be ahead of what it says, for tests that move time. */
  readonly databaseClockSkew?: () => number
}

type Writing = Calls<WriterMethods>
type Reading = Calls<ReaderMethods>

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
    uses: (query) => reading.call('uses', query),
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
): OpenDatabase => ({
  store: storeOf(writing, reading, skew),
  coherence,
  away: () => undefined,
  members: async () => [],
  outbox: {
    pending: (now) => writing.call('pending', now),
    // Lost with the process: then the entries are still pending at the next start.
    drained: (requests) => void writing.call('drained', requests).catch(() => undefined),
  },
  auditIndex: undefined,
  installation: () => reading.call('installation'),
  integrity: () => reading.call('integrity'),
  schema: () => reading.call('schema'),
  refuseOlder: () => writing.call('refuseOlder'),
  soundness: () => reading.call('soundness'),
  dump: (dumped) => dumpOf(path, dumped),
  initialise: (installation, first) => writing.call('initialise', { installation, first }),
  writeRootCheck: (check) => writing.call('writeRootCheck', check),
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
export const openSqlite = async (options: SqliteOptions): Promise<OpenDatabase> => {
  const { path, create, alone, cacheRows, node = '', databaseClockSkew = () => 0 } = options
  const commits = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  // A writer that ended may have committed what it did not answer.
  const lost = (cause: unknown) => new UnknownOutcome('the writer ended before it answered', { cause })
  const readerLost = (cause: unknown) => new Error('the reader ended before it answered', { cause })
  const writing: Writing = new Calls(startWorker(import.meta.url, 'writer', { workerData: { commits } }), lost)
  const reading: Reading = new Calls(startWorker(import.meta.url, 'reader'), readerLost)
  try {
    await writing.call('open', { path, create, node })
    await reading.call('open', path)
    const counted = alone ? new Int32Array(commits) : undefined
    const coherence = new SqliteCoherence(
      path,
      cacheRows,
      batched((names) => reading.call('load', names)),
      counted,
    )
    return sqliteOf(path, writing, reading, coherence, databaseClockSkew)
  } catch (error) {
    await Promise.all([writing.end(), reading.end()])
    throw error
  }
}
