/** The rows that a process remembers, and how they are loaded and forgotten. One serves all requests. */
import { isDeepStrictEqual } from 'node:util'
import type { Kind, Snapshot } from '../../core/object.ts'
import type { Epoch, View } from '../../core/ports.ts'
import { RowCache } from './row-cache.ts'

export type Load = <K extends Kind>(kind: K, id: string) => Promise<Snapshot<K> | undefined>

interface Sent {
  readonly seen: Epoch
  readonly row: Promise<Snapshot | undefined>
}

/**
 * A view only ever gets newer, so that every request can be given the same one: what it was brought up to before the
 * request stays true of it after.
 */
export class CachedView implements View {
  readonly #load: Load
  readonly #rows: RowCache
  readonly #sent = new Map<string, Sent>()
  #seen: Epoch

  constructor(seen: Epoch, cacheRows: number, load: Load) {
    this.#seen = seen
    this.#rows = new RowCache(cacheRows)
    this.#load = load
  }

  get seen(): Epoch {
    return this.#seen
  }

  get<K extends Kind>(kind: K, id: string): Snapshot<K> | undefined | Promise<Snapshot<K> | undefined> {
    return this.#rows.get(kind, id) ?? this.#miss(kind, id)
  }

  async reload<K extends Kind>(kind: K, id: string): Promise<Snapshot<K> | undefined> {
    const seen = this.#seen
    const row = await this.#load(kind, id)
    if (!row) this.#rows.delete(kind, id)
    return row && this.#admit(row, seen)
  }

  /** Evicts what changed up to `epoch`; everything where that is not known. */
  advance(epoch: Epoch, changed: readonly { kind: Kind; id: string }[] | 'everything'): void {
    if (changed === 'everything') this.#rows.clear()
    else for (const { kind, id } of changed) this.#rows.delete(kind, id)
    this.#seen = epoch
  }

  /** Misses of the same row share a load, but only one that was sent at what is seen now: an earlier one may be older. */
  #miss<K extends Kind>(kind: K, id: string): Promise<Snapshot<K> | undefined> {
    const name = `${kind}/${id}`
    const sent = this.#sent.get(name)
    if (sent?.seen === this.#seen) return sent.row as Promise<Snapshot<K> | undefined>
    const next = { seen: this.#seen, row: this.#fetch(kind, id) }
    this.#sent.set(name, next)
    const forget = () => {
      if (this.#sent.get(name) === next) this.#sent.delete(name)
    }
    next.row.then(forget, forget)
    return next.row
  }

  async #fetch<K extends Kind>(kind: K, id: string): Promise<Snapshot<K> | undefined> {
    const seen = this.#seen
    const row = await this.#load(kind, id)
    return row && this.#admit(row, seen)
  }

  /**
   * Remembers a row that was asked for at `seen`. If that is no longer what is seen, the row may be older than an
   * eviction, and is used once. An equal row that is held already stays: callers hang what they derived from a row on
   * its identity. (An equal revision is not enough: an object that was dropped and added again starts at 1.)
   */
  #admit<K extends Kind>(row: Snapshot<K>, seen: Epoch): Snapshot<K> {
    if (seen !== this.#seen) return row
    const held = this.#rows.get(row.kind, row.id)
    if (isDeepStrictEqual(held, row)) return held as Snapshot<K>
    this.#rows.set(row)
    return row
  }
}
