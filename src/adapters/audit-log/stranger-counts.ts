import type { AuditEntry } from '../../core/audit.ts'
import type { Clock, Journal } from '../../core/ports.ts'

/** Pairs of source and reason that are told apart in ten seconds: at most ten lines a second, whatever comes. */
const pairsMaxDefault = 100
/** Beyond the pairs, reasons that are told apart under the source `other`. */
const otherReasonsMax = 50
/** The longest textual address is an IPv6 one with a zone; anything longer is no address. */
const sourceMax = 64
const periodMs = 10_000
const other = 'other'

interface Count {
  readonly source: string
  readonly reason: string
  count: number
}

export interface StrangerCountsOptions {
  readonly journal: Journal
  readonly clock: Clock
  readonly pairsMax?: number
}

/**
 * Counts what was refused before its caller was known, and writes one summary entry per source and reason every ten
 * seconds: a stranger can neither fill the journal nor make anybody wait for it.
 */
export class StrangerCounts {
  readonly #journal: Journal
  readonly #clock: Clock
  readonly #pairsMax: number
  #pairs = new Map<string, Count>()
  #others = new Map<string, Count>()
  #timer: NodeJS.Timeout | undefined

  constructor({ journal, clock, pairsMax = pairsMaxDefault }: StrangerCountsOptions) {
    this.#journal = journal
    this.#clock = clock
    this.#pairsMax = pairsMax
  }

  /** Notes one refusal. `reason` is one of our own words, never the stranger's. */
  count(source: string, reason: string): void {
    this.#add(source.slice(0, sourceMax), reason, 1)
  }

  #add(source: string, reason: string, count: number): void {
    const key = `${reason}\n${source}`
    const pair = this.#pairs.get(key)
    if (pair) pair.count += count
    else if (source !== other && this.#pairs.size < this.#pairsMax) this.#pairs.set(key, { source, reason, count })
    else this.#addOther(reason, count)
  }

  #addOther(reason: string, count: number): void {
    const bounded = this.#others.has(reason) || this.#others.size < otherReasonsMax ? reason : other
    const sum = this.#others.get(bounded)
    if (sum) sum.count += count
    else this.#others.set(bounded, { source: other, reason: bounded, count })
  }

  /** The summaries since the last call, which begins a new budget. */
  summaries(): AuditEntry[] {
    const counts = [...this.#pairs.values(), ...this.#others.values()]
    this.#pairs = new Map()
    this.#others = new Map()
    const at = this.#clock.now()
    return counts.map(({ source, reason, count }) => ({
      request: '',
      at,
      dialect: '',
      action: 'unauthenticated',
      region: '',
      account: '',
      principal: '',
      credential: '',
      source,
      objects: [],
      outcome: 'refused',
      reason,
      count,
    }))
  }

  /** Writes the summaries every ten seconds from now on. */
  start(): void {
    this.#timer = setInterval(() => void this.#record(), periodMs)
    this.#timer.unref()
  }

  /** Ends the timer and writes what was counted since; the journal is still open. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#record()
  }

  /** What the journal does not take is counted on, within the same budget. */
  async #record(): Promise<void> {
    await Promise.all(
      this.summaries().map(({ source, reason = '', count = 0, ...rest }) =>
        this.#journal.append({ ...rest, source, reason, count }).catch(() => this.#add(source, reason, count)),
      ),
    )
  }
}
