/** The thread that writes. */
import type { DatabaseSync } from 'node:sqlite'
import { workerData } from 'node:worker_threads'
import type { AuditEntry } from '../../../core/audit.ts'
import type { Instant } from '../../../core/object.ts'
import type { Commit, Committed, Due, Use } from '../../../core/ports.ts'
import { transact } from '../commit.ts'
import { dueSteps } from '../due.ts'
import { GroupWriter } from '../group-writer.ts'
import { type Installation, initialise, writeRootCheck } from '../installation.ts'
import { migrate, refuseOlder } from '../migrate.ts'
import type { Database } from '../schema.ts'
import { addUses } from '../uses.ts'
import { answerCalls } from './calls.ts'
import { kyselyOf, openWriter, truncateLog } from './connection.ts'
import { sqliteEngine } from './engine.ts'
import { beginTextIndex, takeIn } from './text-index.ts'

export interface WriterMethods {
  open(input: { path: string; create: boolean; node: string }): Promise<void>
  commit(change: Commit): Promise<Committed>
  due(input: { now: Instant; elapsed: number; observedMin: number; skew: number }): Promise<readonly Due[]>
  countUses(input: { uses: readonly Use[]; now: Instant }): Promise<void>
  pending(now: Instant): Promise<readonly AuditEntry[]>
  drained(requests: readonly string[]): void
  writeRootCheck(check: RootChecked): Promise<void>
  refuseOlder(): Promise<void>
  initialise(input: { installation: Installation; first: Commit }): Promise<void>
  close(): Promise<void>
}

type RootChecked = Pick<Installation, 'rootGeneration' | 'rootCheck'>

const scrubDelay = 500
/** Between two steps, so that commits have the thread for most of the time; ms. */
const takeInDelay = 50

const commits = new Int32Array((workerData as { commits: SharedArrayBuffer }).commits)

/** Counts up before anybody hears of the work, and also where it failed: its COMMIT may have happened all the same. */
const counted = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } finally {
    Atomics.add(commits, 0, 1)
  }
}

class Writer {
  readonly #connection: DatabaseSync
  readonly #db: Database
  readonly #node: string
  readonly #groups: GroupWriter
  #scrubTimer: NodeJS.Timeout | undefined
  #takeInTimer: NodeJS.Timeout | undefined

  constructor(connection: DatabaseSync, node: string) {
    this.#connection = connection
    this.#db = kyselyOf(connection)
    this.#node = node
    this.#groups = new GroupWriter({
      db: this.#db,
      node,
      run: counted,
      removedMaterial: () => this.#scrub(),
      beside: takeIn,
    })
  }

  get groups(): GroupWriter {
    return this.#groups
  }

  start(create: boolean): Promise<void> {
    return this.#groups.serially(async () => {
      await counted(() => migrate(this.#db, sqliteEngine(), create))
      await counted(() => transact(this.#db, beginTextIndex))
      this.#scrub()
      this.#takeInLater()
    })
  }

  due({ now, elapsed, observedMin, skew }: Parameters<WriterMethods['due']>[0]): Promise<readonly Due[]> {
    const duty = { holder: this.#node, engineNow: sqliteEngine(skew).now }
    return this.#groups.transaction(() => dueSteps(this.#db, now, elapsed, observedMin, duty))
  }

  countUses({ uses, now }: Parameters<WriterMethods['countUses']>[0]): Promise<void> {
    const duty = { holder: this.#node, engineNow: sqliteEngine().now }
    return this.#groups.transaction(() => addUses(this.#db, uses, Math.floor(now / 60_000), duty))
  }

  writeRootCheck(check: RootChecked): Promise<void> {
    return this.#groups.transaction(() => writeRootCheck(this.#db, check))
  }

  refuseOlder(): Promise<void> {
    return this.#groups.transaction(() => refuseOlder(this.#db))
  }

  initialise({ installation, first }: Parameters<WriterMethods['initialise']>[0]): Promise<void> {
    return this.#groups.transaction(() => initialise(this.#db, this.#node, installation, first))
  }

  async close(): Promise<void> {
    await this.#groups.close()
    await this.#groups.serially(() => {
      this.#scrub()
      clearTimeout(this.#scrubTimer)
      clearTimeout(this.#takeInTimer)
      this.#connection.close()
    })
  }

  /** What the index of texts lacked when the database was opened, bit by bit between the commits. */
  #takeInLater(): void {
    this.#takeInTimer = setTimeout(() => {
      const taking = this.#groups.transaction(() => transact(this.#db, takeIn))
      taking.then((more) => more && this.#takeInLater()).catch(() => undefined)
    }, takeInDelay)
  }

  /**
   * Older images of overwritten material are in the log until it is truncated. A long reader can hold that up; then it
   * is tried until it has been done, at the latest when the database is opened or closed.
   */
  #scrub(): void {
    clearTimeout(this.#scrubTimer)
    if (truncateLog(this.#connection)) return
    this.#scrubTimer = setTimeout(() => void this.#groups.serially(() => this.#scrub()), scrubDelay)
  }
}

let writer: Writer | undefined
const opened = (): Writer => {
  if (!writer) throw new Error('the database is not open')
  return writer
}

answerCalls<WriterMethods>({
  open: async ({ path, create, node }) => {
    const next = new Writer(openWriter(path, create), node)
    await next.start(create)
    writer = next
  },
  commit: (change) => opened().groups.commit(change),
  due: (input) => opened().due(input),
  countUses: (input) => opened().countUses(input),
  pending: (now) => opened().groups.pending(now),
  drained: (requests) => opened().groups.drained(requests),
  writeRootCheck: (check) => opened().writeRootCheck(check),
  refuseOlder: () => opened().refuseOlder(),
  initialise: (input) => opened().initialise(input),
  close: () => opened().close(),
})
