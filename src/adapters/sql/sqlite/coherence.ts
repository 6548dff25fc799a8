/**
 * The revocation barrier on one host. COMMIT has returned before a change is answered, so the next read on any
 * connection sees it: every view asks `PRAGMA data_version`, and when that moved, reads what changed and forgets it.
 * A process that is alone with its database asks only after its own writer has counted a commit: that count is moved
 * before the commit is answered, and reading it costs no lock on the database file. Among others it asks once for all
 * the requests of a turn: each of them had arrived before, and while they are begun nothing else is read from anywhere.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Kind } from '../../../core/object.ts'
import type { Coherence, Epoch, View } from '../../../core/ports.ts'
import { CachedView, type Load } from '../cached-view.ts'
import { DatabaseWentBack } from '../errors.ts'
import { openReader } from './connection.ts'

interface ChangeRow {
  readonly generation: string
  readonly current: Epoch
  readonly epoch: Epoch | null
  readonly kind: Kind
  readonly id: string
}

export class SqliteCoherence implements Coherence {
  /**
   * Used for nothing else, and no statement of it is left open: inside a read transaction `data_version` stands still,
   * and no other connection's commit would ever be seen.
   */
  readonly #connection: DatabaseSync
  readonly #dataVersion: StatementSync
  readonly #changes: StatementSync
  readonly #view: CachedView
  readonly #generation: string
  /** The writer's count of commits, where nobody else commits. */
  readonly #commits: Int32Array | undefined
  #counted = -1
  /** What was begun in the same turn of the event loop has looked already. */
  #looked = false
  #version: unknown

  constructor(path: string, cacheRows: number, load: Load, commits: Int32Array | undefined) {
    this.#commits = commits
    this.#connection = openReader(path)
    this.#dataVersion = this.#connection.prepare('pragma data_version')
    // One statement, so one moment. No row of `change` past `seen`: only the barrier, its other columns null.
    this.#changes = this.#connection.prepare(
      `select b.generation, b.epoch as current, c.epoch, c.kind, c.id
       from barrier b left join change c on c.epoch > ? order by c.epoch`,
    )
    this.#version = this.#dataVersion.get()?.data_version
    const { generation, current } = this.#read(Number.MAX_SAFE_INTEGER)[0]
    this.#generation = generation
    this.#view = new CachedView(current, cacheRows, load)
  }

  /** Throws `DatabaseWentBack`, again and again: such a process must not serve. */
  view(): View {
    if (this.#commits) this.#lookIfCounted(this.#commits)
    else if (!this.#looked) this.#lookForTurn()
    return this.#view
  }

  #lookIfCounted(commits: Int32Array): void {
    const counted = Atomics.load(commits, 0)
    if (counted === this.#counted) return
    this.#look()
    // Only now, and what was counted before the look: whatever failed or came meanwhile is looked for by the next view.
    this.#counted = counted
  }

  /** Microtasks come before any input: whoever is read after this look is looked for again. */
  #lookForTurn(): void {
    this.#look()
    this.#looked = true
    queueMicrotask(() => {
      this.#looked = false
    })
  }

  #look(): void {
    const version = this.#dataVersion.get()?.data_version
    if (version !== this.#version) {
      this.#catchUp()
      // Only now: whatever failed above is tried again for the next view.
      this.#version = version
    }
  }

  /** There is nothing to wait for: no process of this host can take a view that lacks what was committed. */
  async settle(): Promise<void> {}

  close(): void {
    this.#connection.close()
  }

  #read(seen: Epoch): [ChangeRow, ...ChangeRow[]] {
    const [barrier, ...rest] = this.#changes.all(seen) as unknown as ChangeRow[]
    if (!barrier) throw new DatabaseWentBack('the database has no barrier')
    return [barrier, ...rest]
  }

  #catchUp(): void {
    const { seen } = this.#view
    const changes = this.#read(seen)
    const { generation, current, epoch } = changes[0]
    if (generation !== this.#generation || current < seen) {
      this.#view.advance(seen, 'everything')
      throw new DatabaseWentBack('the database is older than what was already seen of it')
    }
    if (current === seen) return
    // Every epoch lists at least one row: a gap after `seen` means that rows were pruned.
    this.#view.advance(current, epoch === seen + 1 ? changes : 'everything')
  }
}
