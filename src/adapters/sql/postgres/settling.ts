/**
 * The writer's half of the barrier: a change is answered once every member has said that it forgot what the change
 * touched, or once the lease of whoever has not said so must have ended.
 */
import type { Clock, Epoch } from '../../../core/ports.ts'

export interface Laggard {
  readonly id: string
  readonly beat: number
  readonly acked: Epoch
}

export interface SettlingOptions {
  readonly clock: Clock
  /** The longest that a lease can go on after the statement that granted it, by the writer's own clock, ms. */
  readonly leaseEndsMs: number
  /** The members that have acknowledged less than this. */
  laggards(epoch: Epoch): Promise<readonly Laggard[]>
  /** Removes a member that has not renewed its lease since it was seen at this beat, and has not acknowledged the epoch. */
  fence(id: string, beat: number, epoch: Epoch): Promise<void>
  sleep(ms: number): Promise<void>
}

interface Waiter {
  readonly epoch: Epoch
  readonly since: number
  answer(): void
}

/** A beat, and when it was known to have been read: whatever lease it granted counts from before that. */
interface Silence {
  readonly beat: number
  readonly since: number
}

const pollMsMin = 2
const pollMsMax = 50

export class Settling {
  readonly #options: SettlingOptions
  readonly #waiters = new Set<Waiter>()
  #silences: ReadonlyMap<string, Silence> = new Map()
  #polling = false
  #pause = pollMsMin

  constructor(options: SettlingOptions) {
    this.#options = options
  }

  /** `epoch` was committed before this is called. */
  settle(epoch: Epoch): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.add({ epoch, since: this.#options.clock.monotonic(), answer: resolve })
      this.#pause = pollMsMin
      if (!this.#polling) void this.#poll()
    })
  }

  async #poll(): Promise<void> {
    this.#polling = true
    while (this.#waiters.size > 0) {
      await this.#look([...this.#waiters])
      if (this.#waiters.size === 0) break
      await this.#options.sleep(this.#pause)
      this.#pause = Math.min(pollMsMax, this.#pause * 1.5)
    }
    this.#polling = false
  }

  /** One question for all that wait. A database that does not answer is waited for like a member that does not. */
  async #look(waiters: readonly Waiter[]): Promise<void> {
    const { clock, leaseEndsMs, laggards } = this.#options
    const asked = clock.monotonic()
    const highest = Math.max(...waiters.map(({ epoch }) => epoch))
    const behind = await laggards(highest).catch(() => undefined)
    if (behind) this.#listen(behind, clock.monotonic())
    for (const waiter of waiters) {
      const isAcknowledged = behind?.every(({ acked }) => acked >= waiter.epoch) ?? false
      if (isAcknowledged || asked >= waiter.since + leaseEndsMs) this.#answer(waiter)
    }
    for (const { id, beat, acked } of behind ?? []) this.#fence(id, beat, acked, asked)
  }

  #answer(waiter: Waiter): void {
    this.#waiters.delete(waiter)
    waiter.answer()
  }

  #listen(behind: readonly Laggard[], now: number): void {
    const known = this.#silences
    this.#silences = new Map(
      behind.map(({ id, beat }) => {
        const silence = known.get(id)
        return [id, silence?.beat === beat ? silence : { beat, since: now }]
      }),
    )
  }

  /**
   * For later callers' sake, whoever was silent for a whole lease is waited for no more. Counted from when the beat was
   * read and not from the commit: a member that renewed in between has a lease that ends later than the wait.
   */
  #fence(id: string, beat: number, acked: Epoch, asked: number): void {
    const silence = this.#silences.get(id)
    if (!silence || asked < silence.since + this.#options.leaseEndsMs) return
    void this.#options.fence(id, beat, acked + 1).catch(() => undefined)
  }
}
