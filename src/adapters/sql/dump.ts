/**
 * All rows of one moment as lines of text (docs/spec/backup.md), in an order in which they can be written again: what a
 * row refers to comes before it. Wrapped material travels in the row that it belongs to, so that slots, which are a
 * matter of one database file, are in no backup.
 */
import { sql } from 'kysely'
import { parseSealed } from '../../core/ciphertext.ts'
import type { Instant, Kind } from '../../core/object.ts'
import { DatabaseTooNew } from './errors.ts'
import { programVersion, schemaState } from './migrate.ts'
import { hasMaterial } from './rows.ts'
import { type Database, type Schema, type SqlValue, tables } from './schema.ts'

/** How a table is read page by page: by the columns of its primary key. */
interface Carried {
  readonly by: readonly string[]
}
/** Why no row of a table is in a backup. */
interface LeftOut {
  readonly because: string
}

type ObjectTableName = (typeof tables)[Kind]

/** Every table that is no kind of object. One that is forgotten here does not compile. */
const ledger: { readonly [T in Exclude<keyof Schema, ObjectTableName>]: Carried | LeftOut } = {
  installation: { by: ['one'] },
  name: { by: ['account', 'region', 'kind', 'name'] },
  tombstone: { by: ['key'] },
  tag: { by: ['kind', 'id', 'tag_key'] },
  key_grant: { by: ['id'] },
  // The journal of the place where this is restored may lack them.
  outbox: { by: ['request'] },
  usage: { by: ['key', 'minute', 'version', 'principal', 'dialect'] },
  schema: { because: 'the header has it, and the migrations write it' },
  barrier: { because: 'a restored database is another generation, so that no process takes it for the one it knew' },
  change: { because: 'it says what caches must forget, and nobody has a cache of a restored database' },
  observed: { because: 'what was seen to be due is seen again: that makes a destruction later and never earlier' },
  member: { because: 'the processes that served then are not those that serve what is restored' },
  duty: { because: 'it says which of those processes does something at the moment' },
  audit_journal: { because: 'each node indexes its journals again, from the files that are the record' },
  audit_entry: { because: 'it is a copy of journals, which are kept for themselves and are no part of a backup' },
  audit_key: { because: 'it belongs to those copies' },
  key_count: { because: 'keys are counted as they are written' },
  material: { because: 'it is in the rows that it belongs to' },
  vacancy: { because: 'a restored database has no slot that is free' },
}

/** Objects that are about the database that they are in. */
const leftOutKinds: { readonly [K in Kind]?: LeftOut } = {
  quarantine: { because: 'a restored installation is in a quarantine of its own' },
  scrub: { because: 'a restored database is checked from its beginning' },
}

/** SQLite's index of texts, as the tables that it consists of. */
const textIndex = ['', '_config', '_data', '_docsize', '_idx', '_lacks', '_made'].map((part): [string, string] => [
  `key_text${part}`,
  'it is an index, which takes in the keys that are restored',
])

interface Table {
  readonly name: string
  readonly by: readonly string[]
  readonly hasMaterial: boolean
}

const kindTables: readonly Table[] = (Object.keys(tables) as Kind[])
  .filter((kind) => !leftOutKinds[kind])
  .map((kind) => ({ name: tables[kind], by: ['id'], hasMaterial: hasMaterial[kind] }))

const ledgerTables: readonly Table[] = Object.entries<Carried | LeftOut>(ledger).flatMap(([name, table]) =>
  'by' in table ? [{ name, by: table.by, hasMaterial: false }] : [],
)

/** The tables of a backup, in its order: keys before their versions. */
export const carriedTables: readonly Table[] = [...kindTables, ...ledgerTables]

/** The tables that no backup has, with the reason. */
export const leftOutTables: ReadonlyMap<string, string> = new Map([
  ...Object.entries<Carried | LeftOut>(ledger).flatMap(([name, table]): [string, string][] =>
    'because' in table ? [[name, table.because]] : [],
  ),
  ...textIndex,
  ...Object.entries(leftOutKinds).map(([kind, { because }]): [string, string] => [tables[kind as Kind], because]),
])

/** The first line. */
export interface DumpHeader {
  readonly keystead: 'rows'
  readonly format: 1
  /** Version of the tables. */
  readonly schema: number
  /** Of Keystead, for people. */
  readonly program: string
  /** 16 bytes in hex. */
  readonly installation: string
  readonly takenAt: Instant
  /** Generations of root keys without which some of it cannot be opened, those of key stores among them. */
  readonly rootKeys: readonly { readonly id: string; readonly number: number }[]
  /** How many rows of each table follow. */
  readonly rows: Readonly<Record<string, number>>
}

