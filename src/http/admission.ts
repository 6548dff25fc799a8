/**
 * Which requests are taken on where more arrive than can be answered. What waits is in the system's socket buffers, where
 * nothing here sees it, but it shows in how long one turn of the event loop lasts: a turn reads whatever has arrived, and a
 * request waits one turn to be read and another for its answer. So once turns have been long for a while, each of them takes
 * requests on for a short time, and what else has arrived is told to come back.
 */

export interface AdmissionBounds {
  /** A turn is long that takes more than this, ms. */
  readonly longMs: number
  /** Turns must have been long for so long, ms: a burst that is worked off before is answered whole. */
  readonly patienceMs: number
  /** No turn may be longer than this, ms: who is taken on waits for the end of one, and while the next is read. */
  readonly longestMs: number
  /** How long a turn takes requests on then, ms. */
  readonly turnMs: number
  /** Taken on in every turn, however slow it is: so few clients are no overload, and what slows the turn is something else. */
  readonly turnLeast: number
}

/** Where they come from is in docs/decisions/0041. */
export const standardBounds: AdmissionBounds = {
  longMs: 25,
  patienceMs: 80,
  longestMs: 50,
  turnMs: 6,
  turnLeast: 100,
}

export class Admission {
  readonly #bounds: AdmissionBounds
  readonly #now: () => number
  /** When the first request of the turn had been read. */
  #turnStarted = 0
  /** When the turn began to take requests on. */
  #workStarted = 0
  #taken = 0
  /** When the first of the long turns that follow each other had ended. */
  #longSince: number | undefined
  #overloaded = false

  constructor(bounds: AdmissionBounds = standardBounds, now: () => number = () => performance.now()) {
    this.#bounds = bounds
    this.#now = now
  }

  /** The first request of a turn was read. */
  begin(): void {
    this.#turnStarted = this.#now()
    this.#taken = 0
  }

  /** Whether the next request of the turn is taken on. Asked once everything that had arrived was read. */
  admits(): boolean {
    const now = this.#now()
    if (this.#taken === 0) this.#workStarted = now
    if (this.#isBeyond(now)) return false
    this.#taken += 1
    return true
  }

  #isBeyond(now: number): boolean {
    const { longestMs, turnMs, turnLeast } = this.#bounds
    if (this.#taken < turnLeast) return false
    // Thousands may ask in one turn, before any turn was long.
    if (now - this.#turnStarted > longestMs) this.#overloaded = true
    return this.#overloaded && now - this.#workStarted > turnMs
  }

  /** Every request of the turn was taken on or shed; so many that were shed have not been told yet. */
  end(untold: number): void {
    const now = this.#now()
    const isLong = now - this.#turnStarted > this.#bounds.longMs
    if (this.#overloaded) this.#overloaded = untold > 0
    else this.#overloaded = isLong && this.#wereLong(now)
    if (!this.#overloaded && !isLong) this.#longSince = undefined
  }

  /** Whether the turns before this one were long for as long as the patience lasts. */
  #wereLong(now: number): boolean {
    this.#longSince ??= now
    return now - this.#longSince >= this.#bounds.patienceMs
  }
}
