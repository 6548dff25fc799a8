/** Rows that are added, of one change or of several: all of them take as many statements as one. */
import type { Instant, Kind, Snapshot } from '../../core/object.ts'
import type { Committed, UniqueName } from '../../core/ports.ts'
import { occupy } from './material.ts'
import { claimNames } from './names.ts'
import { hasMaterial, materialOf, toColumns } from './rows.ts'
import { type Database, type ObjectTable, objects, objectTable } from './schema.ts'
import { inSteps } from './steps.ts'
import { addTags } from './tags.ts'

export type Refused = Exclude<Committed, { outcome: 'committed' }>

export const conflict: Refused = { outcome: 'conflict' }
export const nameTaken: Refused = { outcome: 'nameTaken' }

export interface Addition {
  readonly add: Snapshot
  readonly claim?: UniqueName
}

/** Rows of one INSERT. Each number of rows is a statement of its own, which SQLite's connection keeps. */
const rowsMax = 32

/** False where an id is there already: somebody was faster (an import ticket has its key's id). */
const insertRows = async (db: Database, kind: Kind, rows: readonly ObjectTable[]): Promise<boolean> => {
  for (const some of inSteps(rows, rowsMax)) {
    const { numInsertedOrUpdatedRows } = await objects(db)
      .insertInto(objectTable(kind))
      .values(some)
      .onConflict((same) => same.column('id').doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows !== BigInt(some.length)) return false
  }
  return true
}

/** The columns of rows of one kind, with the slots of their material. */
const columnsOf = async (db: Database, kind: Kind, rows: readonly Snapshot[]): Promise<readonly ObjectTable[]> => {
  const columns = rows.map((row) => ({ ...toColumns(row), revision: 1 }) as ObjectTable)
  if (!hasMaterial[kind]) return columns
  const slots = await occupy(db, rows.map(materialOf))
  return columns.map((row, at) => ({ ...row, material: slots[at] ?? null }))
}

/**
 * Adds rows in the order of their kinds, and claims their names at `now`. When this refuses, some of it was done, which the
 * caller undoes.
 */
export const addRows = async (
  db: Database,
  additions: readonly Addition[],
  now: Instant,
): Promise<Refused | undefined> => {
  const rows = additions.map(({ add }) => add)
  for (const [kind, some] of Map.groupBy(rows, (row) => row.kind))
    if (!(await insertRows(db, kind, await columnsOf(db, kind, some)))) return conflict
  const claims = additions.flatMap(({ add, claim }) => (claim ? [{ claim, row: add }] : []))
  if (!(await claimNames(db, claims, now))) return nameTaken
  await addTags(db, rows)
  return undefined
}
