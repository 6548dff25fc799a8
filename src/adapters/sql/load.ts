/** Writes the lines of `dump.ts` into an empty database. */
import { sql } from 'kysely'
import { type Carriage, carriedTables, type DumpHeader, type RowLine } from './dump.ts'
import type { Engine } from './engine.ts'
import { migrate, programVersion } from './migrate.ts'
import type { Database, SqlValue } from './schema.ts'

/** The lines are not what this program can restore; the message says why. */
export class LinesUnusable extends Error {}

/** A column of a later version could be anything, but its name is one. */
const columnName = /^[a-z][a-z0-9_]{0,62}$/
/** Parameters of one statement: below the limit of SQLite (32,766) and of PostgreSQL (65,535). */
const parametersMax = 30_000
const batchRows = 200

const damaged = (what: string): LinesUnusable => new LinesUnusable(`the rows cannot be read: ${what}`)

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    throw damaged('a line is no JSON')
  }
}

/** Throws `LinesUnusable` where the line is no header, or one of a later program. */
export const readHeader = (line: string): DumpHeader => {
  const header = parse(line) as Partial<DumpHeader> | null
  if (header?.keystead !== 'rows' || !Number.isSafeInteger(header.schema)) throw damaged('there is no header')
  if (header.format !== 1 || Number(header.schema) > programVersion)
    throw new LinesUnusable(
      `a later Keystead wrote this (${header.program}, tables of version ${header.schema}); this one knows ${programVersion}. Take that one, or a later.`,
    )
  return header as DumpHeader
}

interface Row {
  readonly table: string
  readonly columns: Record<string, SqlValue>
  readonly material: Uint8Array | undefined
}

const isBytes = (value: unknown): value is { base64: string } =>
  typeof value === 'object' && value !== null && typeof (value as { base64?: unknown }).base64 === 'string'

const columnOf = (value: Carriage): SqlValue => {
  if (value === null || typeof value === 'string' || Number.isSafeInteger(value)) return value as SqlValue
  if (isBytes(value)) return new Uint8Array(Buffer.from(value.base64, 'base64'))
  throw damaged('a column has no value')
}

const known = new Map(carriedTables.map((table) => [table.name, table]))

const readRow = (line: RowLine): Row => {
  const [name, columns, material] = line
  const table = known.get(name)
  if (!table)
    throw damaged(`this program has no table ${typeof name === 'string' ? name.slice(0, 64) : 'without a name'}`)
  const entries = Object.entries(columns ?? {})
  if (!entries.every(([column]) => columnName.test(column))) throw damaged(`a column of ${name} has no name`)
  const read = Object.fromEntries(entries.map(([column, value]) => [column, columnOf(value)]))
  return {
    table: name,
    columns: table.hasMaterial ? { ...read, material: null } : read,
    material: material === undefined ? undefined : new Uint8Array(Buffer.from(material, 'base64')),
  }
}

const checkCounts = ({ rows }: DumpHeader, written: ReadonlyMap<string, number>, end: number): void => {
  let all = 0
  for (const [table, expected] of Object.entries(rows)) {
    const found = written.get(table) ?? 0
    if (found !== expected) throw damaged(`${found} rows of ${table}, and there should be ${expected}`)
    all += found
  }
  if (all !== end) throw damaged(`it ends after ${all} rows, and there should be ${end}`)
}

/** What a backup says of itself, once it was read to its end. */
export interface Survey {
  readonly header: DumpHeader
  /** A known text under the root key that the installation was founded with. */
  readonly rootCheck: Uint8Array
}

const rootCheckOf = ([, columns]: RowLine): Uint8Array => {
  const check = columns.root_check
  if (!isBytes(check)) throw damaged('the installation has no root check')
  return new Uint8Array(Buffer.from(check.base64, 'base64'))
}

