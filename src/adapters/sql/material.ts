/**
 * Wrapped material sits in slots that are never deleted and never change their size: a slot that is left is overwritten
 * with zeros where it stands, and is taken again by material of the same length.
 *
 * Why not a column and DELETE: SQLite's `secure_delete` zeroes the cell that is deleted, but when pages are merged it
 * moves living cells and leaves their old bytes in the slack of the page, and those outlive the cell (measured: one
 * deletion in two thousand left its material in the file). An append-only table of equal-length updates moves no cell.
 */
import { writesAtOnce } from './engine.ts'
import type { Database } from './schema.ts'

/** A slot of that size that nobody has now; where another connection writes at once, one that it does not take. */
const takeFree = async (db: Database, size: number): Promise<number | undefined> => {
  const found = db.selectFrom('vacancy').select('slot').where('size', '=', size).limit(1)
  const free = await (writesAtOnce(db) ? found.forUpdate().skipLocked() : found).executeTakeFirst()
  if (free) await db.deleteFrom('vacancy').where('slot', '=', free.slot).execute()
  return free?.slot
}

/** The slot that now holds `bytes`. */
export const occupy = async (db: Database, bytes: Uint8Array): Promise<number> => {
  const slot = await takeFree(db, bytes.length)
  if (slot === undefined)
    return (await db.insertInto('material').values({ bytes }).returning('slot').executeTakeFirstOrThrow()).slot
  await db.updateTable('material').set({ bytes }).where('slot', '=', slot).execute()
  return slot
}

/** Overwrites the slots; tells whether there were any. */
export const vacate = async (db: Database, slots: readonly (number | null)[]): Promise<boolean> => {
  const left = slots.filter((slot) => slot !== null)
  for (const slot of left) {
    const { size } = await db
      .selectFrom('material')
      .select((eb) => eb.fn<number>('length', ['bytes']).as('size'))
      .where('slot', '=', slot)
      .executeTakeFirstOrThrow()
    await db
      .updateTable('material')
      .set({ bytes: new Uint8Array(size) })
      .where('slot', '=', slot)
      .execute()
    await db.insertInto('vacancy').values({ slot, size }).execute()
  }
  return left.length > 0
}
