import { sql } from 'kysely'
import type { Engine } from '../engine.ts'

/** `skew`: milliseconds added to SQLite's clock, so that a test can move it; 0 in service. */
export const sqliteEngine = (skew = 0): Engine => ({
  name: 'sqlite',
  integer: sql`integer`,
  bytes: sql`blob`,
  text: sql`text`,
  counted: sql`integer`,
  // STRICT: a value of another type is an error, not a conversion.
  tableEnd: sql`strict`,
  now: sql<number>`(cast(unixepoch('subsec') * 1000 as integer) + ${skew})`,
})
