import type { Instant } from '../../core/object.ts'
import type { Commit } from '../../core/ports.ts'
import { applyGroup, transact } from './commit.ts'
import { AlreadyInitialised } from './errors.ts'
import type { Database } from './schema.ts'

/** What a database says about itself: whose it is, and which root key opens it. */
export interface Installation {
  /** 16 bytes in hex. */
  readonly id: string
  readonly createdAt: Instant
  /** The root key generation of the check: that of the birth, and after a rotation the newest. */
  readonly rootGeneration: { readonly id: string; readonly number: number }
  /** Proves a root key to be this installation's. */
  readonly rootCheck: Uint8Array
  /** Where all of it was moved to: then this database is served no more. Absent while it is. */
  readonly movedTo?: string
}

export const readInstallation = async (db: Database): Promise<Installation | undefined> => {
  const row = await db.selectFrom('installation').selectAll().executeTakeFirst()
  return (
    row && {
      id: row.id,
      createdAt: row.created_at,
      rootGeneration: { id: row.root_generation_id, number: row.root_generation_number },
      rootCheck: row.root_check,
      ...(row.moved_to === null ? {} : { movedTo: row.moved_to }),
    }
  )
}

/** A check under another generation of the same root key. */
export const writeRootCheck = async (
  db: Database,
  { rootGeneration, rootCheck }: Pick<Installation, 'rootGeneration' | 'rootCheck'>,
): Promise<void> => {
  await db
    .updateTable('installation')
    .set({
      root_generation_id: rootGeneration.id,
      root_generation_number: rootGeneration.number,
      root_check: rootCheck,
    })
    .execute()
}

/** Writes the installation and its first objects in one transaction. Throws `AlreadyInitialised`. */
export const initialise = (db: Database, node: string, installation: Installation, first: Commit): Promise<void> =>
  transact(db, async (tx) => {
    const row = {
      one: 1,
      id: installation.id,
      created_at: installation.createdAt,
      root_generation_id: installation.rootGeneration.id,
      root_generation_number: installation.rootGeneration.number,
      root_check: installation.rootCheck,
      moved_to: null,
    }
    const inserted = await tx
      .insertInto('installation')
      .values(row)
      .onConflict((same) => same.column('one').doNothing())
      .executeTakeFirst()
    if (inserted.numInsertedOrUpdatedRows !== 1n) throw new AlreadyInitialised('the database holds an installation')
    const [result] = (await applyGroup(tx, node, [first])).results
    if (result?.outcome === 'failed') throw result.cause
    if (result?.outcome !== 'committed') throw new Error(`the first objects were refused: ${result?.outcome}`)
  })

/** Says that everything in here was moved: no program serves it from then on. */
export const markMoved = async (db: Database, to: string): Promise<void> => {
  await db.updateTable('installation').set({ moved_to: to }).execute()
}
