/** Kysely over one `node:sqlite` connection. Its users ask one thing after the other, so the driver has no lock. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import type { SqlValue } from '../schema.ts'

const statementsMax = 256

interface Prepared {
  readonly statement: StatementSync
  readonly returnsRows: boolean
}

class SqliteConnection implements DatabaseConnection {
  readonly #db: DatabaseSync
  readonly #prepared = new LRUCache<string, Prepared>({ max: statementsMax })

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { statement, returnsRows } = this.#prepare(query.sql)
    const parameters = query.parameters as readonly SqlValue[]
    if (returnsRows) return { rows: statement.all(...parameters) as R[] }
    return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) }
  }

  /** Refused: an abandoned iteration would hold its read transaction open. */
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('results are not streamed from SQLite')
  }

  #prepare(text: string): Prepared {
    const known = this.#prepared.get(text)
    if (known) return known
    const statement = this.#db.prepare(text)
    const prepared = { statement, returnsRows: statement.columns().length > 0 }
    this.#prepared.set(text, prepared)
    return prepared
  }
}

class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection

  constructor(db: DatabaseSync) {
    this.#connection = new SqliteConnection(db)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    return this.#connection
  }

  /** IMMEDIATE: a writer waits for its turn here, and never finds in the middle that another was faster. */
  async beginTransaction(connection: DatabaseConnection, { accessMode }: TransactionSettings): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(accessMode === 'read only' ? 'begin' : 'begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  /** SQLite ends a transaction by itself after some errors. */
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#connection.inTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async releaseConnection(): Promise<void> {}

  /** The connection belongs to whoever opened it. */
  async destroy(): Promise<void> {}
}

export const sqliteDialect = (db: DatabaseSync): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new SqliteDriver(db),
  createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  createQueryCompiler: () => new SqliteQueryCompiler(),
})
