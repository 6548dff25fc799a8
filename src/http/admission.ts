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
  /** How long a turn takes requests on then, ms. */
  readonly turnMs: number
  /** Taken on in every turn, however slow it is: so few clients are no overload, and what slows the turn is something else. */
  readonly turnLeast: number
}

/** Where they come from is in docs/decisions/0041. */
export const standardBounds: AdmissionBounds = { longMs: 25, patienceMs: 100, turnMs: 8, turnLeast: 100 }

export class Admission {
  readonly #bounds: AdmissionBounds
  readonly #now: () => number
  readonly #atTurnEnd: (end: () => void) => void
  #turnOpen = false
  #turnStarted = 0
  #taken = 0
  #shed = 0
  /** Since when this turn takes nothing on. */
  #sheddingSince: number | undefined
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
    const { turnLeast, turnMs } = this.#bounds
    if (this.#overloaded && this.#taken >= turnLeast && this.#turnMs() > turnMs && !this.#shedForLong()) {
      this.#shed += 1
      return false
    }
    this.#taken += 1
    return true
  }

  #turnMs(): number {
    return this.#now() - this.#turnStarted
  }

  /** Where thousands of connections ask, one turn reads on and on; then it takes requests on again as a new one would. */
  #shedForLong(): boolean {
    const now = this.#now()
    if (this.#sheddingSince === undefined) this.#sheddingSince = now
    else if (now - this.#sheddingSince > this.#bounds.longMs) return this.#takeOnAgain(now)
    return false
  }

  #takeOnAgain(now: number): true {
    this.#turnStarted = now
    this.#taken = 0
    this.#sheddingSince = undefined
    return true
  }

  #beginTurn(): void {
    this.#turnOpen = true
    this.#turnStarted = this.#now()
    this.#taken = 0
    this.#shed = 0
    this.#sheddingSince = undefined
    this.#atTurnEnd(this.#endTurn)
  }

  readonly #endTurn = (): void => {
    this.#turnOpen = false
    if (this.#overloaded) this.#overloaded = this.#shed > 0
    else this.#overloaded = this.#wasLongEnough()
    if (!this.#overloaded && this.#turnMs() <= this.#bounds.longMs) this.#longSince = undefined
  }

  /** Whether this turn, and those before it, were long for as long as the patience lasts. */
  #wasLongEnough(): boolean {
    if (this.#turnMs() <= this.#bounds.longMs) return false
    const now = this.#now()
    this.#longSince ??= now
    return now - this.#longSince >= this.#bounds.patienceMs
  }
}
