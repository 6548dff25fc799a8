import type { RawBuilder } from 'kysely'
import type { Database } from './schema.ts'

/** Where the engines differ; everything else is one code. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres'
  /** Column type of 64-bit integers. */
  readonly integer: RawBuilder<unknown>
  readonly bytes: RawBuilder<unknown>
  /** Column type of text that is compared byte by byte, whatever the locale of the database. */
  readonly text: RawBuilder<unknown>
  /** Column type of an integer that the engine counts up and never uses twice. */
  readonly counted: RawBuilder<unknown>
  /** What ends every CREATE TABLE. */
  readonly tableEnd: RawBuilder<unknown>
  /** A statement inside a migration's transaction that makes other processes wait; the engine may need none. */
  readonly oneAtATime?: RawBuilder<unknown>
  /** The engine's own wall clock, UTC ms, as an expression. */
  readonly now: RawBuilder<number>
}

/** Whether several connections write at once, so that rows must be locked before anything is decided on them. */
export const writesAtOnce = (db: Database): boolean => db.getExecutor().adapter.supportsMultipleConnections === true
