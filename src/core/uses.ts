/**
 * Who uses what: counts per key, version, principal and dialect, kept by the minute in memory and handed over in one
 * write. They answer "who would break"; they are no audit, and a crash loses at most what was not yet handed over.
 */
import type { Instant } from './object.ts'
import type { Use } from './ports.ts'

const minuteMs = 60_000
/** Beyond this many different counts before a hand-over, new ones are not kept: memory is bounded, whoever calls. */
const countsMax = 100_000

export class UseCounts {
  #counts = new Map<string, Use & { count: number }>()

  note(key: string, version: number, principal: string, dialect: string, now: Instant): void {
    const minute = Math.floor(now / minuteMs)
    const name = `${key} ${version} ${principal} ${dialect} ${minute}`
    const known = this.#counts.get(name)
    if (known) known.count += 1
    else if (this.#counts.size < countsMax)
      this.#counts.set(name, { key, version, principal, dialect, minute, count: 1 })
  }

  /** What was counted since the last call. */
  take(): readonly Use[] {
    const taken = [...this.#counts.values()]
    this.#counts = new Map()
    return taken
  }

  /** What was taken and could not be written is counted on. */
  giveBack(uses: readonly Use[]): void {
    for (const use of uses) {
      const { key, version, principal, dialect, minute } = use
      const name = `${key} ${version} ${principal} ${dialect} ${minute}`
      const known = this.#counts.get(name)
      if (known) known.count += use.count
      else if (this.#counts.size < countsMax) this.#counts.set(name, { ...use })
    }
  }
}
