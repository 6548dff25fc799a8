/**
 * Puts the closed parts of a node's journals into the index that all nodes share, and takes out of it what retention has
 * removed. A part that is open is not touched: a fault may take back its last lines.
 */
import type { AuditIndex, IndexedEntry, IndexedJournal } from '../../core/audit.ts'
import type { Clock } from '../../core/ports.ts'
import { indexedEntry } from './indexed-entry.ts'
import { journalsIn } from './journals.ts'
import { type Head, headOf } from './line.ts'
import { dayOf, LineSplitter, listParts, type Part, readPart } from './parts.ts'

export interface IndexerOptions {
  /** The data folder. */
  readonly data: string
  readonly node: string
  readonly index: AuditIndex
  readonly clock: Clock
  readonly retentionDays: number
  /** Days of closed parts that are in the index; absent for as long as they are kept. */
  readonly indexDays: number | undefined
  /** Once aborted, it ends after the batch at hand. */
  readonly ending: AbortSignal
  /** The nodes that serve now. */
  present(): Promise<ReadonlySet<string>>
}

/** Of one transaction: other work of this process waits for a few ms. */
const batchEntries = 250
/** How long one run goes on, ms; the next one, a minute later, begins where it ended. */
const runMs = 30_000

const dayMs = 86_400_000

interface Batch {
  readonly entries: readonly IndexedEntry[]
  readonly last: Head
}

/** What follows line `after` in a part, in batches. */
async function* batchesOf(folder: string, part: Part, after: number): AsyncGenerator<Batch> {
  const splitter = new LineSplitter()
  let skip = Math.max(0, after - part.seq + 1)
  let entries: IndexedEntry[] = []
  let last: Head | undefined
  for await (const chunk of readPart(folder, part)) {
    for (const bytes of splitter.push(chunk)) {
      if (skip > 0) {
        skip -= 1
        continue
      }
      const line = bytes.toString('latin1')
      last = headOf(line)
      if (!last) throw new Error(`${folder}/${part.name} has a line that is none of a journal; it cannot be indexed`)
      if (last.type === 'entry') entries.push(indexedEntry(line))
      if (entries.length < batchEntries) continue
      yield { entries, last }
      entries = []
    }
  }
  if (last) yield { entries, last }
}

class Run {
  readonly #options: IndexerOptions
  readonly #ends: number

  constructor(options: IndexerOptions) {
    this.#options = options
    this.#ends = options.clock.monotonic() + runMs
  }

  get #over(): boolean {
    const { ending, clock } = this.#options
    return ending.aborted || clock.monotonic() >= this.#ends
  }

  async all(): Promise<void> {
    const { data, node, index, retentionDays } = this.#options
    const known = await index.journals()
    for (const { name: journal, folder } of await journalsIn(data)) {
      const before = known.find((one) => one.node === node && one.journal === journal)
      const mark = before ?? { node, journal, seq: 0, until: 0 }
      // So that others know that there is such a journal, before anything of it is closed.
      if (!before) await index.add(mark, [])
      await this.#journal(folder, mark)
    }
    if (retentionDays > 0) await this.#gone(known)
  }

  async #journal(folder: string, mark: IndexedJournal): Promise<void> {
    const parts = await listParts(folder)
    const first = this.#firstOf(parts)
    await this.#forget(mark, first)
    for (const [at, part] of parts.entries()) {
      const next = parts[at + 1]
      if (part.seq >= first && next && next.seq - 1 > mark.seq) await this.#part(folder, part, mark)
    }
  }

  /** The number of the first line that belongs into the index. */
  #firstOf(parts: readonly Part[]): number {
    const { indexDays, clock } = this.#options
    const firstDay = indexDays === undefined ? '' : dayOf(clock.now() - indexDays * dayMs)
    const kept = indexDays === 0 ? undefined : parts.find(({ day }) => day >= firstDay)
    return (kept ?? parts.at(-1))?.seq ?? 0
  }

  async #part(folder: string, part: Part, mark: IndexedJournal): Promise<void> {
    if (this.#over) return
    for await (const { entries, last } of batchesOf(folder, part, mark.seq)) {
      await this.#options.index.add({ ...mark, seq: last.seq, until: Date.parse(last.at) }, entries)
      if (this.#over) return
    }
  }

  async #forget(journal: IndexedJournal, below: number): Promise<void> {
    while (!this.#over && (await this.#options.index.forget(journal, below)));
  }

  /** What a node left behind that serves no longer goes by its date, by this clock and by the one that nodes share. */
  async #gone(known: readonly IndexedJournal[]): Promise<void> {
    const { node, index, clock, retentionDays } = this.#options
    const present = await this.#options.present()
    const before = Math.min(clock.now(), await index.now()) - (retentionDays + 1) * dayMs
    for (const journal of known) {
      if (journal.node === node || present.has(journal.node)) continue
      const kept = await index.firstFrom(journal, before)
      await this.#forget(journal, kept?.seq ?? journal.seq + 1)
      if (kept === undefined && journal.until < before && !this.#over) await index.drop(journal)
    }
  }
}

/** Goes on with what there is to index, for a bounded time. Rejects where a file or the index cannot be used. */
export const indexClosedParts = (options: IndexerOptions): Promise<void> => new Run(options).all()
