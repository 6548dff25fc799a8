/** How every connection to PostgreSQL, or to a server of its protocol, is opened. */
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { QueueFull } from '../../../core/ports.ts'
import { DatabaseUnfit } from '../errors.ts'
import type { Database, Schema } from '../schema.ts'

const oid = { bytea: 17, int8: 20, numeric: 1700 } as const

/** A number that JavaScript cannot hold was not written by this program. */
const exact = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('the database holds a number that this program does not write')
  return value
}

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))

/** Rows come as both engines give them: integers as numbers, bytes as `Uint8Array`. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') => {
    if (id === oid.int8 || id === oid.numeric) return exact
    if (id === oid.bytea) return bytes
    return pg.types.getTypeParser(id, format as 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}

/** How long a connection may take to be made, or to be given back by somebody else, where nothing is said, ms. */
const connectMsDefault = 2_000
/** A writer that stops in the middle must not hold its locks: others would wait for it. */
const idleInTransactionMs = 1_000

export interface Limits {
  /** How long the server works on one statement, ms; the client waits a second longer. */
  readonly statementMs: number
  /** How long a connection may take to be made, or to be given back by somebody else, ms. */
  readonly connectMs?: number
}

const configFor = (url: string, { statementMs, connectMs = connectMsDefault }: Limits): pg.ClientConfig => ({
  connectionString: url,
  application_name: 'keystead',
  connectionTimeoutMillis: connectMs,
  idle_in_transaction_session_timeout: idleInTransactionMs,
  statement_timeout: statementMs,
  query_timeout: statementMs + 1_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 1_000,
  types,
})

export const connect = async (url: string, limits: Limits): Promise<pg.Client> => {
  const client = new pg.Client(configFor(url, limits))
  // Whoever waits for an answer hears of it there; nobody else needs to.
  client.on('error', () => {})
  await client.connect()
  return client
}

const says = (error: unknown, message: string): boolean => error instanceof Error && error.message === message
const gaveUp = (error: unknown): boolean => says(error, 'Query read timeout')

/** Where nobody gives a connection back in time, the database has more to do than it can; callers are told to come back. */
const free = async (pool: pg.Pool): Promise<pg.PoolClient> => {
  try {
    return await pool.connect()
  } catch (error) {
    if (says(error, 'timeout exceeded when trying to connect'))
      throw new QueueFull('every connection to the database is in use', { cause: error })
    throw error
  }
}

/**
 * A connection whose answer was waited for in vain is not used again: the driver would send the next statement on it, when
 * the transaction of before may be open there, and its changes would be committed with those of another. The server's own
 * limits end it sooner, but a pooler in between may swallow them.
 */
const taken = async (pool: pg.Pool): Promise<PostgresPoolClient> => {
  const client = await free(pool)
  const query = async (statement: string, parameters: unknown[]) => {
    try {
      return await client.query(statement, parameters)
    } catch (error) {
      if (gaveUp(error)) void client.end()
      throw error
    }
  }
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release() }
}

export interface Pool {
  readonly db: Database
  close(): Promise<void>
}

export const openPool = (url: string, max: number, limits: Limits): Pool => {
  const pool = new pg.Pool({ ...configFor(url, limits), max, idleTimeoutMillis: 30_000 })
  pool.on('error', () => {})
  // Also between two statements of a transaction, when nobody waits for an answer: the next statement says so.
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool: { options: pool.options, connect: () => taken(pool), end: () => pool.end() },
    }),
  })
  return { db, close: () => db.destroy() }
}

/** The lowest version that is tried, as the server counts it. */
const versionMin = 140_000

/** What an acknowledged commit rests on, and what a server says instead when it may lose one. */
const durable: Readonly<Record<string, (setting: string) => string | undefined>> = {
  fsync: (setting) => (setting === 'on' ? undefined : 'fsync is off: a crash of its machine loses commits'),
  full_page_writes: (setting) =>
    setting === 'on' ? undefined : 'full_page_writes is off: a crash of its machine can tear pages',
  synchronous_commit: (setting) =>
    setting === 'off' ? 'synchronous_commit is off: a crash loses commits that were acknowledged' : undefined,
  server_version_num: (setting) =>
    Number(setting) < versionMin ? `its version is ${setting}: PostgreSQL 14 or later is needed` : undefined,
}

/** Rejects with `DatabaseUnfit` where the server is set up to lose what it acknowledges. A setting that it does not have is not asked for. */
export const checkServer = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query('select name, setting from pg_settings where name = any($1)', [
    Object.keys(durable),
  ])
  for (const { name, setting } of rows as { name: string; setting: string }[]) {
    const unfit = durable[name]?.(setting)
    if (unfit) throw new DatabaseUnfit(`the database server cannot be used as it is set up: ${unfit}`)
  }
}
