import { LRUCache } from 'lru-cache'
import type { Kind, Snapshot } from '../../core/object.ts'
import { tables } from './schema.ts'

/** What is too large to be remembered; it is read anew each time. */
const unremembered: ReadonlySet<Kind> = new Set(['whiteBoxTables'])

type Rows = LRUCache<string, Snapshot>

/** Rows by kind and id, at most `max` of each kind; the one that was not asked for longest leaves first. */
export class RowCache {
  readonly #max: number
  /** A cache has all its places from its start, half a megabyte: most installations have rows of few kinds. */
  readonly #kinds: Record<Kind, Rows | undefined>

  constructor(max: number) {
    this.#max = max
    this.#kinds = Object.fromEntries(Object.keys(tables).map((kind) => [kind, undefined])) as Record<Kind, undefined>
  }

  get<K extends Kind>(kind: K, id: string): Snapshot<K> | undefined {
    return this.#kinds[kind]?.get(id) as Snapshot<K> | undefined
  }

  set(row: Snapshot): void {
    if (unremembered.has(row.kind)) return
    const rows = this.#kinds[row.kind] ?? new LRUCache<string, Snapshot>({ max: this.#max })
    this.#kinds[row.kind] = rows
    rows.set(row.id, row)
  }

  delete(kind: Kind, id: string): void {
    this.#kinds[kind]?.delete(id)
  }

  clear(): void {
    for (const rows of Object.values(this.#kinds)) rows?.clear()
  }
}
