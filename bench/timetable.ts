/**
 * When the requests of an open load are due: at even distances, whatever the answers take. A latency counts from there and
 * not from when the request could be sent, or a server that stands still would be measured by the one request that waited
 * in each connection (coordinated omission).
 */
export class Timetable {
  readonly #started: number
  readonly #everyMs: number
  readonly #all: number
  #next = 0

  constructor(started: number, perSecond: number, seconds: number) {
    this.#started = started
    this.#everyMs = 1000 / perSecond
    this.#all = Math.floor(perSecond * seconds)
  }

  /** When the next request is due where it is due by now; undefined where none is. */
  take(now: number): number | undefined {
    if (this.#next >= this.#all) return undefined
    const due = this.#started + this.#next * this.#everyMs
    if (due > now) return undefined
    this.#next += 1
    return due
  }

  /** Those that are left. */
  get left(): number {
    return this.#all - this.#next
  }
}
