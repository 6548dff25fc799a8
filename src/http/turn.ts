/**
 * The requests of one turn of the event loop, worked on together at its end. Code that runs for one request after the other
 * is in the processor's caches for all but the first; reading a request and answering it in turn throws each other's code
 * out, which makes a call a sixth dearer (docs/decisions/0049).
 */
import type { Admission } from './admission.ts'

/** A request that has arrived. */
export interface Arrival {
  takeOn(): void
  /** Refuses it for want of time, and gives what tells so; undefined where it is always taken on. */
  decline(): (() => void) | undefined
}

/** How long each turn may take to tell those that were declined, ms. They ask again at once, and are read again. */
const tellMs = 1

export class Turn {
  readonly #admission: Admission | undefined
  #arrived: Arrival[] = []
  /** Declined and not told yet: first these, the oldest last, and then those below, the oldest first. None is held once it is told. */
  #telling: (() => void)[] = []
  #declined: (() => void)[] = []
  #due = false

  constructor(admission: Admission | undefined) {
    this.#admission = admission
  }

  add(arrival: Arrival): void {
    if (this.#arrived.push(arrival) === 1) this.#admission?.begin()
    this.#endLater()
  }

  #endLater(): void {
    if (this.#due) return
    this.#due = true
    setImmediate(this.#end)
  }

  readonly #end = (): void => {
    this.#due = false
    this.#work()
    this.#tell()
    if (this.#untold > 0) this.#endLater()
  }

  #work(): void {
    const arrived = this.#arrived
    this.#arrived = []
    for (const arrival of arrived) this.#take(arrival)
    if (arrived.length > 0) this.#admission?.end(this.#untold)
  }

  #take(arrival: Arrival): void {
    const told = this.#admission?.admits() === false ? arrival.decline() : undefined
    if (told) this.#declined.push(told)
    else arrival.takeOn()
  }

  get #untold(): number {
    return this.#telling.length + this.#declined.length
  }

  /** Whoever is told asks again: telling all of them at once would leave the next turn nothing but reading. */
  #tell(): void {
    const until = performance.now() + tellMs
    while (this.#untold > 0 && performance.now() < until) this.#next()?.()
  }

  #next(): (() => void) | undefined {
    if (this.#telling.length === 0) {
      this.#telling = this.#declined.reverse()
      this.#declined = []
    }
    return this.#telling.pop()
  }
}
