import type { RawBuilder } from 'kysely'

/** Where the engines differ; everything else is one code. */
export interface Engine {
  /** Column type of 64-bit integers. */
  readonly integer: RawBuilder<unknown>
  readonly bytes: RawBuilder<unknown>
  /** Column type of an integer that the engine counts up and never uses twice. */
  readonly counted: RawBuilder<unknown>
  /** What ends every CREATE TABLE. */
  readonly tableEnd: RawBuilder<unknown>
  /** The engine's own wall clock, UTC ms, as an expression. */
  readonly now: RawBuilder<number>
}
