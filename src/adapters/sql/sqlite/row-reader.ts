/**
 * Reads single rows that the cache lacks, on the thread that asks. A row takes 10 microseconds from the pages that the system
 * holds; a message to another thread and back takes ten times as long, and with a million keys in use nearly every call
 * misses two rows. A reader of a write-ahead log never waits for the writer. Lists are another thread's.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Kind, Snapshot } from '../../../core/object.ts'
import { batched } from '../batched.ts'
import type { Load } from '../cached-view.ts'
import { hasMaterial, rowReader } from '../rows.ts'
import { type SqlValue, tables } from '../schema.ts'
import { openReader } from './connection.ts'

type Values = readonly SqlValue[]
type Find = (id: string) => Snapshot | undefined

const queryOf = (kind: Kind): string =>
  hasMaterial[kind]
    ? `select t.*, m.bytes from "${tables[kind]}" t left join material m on m.slot = t.material where t.id = ?`
    : `select * from "${tables[kind]}" where id = ?`

const findIn = (connection: DatabaseSync, kind: Kind): Find => {
  const statement = connection.prepare(queryOf(kind))
  // An object with a name for each value costs more than reading the row.
  statement.setReturnArrays(true)
  const names = statement.columns().map(({ name }) => name)
  const read = rowReader<Kind, Values>(kind, (name) => {
    const at = names.indexOf(name)
    return (values) => values[at]
  })
  return (id) => {
    const values = statement.get(id) as unknown as Values | undefined
    return values && read(values)
  }
}

export class RowReader {
  readonly #connection: DatabaseSync
  readonly #finds = new Map<Kind, Find>()

  constructor(path: string) {
    this.#connection = openReader(path)
  }

  /**
   * The rows that a turn asks for, one after the other: their code and pages are in the processor's caches for all but the
   * first, and the database is locked once.
   */
  readonly load: Load = batched(async (names) => {
    this.#connection.exec('begin')
    try {
      return names.map(({ kind, id }) => this.#found(kind, id))
    } finally {
      this.#connection.exec('commit')
    }
  })

  close(): void {
    this.#connection.close()
  }

  /** A row that is damaged fails whoever asked for it, and nobody beside. */
  #found(kind: Kind, id: string): Snapshot | undefined | Error {
    try {
      return this.#find(kind)(id)
    } catch (error) {
      return error as Error
    }
  }

  #find(kind: Kind): Find {
    const known = this.#finds.get(kind)
    if (known) return known
    const find = findIn(this.#connection, kind)
    this.#finds.set(kind, find)
    return find
  }
}
