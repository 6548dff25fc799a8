/** What waits to be written is committed together, in one transaction and with one flush for all of it. */
import type { AuditEntry } from '../../core/audit.ts'
import type { Instant } from '../../core/object.ts'
import { type Commit, type Committed, QueueFull } from '../../core/ports.ts'
import { commitGroup, type Result } from './commit.ts'
import { pendingEntries } from './outbox.ts'
import type { Database } from './schema.ts'

interface Job {
  readonly change: Commit
  resolve(committed: Committed): void
  reject(cause: unknown): void
}

export interface GroupWriterOptions {
  readonly db: Database
  /** The node whose entries wait in the outbox. */
  readonly node: string
  /** Runs a piece of work that is a transaction, as the engine wants it run. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** A group overwrote wrapped material. */
  removedMaterial(): void
  /** What else belongs into the transaction of a group. */
  beside?(tx: Database): Promise<unknown>
}

const groupMax = 512
/** A database that is slow, or hangs, must not fill the memory instead: what is beyond is told to come back. */
const waitingMax = 4_096
/** Entries that the journal has are deleted with the next commit, or after this time; ms. */
const drainDelay = 500

const settle = (job: Job, result: Result | undefined): void => {
  if (!result || result.outcome === 'failed') job.reject(result?.cause)
  else job.resolve(result)
}

export class GroupWriter {
  readonly #options: GroupWriterOptions
  readonly #jobs: Job[] = []
  #drained: readonly string[] = []
  #drainTimer: NodeJS.Timeout | undefined
  #scheduled = false
  #closed = false
  #tail: Promise<unknown> = Promise.resolve()

  constructor(options: GroupWriterOptions) {
    this.#options = options
  }

  commit(change: Commit): Promise<Committed> {
    if (this.#closed) return Promise.reject(new Error('the store is closed'))
    if (this.#jobs.length >= waitingMax) return Promise.reject(new QueueFull('too many changes wait for the database'))
    return new Promise((resolve, reject) => {
      this.#jobs.push({ change, resolve, reject })
      this.#schedule()
    })
  }

  drained(requests: readonly string[]): void {
    this.#drained = [...this.#drained, ...requests]
    this.#drainTimer ??= setTimeout(() => this.flush().catch(() => undefined), drainDelay)
  }

  async pending(now: Instant): Promise<readonly AuditEntry[]> {
    await this.flush()
    return this.transaction(() => pendingEntries(this.#options.db, this.#options.node, now))
  }

  /** One thing after the other: the connection has one transaction. */
  serially<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#tail.then(work)
    this.#tail = done.catch(() => undefined)
    return done
  }

  /** A transaction of its own, after what was asked for before it. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.serially(() => this.#options.run(work))
  }

  flush(): Promise<void> {
    clearTimeout(this.#drainTimer)
    this.#drainTimer = undefined
    return this.serially(async () => {
      if (this.#drained.length > 0) await this.#commit([])
    })
  }

  /** Finishes what was asked for; whatever is asked for after it is refused. */
  async close(): Promise<void> {
    this.#closed = true
    await this.flush()
  }

  /** After everything that has arrived by now, so that it shares a group. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      void this.serially(() => this.#runGroup())
    })
  }

  async #runGroup(): Promise<void> {
    const jobs = this.#jobs.splice(0, groupMax)
    if (this.#jobs.length > 0) this.#schedule()
    try {
      const { results, removedMaterial } = await this.#commit(jobs.map((job) => job.change))
      if (removedMaterial) this.#options.removedMaterial()
      for (const [index, job] of jobs.entries()) settle(job, results[index])
    } catch (cause) {
      for (const job of jobs) job.reject(cause)
    }
  }

  async #commit(changes: readonly Commit[]) {
    const drained = this.#drained
    const { db, node, run, beside } = this.#options
    const group = await run(() => commitGroup(db, changes, { node, drained }, beside))
    this.#drained = this.#drained.slice(drained.length)
    return group
  }
}
