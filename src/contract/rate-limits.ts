/** How often an account may call an action in a region: the clouds' documented figures, each as a bucket of one second. */
import type { Clock } from '../core/ports.ts'

/**
 * `management`: documented figures, cryptography unlimited. `documented`: documented figures for all. A number: that
 * many times the documented figures, for all.
 */
export type RateSetting = 'off' | 'management' | 'documented' | number

interface Bucket {
  tokens: number
  filledAt: number
}

/** Beyond this many buckets the oldest are forgotten, which lets through at most what a new one would. */
const bucketsMax = 50_000

export class RateLimits {
  readonly #setting: RateSetting
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()

  constructor(setting: RateSetting, clock: Clock) {
    this.#setting = setting
    this.#clock = clock
  }

  /** Whether one more call may be made now. `mode` is the operation's: `use` is cryptography. */
  take(name: string, mode: string, documented: number | undefined): boolean {
    const perSecond = this.#figure(mode, documented)
    if (perSecond === undefined) return true
    const now = this.#clock.monotonic()
    // A bucket that cannot hold one call would never let one through.
    const size = Math.max(1, perSecond)
    const bucket = this.#bucket(name, size, now)
    bucket.tokens = Math.min(size, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond)
    bucket.filledAt = now
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }

  #figure(mode: string, documented: number | undefined): number | undefined {
    if (this.#setting === 'off' || documented === undefined) return undefined
    if (this.#setting === 'management') return mode === 'use' ? undefined : documented
    return this.#setting === 'documented' ? documented : documented * this.#setting
  }

  #bucket(name: string, size: number, now: number): Bucket {
    const known = this.#buckets.get(name)
    if (known) return known
    const bucket = { tokens: size, filledAt: now }
    this.#buckets.set(name, bucket)
    if (this.#buckets.size > bucketsMax) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    return bucket
  }
}
