/**
 * Reads single rows that the cache lacks, on the thread that asks. A row takes 10 microseconds from the pages that the system
 * holds; a message to another thread and back takes ten times as long, and with a million keys in use nearly every call
 * misses two rows. A reader of a write-ahead log never waits for the writer. Lists are another thread's.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Kind } from '../../../core/object.ts'
import type { Load } from '../cached-view.ts'
import { type Columns, fromColumns, hasMaterial } from '../rows.ts'
import { tables } from '../schema.ts'
import { openReader } from './connection.ts'

const statementFor = (connection: DatabaseSync, kind: Kind): StatementSync =>
  connection.prepare(
    hasMaterial[kind]
      ? `select t.*, m.bytes from "${tables[kind]}" t left join material m on m.slot = t.material where t.id = ?`
      : `select * from "${tables[kind]}" where id = ?`,
  )

export class RowReader {
  readonly #connection: DatabaseSync
  readonly #statements = new Map<Kind, StatementSync>()

  constructor(path: string) {
    this.#connection = openReader(path)
  }

  readonly load: Load = async (kind, id) => {
    const columns = this.#statement(kind).get(id) as Columns | undefined
    return columns && fromColumns(kind, columns)
  }

  close(): void {
    this.#connection.close()
  }

  #statement(kind: Kind): StatementSync {
    const known = this.#statements.get(kind)
    if (known) return known
    const statement = statementFor(this.#connection, kind)
    this.#statements.set(kind, statement)
    return statement
  }
}
