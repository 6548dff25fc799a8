/** What a filter asks of the columns of `key`, as conditions. */
import { type RawBuilder, sql } from 'kysely'
import type { Instant } from '../../core/object.ts'
import type { KeyFilter } from '../../core/pages.ts'
import { writesAtOnce } from './engine.ts'
import type { FactFilter, In } from './key-counts.ts'
import type { Database } from './schema.ts'
import { stateSql } from './state-sql.ts'
import { hasTag } from './tags.ts'

export type Sql = RawBuilder<unknown>

/** The LIKE pattern, with backslash as its escape, of texts that contain this one. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** ASCII only, as SQLite's `lower`: what a client sees must not hang on a locale. */
const asciiLower = (value: string): string => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/**
 * That a column contains a text, ASCII case ignored. SQLite's LIKE ignores it by itself; PostgreSQL's is told so in the
 * words of its index, and its columns have a collation in which `lower` knows ASCII only.
 */
const contains = (db: Database, column: string, text: string): Sql => {
  const pattern = containing(asciiLower(text))
  return writesAtOnce(db)
    ? sql`lower(${sql.ref(column)}) like ${pattern} escape '\\'`
    : sql`${sql.ref(column)} like ${pattern} escape '\\'`
}

export const searchSql = (db: Database, search: string): Sql =>
  sql`(${contains(db, 'id', search)} or ${contains(db, 'name', search)})`

const oneOf = (expression: Sql, values: readonly string[]): Sql =>
  values.length > 0 ? sql`${expression} in (${sql.join(values)})` : sql`1 = 0`

export const all = (conditions: readonly Sql[]): Sql =>
  conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`1 = 1`

export const stateIn = (now: Instant, states: readonly string[] | undefined): Sql[] =>
  states ? [oneOf(stateSql('key', now), states)] : []

/** Conditions on facts that do not change with time. */
export const factConditions = ({ usages, algorithms, origin, owner }: FactFilter): Sql[] => [
  ...(owner === undefined ? [] : [owner === 'user' ? sql`owner = 'user'` : sql`owner <> 'user'`]),
  ...(usages ? [oneOf(sql.ref('usage'), usages)] : []),
  ...(algorithms ? [oneOf(sql.ref('algorithm'), algorithms)] : []),
  ...(origin === undefined ? [] : [sql`origin = ${origin}`]),
]

/** Conditions that no counter knows. */
const otherConditions = (db: Database, at: In, { search, nameSearch, group, tags = [] }: KeyFilter): Sql[] => [
  ...(search === undefined ? [] : [searchSql(db, search)]),
  ...(nameSearch === undefined ? [] : [contains(db, 'name', nameSearch)]),
  ...(group === undefined ? [] : [sql`object_group = ${group}`]),
  ...tags.map((condition) => hasTag(at.accounts, [at.region], condition)),
]

/** Everything but the place. An empty list of states, usages or algorithms matches nothing. */
export const conditionsOf = (db: Database, at: In, filter: KeyFilter, now: Instant): Sql[] => [
  ...factConditions(filter),
  ...stateIn(now, filter.states),
  ...otherConditions(db, at, filter),
]

/** Whether the counters of facts tell how many keys match. */
export const isCounted = ({ search, nameSearch, group, tags = [] }: KeyFilter): boolean =>
  search === undefined && nameSearch === undefined && group === undefined && tags.length === 0
