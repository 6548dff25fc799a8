/** The thread that writes: what waits is committed together, one flush for all of it. */
import type { DatabaseSync } from 'node:sqlite'
import { workerData } from 'node:worker_threads'
import type { AuditEntry } from '../../../core/audit.ts'
import type { Instant } from '../../../core/object.ts'
import type { Commit, Committed, Due, Use } from '../../../core/ports.ts'
import { commitGroup, type Result } from '../commit.ts'
import { dueSteps } from '../due.ts'
import { type Installation, initialise, writeRootCheck } from '../installation.ts'
import { migrate } from '../migrate.ts'
import { pendingEntries } from '../outbox.ts'
import type { Database } from '../schema.ts'
import { addUses } from '../uses.ts'
import { answerCalls } from './calls.ts'
import { kyselyOf, openWriter, truncateLog } from './connection.ts'
import { sqliteEngine } from './engine.ts'

export interface WriterMethods {
  open(input: { path: string; create: boolean }): Promise<void>
  commit(change: Commit): Promise<Committed>
  due(input: { now: Instant; elapsed: number; observedMin: number; skew: number }): Promise<readonly Due[]>
  countUses(input: { uses: readonly Use[]; now: Instant }): Promise<void>
  pending(): Promise<readonly AuditEntry[]>
  drained(requests: readonly string[]): void
  writeRootCheck(check: RootChecked): Promise<void>
  initialise(input: { installation: Installation; first: Commit }): Promise<void>
  close(): Promise<void>
}

type RootChecked = Pick<Installation, 'rootGeneration' | 'rootCheck'>

interface Job {
  readonly change: Commit
  resolve(committed: Committed): void
  reject(cause: unknown): void
}

const groupMax = 512
/** Entries that the journal has are deleted with the next commit, or after this time; ms. */
const drainDelay = 500
const scrubDelay = 500

class Writer {
  readonly #connection: DatabaseSync
  readonly #db: Database
  readonly #jobs: Job[] = []
  #drained: readonly string[] = []
  #drainTimer: NodeJS.Timeout | undefined
  #scrubTimer: NodeJS.Timeout | undefined
  #scheduled = false
  #tail: Promise<unknown> = Promise.resolve()

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#db = kyselyOf(connection)
  }

  start(create: boolean): Promise<void> {
    return this.#serially(async () => {
      await counted(() => migrate(this.#db, sqliteEngine(), create))
      this.#scrub()
    })
  }

  commit(change: Commit): Promise<Committed> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ change, resolve, reject })
      this.#schedule()
    })
  }

  due({ now, elapsed, observedMin, skew }: Parameters<WriterMethods['due']>[0]): Promise<readonly Due[]> {
    return this.#serially(() => counted(() => dueSteps(this.#db, now, elapsed, observedMin, sqliteEngine(skew).now)))
  }

  countUses({ uses, now }: Parameters<WriterMethods['countUses']>[0]): Promise<void> {
    return this.#serially(() => counted(() => addUses(this.#db, uses, Math.floor(now / 60_000))))
  }

  writeRootCheck(check: RootChecked): Promise<void> {
    return this.#serially(() => counted(() => writeRootCheck(this.#db, check)))
  }

  initialise({ installation, first }: Parameters<WriterMethods['initialise']>[0]): Promise<void> {
    return this.#serially(() => counted(() => initialise(this.#db, installation, first)))
  }

  drained(requests: readonly string[]): void {
    this.#drained = [...this.#drained, ...requests]
    this.#drainTimer ??= setTimeout(() => this.#flush().catch(() => undefined), drainDelay)
  }

  async pending(): Promise<readonly AuditEntry[]> {
    await this.#flush()
    return this.#serially(() => pendingEntries(this.#db))
  }

  async close(): Promise<void> {
    await this.#flush()
    await this.#serially(() => {
      this.#scrub()
      clearTimeout(this.#scrubTimer)
      this.#connection.close()
    })
  }

  /** One thing after the other: the connection has one transaction. */
  #serially<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#tail.then(work)
    this.#tail = done.catch(() => undefined)
    return done
  }

  /** After the messages that have arrived by now, so that they share a group. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      void this.#serially(() => this.#runGroup())
    })
  }

  async #runGroup(): Promise<void> {
    const jobs = this.#jobs.splice(0, groupMax)
    if (this.#jobs.length > 0) this.#schedule()
    try {
      const { results, removedMaterial } = await this.#commit(jobs.map((job) => job.change))
      if (removedMaterial) this.#scrub()
      for (const [index, job] of jobs.entries()) settle(job, results[index])
    } catch (cause) {
      for (const job of jobs) job.reject(cause)
    }
  }

  async #commit(changes: readonly Commit[]) {
    const drained = this.#drained
    const group = await counted(() => commitGroup(this.#db, changes, drained))
    this.#drained = this.#drained.slice(drained.length)
    if (this.#drained.length === 0) {
      clearTimeout(this.#drainTimer)
      this.#drainTimer = undefined
    }
    return group
  }

  #flush(): Promise<void> {
    this.#drainTimer = undefined
    return this.#serially(async () => {
      if (this.#drained.length > 0) await this.#commit([])
    })
  }

  /**
   * Older images of overwritten material are in the log until it is truncated. A long reader can hold that up; then it
   * is tried until it has been done, at the latest when the database is opened or closed.
   */
  #scrub(): void {
    clearTimeout(this.#scrubTimer)
    if (truncateLog(this.#connection)) return
    this.#scrubTimer = setTimeout(() => void this.#serially(() => this.#scrub()), scrubDelay)
  }
}

const commits = new Int32Array((workerData as { commits: SharedArrayBuffer }).commits)

/** Counts up before anybody hears of the work, and also where it failed: its COMMIT may have happened all the same. */
const counted = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } finally {
    Atomics.add(commits, 0, 1)
  }
}

const settle = (job: Job, result: Result | undefined): void => {
  if (!result || result.outcome === 'failed') job.reject(result?.cause)
  else job.resolve(result)
}

let writer: Writer | undefined
const opened = (): Writer => {
  if (!writer) throw new Error('the database is not open')
  return writer
}

answerCalls<WriterMethods>({
  open: async ({ path, create }) => {
    const next = new Writer(openWriter(path, create))
    await next.start(create)
    writer = next
  },
  commit: (change) => opened().commit(change),
  due: (input) => opened().due(input),
  countUses: (input) => opened().countUses(input),
  pending: () => opened().pending(),
  drained: (requests) => opened().drained(requests),
  writeRootCheck: (check) => opened().writeRootCheck(check),
  initialise: (input) => opened().initialise(input),
  close: () => opened().close(),
})
