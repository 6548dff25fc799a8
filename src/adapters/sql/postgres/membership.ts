/**
 * A process's half of the barrier: its row in `member`, its lease, and what it forgets. `docs/spec/barrier.md` has the
 * protocol, its argument, and what cannot be promised.
 */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Kind } from '../../../core/object.ts'
import type { Clock, Epoch, RootGeneration } from '../../../core/ports.ts'
import type { CachedView } from '../cached-view.ts'
import { DatabaseAway, DatabaseWentBack } from '../errors.ts'
import { programVersion } from '../migrate.ts'

export const channel = 'keystead_change'
/** Beyond this many epochs everything is forgotten, rather than a long list read. */
const listedEpochsMax = 2_000
/** Wall clock and monotonic clock may differ by this much over a lease, ms; more, and the machine slept. */
const sleptMs = 500

/** How soon a renewal that failed is tried again, ms. */
const retryMs = 250

const joinSql = `insert into member (id, node, beat, acked, joined_at, program, root_id, root_number)
  values ($1, $2, 0, 0, $3, ${programVersion}, '', 0)`
const leaveSql = 'delete from member where id = $1'
const ackSql = 'update member set acked = $2 where id = $1 and acked < $2'
/** One statement, so one moment; the lease counts from before it was sent. */
const renewSql = `with mine as (update member set beat = beat + 1, root_id = $3, root_number = $4 where id = $1 returning 1)
  select b.generation, b.epoch, (select count(*) from mine) as alive,
    case when b.epoch - $2 <= ${listedEpochsMax} then (
      select json_agg(json_build_array(c.epoch, c.kind, c.id) order by c.epoch)
      from change c where c.epoch > $2 and c.epoch <= b.epoch
    ) end as changed
  from barrier b`

interface Renewed {
  readonly generation: string
  readonly epoch: Epoch
  readonly alive: number
  readonly changed: readonly (readonly [epoch: Epoch, kind: Kind, id: string])[] | null
}

export interface MembershipOptions {
  readonly clock: Clock
  readonly leaseMs: number
  readonly node: string
  readonly view: CachedView
  /** Whether commits of others are listened for; without it they are noticed with the next renewal. */
  readonly hints: boolean
  connect(): Promise<pg.Client>
  rootGeneration(): RootGeneration | undefined
  /** The database went back: the process must stop. */
  onWentBack(error: DatabaseWentBack): void
}

interface Lease {
  readonly ends: number
  readonly monotonic: number
  readonly wall: number
}

const none: Lease = { ends: Number.NEGATIVE_INFINITY, monotonic: 0, wall: 0 }

export class Membership {
  readonly #options: MembershipOptions
  #id: string | undefined
  #client: pg.Client | undefined
  #lease = none
  #generation: string | undefined
  #renewing: Promise<void> | undefined
  #again = false
  #acknowledging: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #wentBack: DatabaseWentBack | undefined
  #closed = false
  #failed = false

  constructor(options: MembershipOptions) {
    this.#options = options
  }

  /** Empty while it is no member. */
  get id(): string {
    return this.#id ?? ''
  }

