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
  /** The beats of those that were waited for, as first seen. */
  beats: ReadonlyMap<string, number> | undefined
  answer(): void
}

const pollMsMin = 2
const pollMsMax = 50

export class Settling {
  readonly #options: SettlingOptions
  readonly #waiters = new Set<Waiter>()
  #polling = false
  #pause = pollMsMin

  constructor(options: SettlingOptions) {
    this.#options = options
  }

  /** `epoch` was committed before this is called. */
  settle(epoch: Epoch): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.add({ epoch, since: this.#options.clock.monotonic(), beats: undefined, answer: resolve })
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
    const asked = this.#options.clock.monotonic()
    const highest = Math.max(...waiters.map(({ epoch }) => epoch))
    const laggards = await this.#options.laggards(highest).catch(() => undefined)
    for (const waiter of waiters) {
      const behind = laggards?.filter(({ acked }) => acked < waiter.epoch)
      if (behind?.length === 0) this.#answer(waiter)
      else if (asked >= waiter.since + this.#options.leaseEndsMs) this.#answerLate(waiter, behind ?? [])
      else if (behind) waiter.beats ??= new Map(behind.map(({ id, beat }) => [id, beat]))
    }
  }

  #answer(waiter: Waiter): void {
    this.#waiters.delete(waiter)
    waiter.answer()
  }

  /** No lease that lacks the change is left. For later callers' sake, whoever was silent all the time is waited for no more. */
  #answerLate(waiter: Waiter, behind: readonly Laggard[]): void {
    for (const { id, beat } of behind)
      if (waiter.beats?.get(id) === beat) void this.#options.fence(id, beat, waiter.epoch).catch(() => undefined)
    this.#answer(waiter)
  }
}
