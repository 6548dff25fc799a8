import type { Engine } from './engine.ts'
import type { Database } from './schema.ts'

/** An empty place that rows are written into. Exactly one of `keep` and `drop` ends it. */
export interface Target {
  readonly db: Database
  readonly engine: Engine
  /** What was written is a database from now on. */
  keep(): Promise<void>
  /** Nothing was. */
  drop(): Promise<void>
}

/** There is something there already; the message says what. */
export class TargetTaken extends Error {}
