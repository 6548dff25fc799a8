/**
 * Locks an access key for a while once it failed often in a row, from wherever. Whoever knows a key's id can then keep
 * its owner out: therefore an installation has to ask for it.
 */
import type { Clock } from '../core/ports.ts'

interface Row {
  /** Failures since the last success. */
  count: number
  at: number
}

const failuresMax = 5
/** How long a lock lasts, and after how long without a failure they are forgotten, ms. */
const lockMs = 300_000
const claimedMax = 10_000

export class Lockout {
  readonly #clock: Clock
  readonly #rows = new Map<string, Row>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  isLocked(claimed: string): boolean {
    const row = this.#rows.get(claimed)
    return row !== undefined && row.count >= failuresMax && this.#clock.monotonic() - row.at < lockMs
  }

  succeeded(claimed: string): void {
    if (this.#rows.size > 0) this.#rows.delete(claimed)
  }

  failed(claimed: string): void {
    const now = this.#clock.monotonic()
    const known = this.#rows.get(claimed)
    const count = known && now - known.at < lockMs ? known.count + 1 : 1
    this.#rows.delete(claimed)
    this.#rows.set(claimed, { count, at: now })
    const [oldest] = this.#rows.keys()
    if (this.#rows.size > claimedMax && oldest !== undefined) this.#rows.delete(oldest)
  }
}
