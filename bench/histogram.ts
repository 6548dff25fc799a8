/**
 * Counts latencies in buckets that grow with them: 128 for each doubling, so that a figure is at most 0.8 % too high,
 * from a microsecond to a quarter of an hour, in a table that is quickly gone through.
 */
const perDoubling = 128
const maxMicroseconds = 2 ** 30 - 1
const buckets = perDoubling * 25

const bucketOf = (microseconds: number): number => {
  const doublings = Math.max(0, 24 - Math.clz32(microseconds))
  return doublings * perDoubling + (microseconds >>> doublings)
}

/** The least that is beyond a bucket, microseconds. */
const endOf = (bucket: number): number => {
  const doublings = Math.max(0, Math.floor(bucket / perDoubling) - 1)
  return (bucket - doublings * perDoubling + 1) * 2 ** doublings
}

export class Histogram {
  readonly #counts = new Uint32Array(buckets)
  #count = 0
  #max = 0

  get count(): number {
    return this.#count
  }

  get maxMs(): number {
    return this.#max
  }

  add(milliseconds: number): void {
    const bucket = bucketOf(Math.min(maxMicroseconds, Math.max(0, Math.floor(milliseconds * 1000))))
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1
    this.#count += 1
    if (milliseconds > this.#max) this.#max = milliseconds
  }

  /** What so large a share of all stays below, ms; NaN where there is nothing. */
  percentile(share: number): number {
    let seen = 0
    for (let bucket = 0; bucket < buckets; bucket++) {
      seen += this.#counts[bucket] as number
      if (seen > 0 && seen >= this.#count * share) return endOf(bucket) / 1000
    }
    return Number.NaN
  }

  clear(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#max = 0
  }
}