/** Reads all lines, and writes nothing. Throws `LinesUnusable` where one is damaged or missing. */
export const survey = async (lines: AsyncIterable<string>): Promise<Survey> => {
  let header: DumpHeader | undefined
  let rootCheck: Uint8Array | undefined
  let end: number | undefined
  const counts = new Map<string, number>()
  for await (const text of lines) {
    if (!header) {
      header = readHeader(text)
      continue
    }
    if (end !== undefined) throw damaged('something follows its end')
    const line = parse(text) as RowLine | { end: number }
    if ('end' in line) end = line.end
    else counts.set(line[0], (counts.get(line[0]) ?? 0) + 1)
    if (!('end' in line) && line[0] === 'installation') rootCheck = rootCheckOf(line)
  }
  if (!header || !rootCheck || end === undefined) throw damaged('its end is missing')
  checkCounts(header, counts, end)
  return { header, rootCheck }
}

/** An engine draws slots in the order of the values of one INSERT, so the lowest is the first one's. */
const occupySlots = async (db: Database, rows: readonly Row[]): Promise<void> => {
  const owners = rows.filter(({ material }) => material !== undefined)
  if (owners.length === 0) return
  const slots = await db
    .insertInto('material')
    .values(owners.map(({ material }) => ({ bytes: material as Uint8Array })))
    .returning('slot')
    .execute()
  slots.sort((a, b) => a.slot - b.slot)
  for (const [at, owner] of owners.entries()) owner.columns.material = slots[at]?.slot ?? null
}

const insert = async (db: Database, rows: readonly Row[]): Promise<void> => {
  const [first] = rows
  if (!first) return
  await occupySlots(db, rows)
  const names = Object.keys(first.columns)
  const values = rows.map(({ columns }) => sql`(${sql.join(names.map((name) => columns[name] ?? null))})`)
  const into = sql.join(names.map((name) => sql.ref(name)))
  await sql`insert into ${sql.table(first.table)} (${into}) values ${sql.join(values)}`.execute(db)
}

const fits = (batch: readonly Row[], row: Row): boolean => {
  const [first] = batch
  if (!first) return true
  const columns = Object.keys(row.columns)
  const same = first.table === row.table && columns.every((name) => Object.hasOwn(first.columns, name))
  return same && batch.length < batchRows && (batch.length + 1) * columns.length <= parametersMax
}

/** Everything but the installation's own row, which is given back. */
const insertAll = async (
  db: Database,
  header: DumpHeader,
  lines: AsyncIterator<string>,
  onRows: (header: DumpHeader, rows: number) => void,
): Promise<readonly Row[]> => {
  const written = new Map<string, number>()
  const own: Row[] = []
  let batch: Row[] = []
  const flush = async () => {
    await insert(db, batch)
    onRows(header, batch.length)
    batch = []
  }
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const line = parse(next.value) as RowLine | { end: number }
    if ('end' in line) {
      await flush()
      checkCounts(header, written, line.end)
      // Only now is it known that nothing was cut off.
      if (!(await lines.next()).done) throw damaged('something follows its end')
      return own
    }
    const row = readRow(line)
    written.set(row.table, (written.get(row.table) ?? 0) + 1)
    if (row.table === 'installation') own.push(row)
    else {
      if (!fits(batch, row)) await flush()
      batch.push(row)
    }
  }
  throw damaged('its end is missing')
}

/**
 * Makes the tables as they were where the lines come from, writes the rows, and brings the tables up to this program. The
 * installation's own row comes last, together with what `finish` writes: until then the database is nobody's, and cannot
 * be served. Throws `LinesUnusable`.
 */
export const loadLines = async (
  db: Database,
  engine: Engine,
  lines: AsyncIterable<string>,
  onRows: (header: DumpHeader, rows: number) => void,
  finish: (db: Database, header: DumpHeader) => Promise<void>,
): Promise<DumpHeader> => {
  const all = lines[Symbol.asyncIterator]()
  const first = await all.next()
  if (first.done) throw damaged('it is empty')
  const header = readHeader(first.value)
  await migrate(db, engine, true, header.schema)
  const own = await db.transaction().execute((tx) => insertAll(tx, header, all, onRows))
  await migrate(db, engine, false)
  await db.transaction().execute(async (tx) => {
    await insert(tx, own)
    await finish(tx, header)
  })
  return header
}
