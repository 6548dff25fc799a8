import { LRUCache } from 'lru-cache'
import type { Kind, Snapshot } from '../../core/object.ts'
import { tables } from './schema.ts'

/** What is too large to be remembered; it is read anew each time. */
const unremembered: ReadonlySet<Kind> = new Set(['whiteBoxTables'])

/** Rows by kind and id, at most `max` of each kind; the one that was not asked for longest leaves first. */
export class RowCache {
  readonly #kinds: Readonly<Record<Kind, LRUCache<string, Snapshot>>>

  constructor(max: number) {
    this.#kinds = Object.fromEntries(
      Object.keys(tables).map((kind) => [kind, new LRUCache<string, Snapshot>({ max })]),
    ) as Record<Kind, LRUCache<string, Snapshot>>
  }

  get<K extends Kind>(kind: K, id: string): Snapshot<K> | undefined {
    return this.#kinds[kind].get(id) as Snapshot<K> | undefined
  }

  set(row: Snapshot): void {
    if (!unremembered.has(row.kind)) this.#kinds[row.kind].set(row.id, row)
  }

  delete(kind: Kind, id: string): void {
    this.#kinds[kind].delete(id)
  }

  clear(): void {
    for (const rows of Object.values(this.#kinds)) rows.clear()
  }
}