  /** Throws `DatabaseWentBack`, again and again: such a process must not serve. */
  get valid(): boolean {
    if (this.#wentBack) throw this.#wentBack
    const { clock } = this.#options
    const now = clock.monotonic()
    const { ends, monotonic, wall } = this.#lease
    return now < ends && Math.abs(clock.now() - wall - (now - monotonic)) <= sleptMs
  }

  /** Why nothing can be judged now: a renewal has failed and the lease has ended, so that a request need not try again. */
  get away(): string | undefined {
    if (this.#wentBack) return this.#wentBack.message
    return this.#failed && !this.valid ? 'the database does not answer' : undefined
  }

  /** Resolves once the lease is valid; rejects with `DatabaseAway` where it cannot be made so. */
  async renewed(): Promise<void> {
    let fault: unknown
    // A renewal that was under way may have been sent before the lease that it grants ended.
    for (let attempt = 0; attempt < 2 && !this.valid; attempt += 1)
      await this.renew().catch((error: unknown) => {
        fault = error
      })
    if (this.valid) return
    throw new DatabaseAway('the database does not answer, and the lease on what was read of it has ended', {
      cause: fault,
    })
  }

  /** One at a time; whoever asks while one is under way gets its result. */
  renew(): Promise<void> {
    // A hint that comes late must not make it a member again, which others would wait for.
    if (this.#closed) return Promise.reject(new DatabaseAway('this process has left'))
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined
      this.#schedule()
    })
    return this.#renewing
  }

  /** Others committed, or this process did: renew at once, and once more where a renewal was already on its way. */
  hint(): void {
    if (this.#renewing) this.#again = true
    else void this.renew().catch(() => undefined)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#renewing?.catch(() => undefined)
    await this.#acknowledging
    this.#lease = none
    if (this.#id) await this.#client?.query(leaveSql, [this.#id]).catch(() => undefined)
    await this.#client?.end().catch(() => undefined)
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    if (this.#closed || this.#wentBack) return
    const soon = this.#again
    this.#again = false
    const pause = soon ? 0 : this.#failed ? retryMs : this.#options.leaseMs / 4
    this.#timer = setTimeout(() => void this.renew().catch(() => undefined), pause)
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client) return this.#client
    const client = await this.#options.connect()
    client.on('end', () => this.#drop(client))
    client.on('notification', ({ payload }) => {
      // Of its own changes it knows without being told.
      if (payload !== this.#id) this.hint()
    })
    // A server that cannot is told by no hint, and asked when the lease is renewed.
    if (this.#options.hints) await client.query(`listen ${channel}`).catch(() => undefined)
    this.#client = client
    return client
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = undefined
  }

  /** In a statement of its own, before the first renewal: a writer must find the row whenever there is a lease. */
  async #joined(client: pg.Client): Promise<string> {
    if (this.#id) return this.#id
    const id = randomUUID()
    const { node, clock } = this.#options
    await client.query(joinSql, [id, node, clock.now()])
    this.#id = id
    return id
  }

  async #renew(): Promise<void> {
    if (this.#wentBack) throw this.#wentBack
    const client = await this.#connected().catch((error: unknown) => {
      this.#failed = true
      throw error
    })
    try {
      for (let attempt = 0; attempt < 3; attempt += 1)
        if (await this.#renewOnce(client)) {
          this.#failed = false
          return
        }
    } catch (error) {
      this.#failed = true
      if (error instanceof DatabaseWentBack) throw error
      // Whatever it still sends belongs to a question that nobody waits for.
      this.#drop(client)
      client.end().catch(() => undefined)
      throw error
    }
    throw new DatabaseAway('other processes remove this one again and again')
  }

  /** False where this process was fenced: then it has forgotten everything, and joins again. */
  async #renewOnce(client: pg.Client): Promise<boolean> {
    const { clock, leaseMs, view, rootGeneration } = this.#options
    const root = rootGeneration()
    await this.#acknowledging
    const id = await this.#joined(client)
    const [monotonic, wall] = [clock.monotonic(), clock.now()]
    const { seen } = view
    const { rows } = await client.query(renewSql, [id, seen, root?.id ?? '', root?.number ?? 0])
    const answer = rows[0] as Renewed | undefined
    this.#checkForward(answer, seen)
    if (answer.alive === 0) {
      this.#id = undefined
      this.#lease = none
      view.advance(answer.epoch, 'everything')
      return false
    }
    if (answer.epoch > seen || this.#generation === undefined) this.#forget(answer)
    this.#generation = answer.generation
    this.#lease = { ends: monotonic + leaseMs, monotonic, wall }
    // Always after the eviction. Nobody here waits for it.
    this.#acknowledging = client.query(ackSql, [id, answer.epoch]).catch(() => undefined)
    return true
  }

  #checkForward(answer: Renewed | undefined, seen: Epoch): asserts answer is Renewed {
    const other = this.#generation !== undefined && answer?.generation !== this.#generation
    if (answer && !other && answer.epoch >= seen) return
    this.#options.view.advance(seen, 'everything')
    this.#lease = none
    this.#wentBack = new DatabaseWentBack(
      'the database went back: it is older than what this process already saw of it. Find out which is the right one before you start again.',
    )
    this.#options.onWentBack(this.#wentBack)
    throw this.#wentBack
  }

  #forget({ epoch, changed }: Renewed): void {
    const { view } = this.#options
    // Every epoch lists at least one row: a gap after `seen` means that rows were pruned.
    const whole = this.#generation !== undefined && changed?.[0]?.[0] === view.seen + 1
    view.advance(epoch, whole ? changed.map(([, kind, id]) => ({ kind, id })) : 'everything')
  }
}
