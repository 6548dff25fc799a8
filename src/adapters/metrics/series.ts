/** How many calls were answered in each of the last minutes, and how fast: of this process, since it began. */

export interface Minute {
  /** The minute's beginning, UTC ms. */
  readonly at: number
  requests: number
  refused: number
  failed: number
  readonly byDialect: Record<string, number>
  /** How many took at most as long as `boundOf` the index. */
  readonly durations: Uint32Array
}

export interface Point {
  readonly at: number
  readonly requests: number
  readonly refused: number
  readonly failed: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly byDialect: Readonly<Record<string, number>>
}

const minuteMs = 60_000
export const minutesKept = 24 * 60
/** Four to each doubling, from 1/16 ms on: a percentile is at most a fifth too high. */
const perDoubling = 4
const smallestMs = 1 / 16
const buckets = 80

const bucketOf = (milliseconds: number): number => {
  const at = Math.ceil(Math.log2(Math.max(milliseconds, smallestMs) / smallestMs) * perDoubling)
  return Math.min(at, buckets - 1)
}
const boundOf = (bucket: number): number => smallestMs * 2 ** (bucket / perDoubling)

const percentile = ({ durations, requests }: Minute, share: number): number => {
  let left = Math.ceil(requests * share)
  for (const [bucket, count] of durations.entries()) {
    left -= count
    if (left <= 0) return requests === 0 ? 0 : boundOf(bucket)
  }
  return 0
}

const pointOf = (minute: Minute): Point => {
  const { at, requests, refused, failed, byDialect } = minute
  return { at, requests, refused, failed, byDialect, p50Ms: percentile(minute, 0.5), p99Ms: percentile(minute, 0.99) }
}

export class Series {
  readonly #now: () => number
  readonly #minutes: Minute[] = []

  constructor(now: () => number) {
    this.#now = now
  }

  answered(dialect: string, outcome: string, milliseconds: number): void {
    const minute = this.#current()
    minute.requests += 1
    if (outcome === 'refused') minute.refused += 1
    minute.byDialect[dialect] = (minute.byDialect[dialect] ?? 0) + 1
    const bucket = bucketOf(milliseconds)
    minute.durations[bucket] = (minute.durations[bucket] ?? 0) + 1
  }

  failed(): void {
    this.#current().failed += 1
  }

  /** The oldest first; a minute in which nothing was answered is there with nothing. */
  last(minutes: number): readonly Point[] {
    const now = Math.floor(this.#now() / minuteMs) * minuteMs
    const known = new Map(this.#minutes.map((minute) => [minute.at, minute]))
    return Array.from({ length: minutes }, (_, index) => {
      const at = now - (minutes - 1 - index) * minuteMs
      return pointOf(known.get(at) ?? emptyAt(at))
    })
  }

  #current(): Minute {
    const at = Math.floor(this.#now() / minuteMs) * minuteMs
    const last = this.#minutes.at(-1)
    if (last?.at === at) return last
    const minute = emptyAt(at)
    this.#minutes.push(minute)
    if (this.#minutes.length > minutesKept) this.#minutes.shift()
    return minute
  }
}

const emptyAt = (at: number): Minute => ({
  at,
  requests: 0,
  refused: 0,
  failed: 0,
  byDialect: {},
  durations: new Uint32Array(buckets),
})
