/**
 * Who uses what: counts per key, version, principal and dialect, kept by the minute in memory and handed over in one
 * write. They answer "who would break"; they are no audit, and a crash loses at most what was not yet handed over.
 */
import type { Instant, Place } from './object.ts'
import type { Use } from './ports.ts'

/** What uses can be told apart by. */
export type UsedBy = Exclude<keyof Use, 'count'>

export interface UseQuery {
  /** One key, or all that are there in a place. */
  readonly of: { readonly key: string } | Pick<Place, 'account' | 'region'>
  /** Minutes since 1970; `until` is not among them. */
  readonly from: number
  readonly until: number
  /** Minutes that are told as one, by the first of them. What is older than two days is known by days alone. */
  readonly step: number
  /** What they are told apart by. */
  readonly by: readonly UsedBy[]
  /** Most sums: the largest. */
  readonly limit: number
}

/** A sum of uses; what they are not told apart by is empty. */
export type UseSum = Use

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

  /** What was counted and not handed over yet. */
  kept(): Iterable<Use> {
    return this.#counts.values()
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

const nothing: Omit<Use, 'count'> = { key: '', version: 0, principal: '', dialect: '', minute: 0 }

/** Sums of uses, told apart by some of what they are, the largest first. */
export const sumsOf = (uses: Iterable<Use>, step: number, by: readonly UsedBy[]): readonly UseSum[] => {
  const sums = new Map<string, UseSum>()
  for (const use of uses) {
    const told = { ...use, minute: use.minute - (use.minute % step) }
    const of = { ...nothing, ...Object.fromEntries(by.map((name) => [name, told[name]])) }
    const name = JSON.stringify(of)
    sums.set(name, { ...of, count: (sums.get(name)?.count ?? 0) + use.count })
  }
  return [...sums.values()].sort((a, b) => b.count - a.count)
}
