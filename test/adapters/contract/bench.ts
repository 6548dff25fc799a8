/** What the tests of the contract stand on: one fresh database for each, and short words for asking it. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { Result } from '../../../src/adapters/sql/commit.ts'
import type { OpenDatabase } from '../../../src/adapters/sql/open-database.ts'
import type { Kind, Snapshot } from '../../../src/core/object.ts'
import type { Commit, Committed, Effect, Use } from '../../../src/core/ports.ts'
import { commit } from '../objects.ts'

export type Opened = OpenDatabase
/** How a COMMIT goes wrong: it never happened, or it happened and was reported failed. */
export type Fault = 'lost' | 'kept'
interface OpenOptions {
  /** What is added to the engine's clock, ms. */
  skew?: () => number
  cacheRows?: number
  /** Which process it is. */
  node?: string
}

/** One database, empty at first, that can be opened more than once at a time. */
export interface Harness {
  open(options?: OpenOptions): Promise<Opened>
  /** Commits a group over a connection of its own whose COMMIT goes wrong. */
  commitFaulty(fault: Fault, group: readonly Commit[]): Promise<readonly Result[]>
  /** Everything that was ever counted. */
  uses(): Promise<readonly Use[]>
  /** Takes everything out of it, also while it is open: what was there before is then forgotten by every view. */
  empty(): Promise<void>
  destroy(): Promise<void>
}

export interface Bench {
  readonly db: Opened
  /** Another opening of the same database, closed after the test. */
  open(options?: OpenOptions): Promise<Opened>
  /** Another opening, which the test closes. */
  openAlone(): Promise<Opened>
  /** Closes the database and opens it again, as a new process would. */
  reopen(): Promise<void>
  /** A row through a fresh view. */
  get<K extends Kind>(kind: K, id: string, from?: Opened): Promise<Snapshot<K> | undefined>
  /** Commits, and settles as `perform` does before it answers. */
  run(effects: readonly Effect[], over?: Partial<Commit>): Promise<Committed>
  add<R extends Snapshot>(row: R): Promise<R>
  commitFaulty: Harness['commitFaulty']
  uses: Harness['uses']
}

export const newBench = (newHarness: () => Promise<Harness>): Bench => {
  let harness: Harness
  let db: Opened
  let others: Opened[]

  // Opening costs more than any test: one database serves all, and each begins with an empty one.
  beforeAll(async () => {
    harness = await newHarness()
    db = await harness.open()
  })
  beforeEach(async () => {
    others = []
    await harness.empty()
  })
  afterEach(() => Promise.all(others.map((each) => each.close())))
  afterAll(async () => {
    await db.close()
    await harness.destroy()
  })

  const run: Bench['run'] = async (effects, over = {}) => {
    const committed = await db.store.commit(commit(effects, over))
    if (committed.outcome === 'committed') await db.coherence.settle(committed.epoch)
    return committed
  }
  return {
    get db() {
      return db
    },
    open: async (options) => {
      const other = await harness.open(options)
      others.push(other)
      return other
    },
    openAlone: () => harness.open(),
    reopen: async () => {
      await db.close()
      db = await harness.open()
    },
    get: async (kind, id, from = db) => (await from.coherence.view()).get(kind, id),
    run,
    add: async (row) => {
      expect(await run([{ add: row }])).toMatchObject({ outcome: 'committed' })
      return row
    },
    commitFaulty: (fault, group) => harness.commitFaulty(fault, group),
    uses: () => harness.uses(),
  }
}
