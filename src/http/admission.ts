/**
 * Which requests are taken on where more arrive than can be answered. What waits is in the system's socket buffers, where
 * nothing here sees it, but it shows in how long one turn of the event loop lasts: a turn reads whatever has arrived, and a
 * request waits one turn to be read and another for its answer. So each turn takes on requests for so long and no longer
 * once turns have been longer than that for a while, and what else has arrived is told to come back.
 */

export interface AdmissionBounds {
  /** How long a turn takes requests on, ms. Accepted calls are answered within about four times this. */
  readonly turnMs: number
  /** Turns must have been longer for this long, ms: a burst that is worked off before is answered whole. */
  readonly patienceMs: number
  /** Taken on in every turn, however slow it is: so few clients are no overload, and what slows the turn is something else. */
  readonly turnLeast: number
}

/** Measured in docs/decisions/0041. */
export const standardBounds: AdmissionBounds = { turnMs: 20, patienceMs: 100, turnLeast: 100 }

export class Admission {
  readonly #bounds: AdmissionBounds
  readonly #now: () => number
  readonly #atTurnEnd: (end: () => void) => void
  #turnOpen = false
  #turnStarted = 0
  #taken = 0
  /** When the first of the long turns that follow each other had ended. */
  #longSince: number | undefined
  #overloaded = false

  /** `atTurnEnd`: calls back once everything that had arrived was read. */
  constructor(
    bounds: AdmissionBounds = standardBounds,
    now: () => number = () => performance.now(),
    atTurnEnd: (end: () => void) => void = setImmediate,
  ) {
    this.#bounds = bounds
    this.#now = now
    this.#atTurnEnd = atTurnEnd
  }

  /** Whether the request that has just arrived is taken on. */
  admits(): boolean {
    if (!this.#turnOpen) this.#beginTurn()
    if (this.#overloaded && this.#taken >= this.#bounds.turnLeast && this.#turnMs() > this.#bounds.turnMs) return false
    this.#taken += 1
    return true
  }

  #turnMs(): number {
    return this.#now() - this.#turnStarted
  }

  #beginTurn(): void {
    this.#turnOpen = true
    this.#turnStarted = this.#now()
    this.#taken = 0
    this.#atTurnEnd(this.#endTurn)
  }

  readonly #endTurn = (): void => {
    this.#turnOpen = false
    if (this.#turnMs() <= this.#bounds.turnMs) {
      this.#longSince = undefined
      this.#overloaded = false
      return
    }
    const now = this.#now()
    this.#longSince ??= now
    this.#overloaded = now - this.#longSince >= this.#bounds.patienceMs
  }
}