/** A column's value in a line: bytes are base64 in an object of their own. */
export type Carriage = string | number | null | { readonly base64: string }

/** A row as a line has it: its table, its columns, and the wrapped material that it owns. */
export type RowLine = readonly [table: string, columns: Readonly<Record<string, Carriage>>, material?: string]

const pageRows = 500

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

const carriage = (value: SqlValue): Carriage => (value instanceof Uint8Array ? { base64: base64(value) } : value)

type Loose = Record<string, SqlValue>

/** `(a, b) > (x, y)`, as both engines compare rows. */
const beyond = (by: readonly string[], last: Loose | undefined) => {
  if (!last) return sql`1 = 1`
  const columns = sql.join(by.map((column) => sql.ref(`t.${column}`)))
  return sql`(${columns}) > (${sql.join(by.map((column) => last[column]))})`
}

const pageOf = async (db: Database, table: Table, last: Loose | undefined): Promise<readonly Loose[]> => {
  const order = sql.join(table.by.map((column) => sql.ref(`t.${column}`)))
  const [more, joined] = table.hasMaterial
    ? [sql`, m.bytes as material_bytes`, sql`left join material m on m.slot = t.material`]
    : [sql``, sql``]
  const query = sql<Loose>`select t.*${more} from ${sql.table(table.name)} t ${joined}
    where ${beyond(table.by, last)} order by ${order} limit ${sql.lit(pageRows)}`
  return (await query.execute(db)).rows
}

const rowLine = (table: Table, row: Loose): string => {
  const { material_bytes: bytes, ...columns } = row
  if (table.hasMaterial) delete columns.material
  const carried = Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, carriage(value)]))
  const line: RowLine = bytes instanceof Uint8Array ? [table.name, carried, base64(bytes)] : [table.name, carried]
  return JSON.stringify(line)
}

const countOf = async (db: Database, table: string): Promise<number> => {
  const query = sql<{ count: number | string }>`select count(*) as count from ${sql.table(table)}`
  return Number((await query.execute(db)).rows[0]?.count ?? 0)
}

/** The generations that domain keys are wrapped under: a wrap names its own in clear. */
const rootKeysOf = async (db: Database): Promise<DumpHeader['rootKeys']> => {
  const query = sql<{ bytes: Uint8Array }>`select m.bytes from domain_key d join material m on m.slot = d.material`
  const { rows } = await query.execute(db)
  const found = new Map<string, { id: string; number: number }>()
  for (const { bytes } of rows) {
    const sealed = parseSealed(bytes)
    if (sealed) found.set(`${sealed.lineage}.${sealed.version}`, { id: sealed.lineage, number: sealed.version })
  }
  return [...found.values()]
}

export interface Dumped {
  /** Of Keystead. */
  readonly program: string
  readonly takenAt: Instant
}

/** A program that runs on beside a newer one does not know all of its tables: what it left out would be lost. */
const refuseNewer = async (db: Database): Promise<void> => {
  const { tables: version } = await schemaState(db)
  if (version === programVersion) return
  throw new DatabaseTooNew(
    `the tables have version ${version}, and this program knows ${programVersion}: it can make no backup of them`,
  )
}

const headerOf = async (db: Database, { program, takenAt }: Dumped): Promise<DumpHeader> => {
  await refuseNewer(db)
  const { id } = await db.selectFrom('installation').select('id').executeTakeFirstOrThrow()
  const rows: Record<string, number> = {}
  for (const { name } of carriedTables) rows[name] = await countOf(db, name)
  const rootKeys = await rootKeysOf(db)
  return { keystead: 'rows', format: 1, schema: programVersion, program, installation: id, takenAt, rootKeys, rows }
}

/**
 * The lines, without their newlines: the header, the rows, and `{"end": <number of rows>}`. The caller holds a transaction
 * that sees one moment for as long as they are read.
 */
export async function* dumpLines(db: Database, dumped: Dumped): AsyncGenerator<string> {
  const header = await headerOf(db, dumped)
  yield JSON.stringify(header)
  let written = 0
  for (const table of carriedTables) {
    for (let last: Loose | undefined, more = true; more; ) {
      const page = await pageOf(db, table, last)
      for (const row of page) yield rowLine(table, row)
      written += page.length
      last = page.at(-1)
      more = page.length === pageRows
    }
  }
  yield JSON.stringify({ end: written })
}
