/**
 * Slows down who guesses: the answer to a failed authentication waits longer the more often the same source failed with
 * the same access key. Only failures wait, so the owner of a key is never kept out, whoever guesses at it.
 */
import type { Clock } from '../core/ports.ts'

interface Failures {
  count: number
  at: number
}

/** Failures that cost nothing: a client whose clock or secret was just mended. */
const freeFailures = 3
const firstWaitMs = 100
const waitMsMax = 2000
/** After this long without a failure the count begins anew, ms. */
const forgetMs = 300_000
const pairsMax = 10_000
/** More answers than this never wait at once: waiting must not become a way to fill the memory. */
const waitingMax = 512

export class Slowdown {
  readonly #clock: Clock
  readonly #wait: (milliseconds: number) => Promise<void>
  readonly #pairs = new Map<string, Failures>()
  #waiting = 0

  constructor(clock: Clock, wait: (milliseconds: number) => Promise<void>) {
    this.#clock = clock
    this.#wait = wait
  }

  succeeded(claimed: string, source: string): void {
    if (this.#pairs.size > 0) this.#pairs.delete(`${claimed} ${source}`)
  }

  /** Resolves when the failure may be answered. */
  async failed(claimed: string, source: string): Promise<void> {
    const wait = this.#waitMs(this.#note(`${claimed} ${source}`))
    if (wait === 0 || this.#waiting >= waitingMax) return
    this.#waiting += 1
    try {
      await this.#wait(wait)
    } finally {
      this.#waiting -= 1
    }
  }

  /** How often the pair has failed lately, this time included. */
  #note(pair: string): number {
    const now = this.#clock.monotonic()
    const known = this.#pairs.get(pair)
    const count = known && now - known.at < forgetMs ? known.count + 1 : 1
    this.#pairs.delete(pair)
    this.#pairs.set(pair, { count, at: now })
    if (this.#pairs.size > pairsMax) {
      const [oldest] = this.#pairs.keys()
      if (oldest !== undefined) this.#pairs.delete(oldest)
    }
    return count
  }

  #waitMs(count: number): number {
    return count <= freeFailures ? 0 : Math.min(waitMsMax, firstWaitMs * 2 ** (count - freeFailures - 1))
  }
}
