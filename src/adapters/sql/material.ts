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
import { inSteps } from './steps.ts'

/** At most `count` slots of that size that nobody has now; where another connection writes at once, some that it does not take. */
const takeFree = async (db: Database, size: number, count: number): Promise<readonly number[]> => {
  const found = db.selectFrom('vacancy').select('slot').where('size', '=', size).limit(count)
  const free = await (writesAtOnce(db) ? found.forUpdate().skipLocked() : found).execute()
  const slots = free.map(({ slot }) => slot)
  if (slots.length > 0) await db.deleteFrom('vacancy').where('slot', 'in', slots).execute()
  return slots
}

/** Slots of one INSERT. */
const slotsMax = 32

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** New slots, in the order of what they hold: an engine may return rows in any order. */
const makeSlots = async (db: Database, all: readonly Uint8Array[]): Promise<readonly number[]> => {
  const made: { slot: number; bytes: Uint8Array }[] = []
  for (const some of inSteps(all, slotsMax)) {
    const values = some.map((bytes) => ({ bytes }))
    made.push(...(await db.insertInto('material').values(values).returning(['slot', 'bytes']).execute()))
  }
  const holding = Map.groupBy(made, ({ bytes }) => hex(bytes))
  return all.map((bytes) => holding.get(hex(bytes))?.pop()?.slot as number)
}

const occupySized = async (db: Database, all: readonly Uint8Array[], size: number): Promise<readonly number[]> => {
  const free = await takeFree(db, size, all.length)
  for (const [at, slot] of free.entries())
    await db
      .updateTable('material')
      .set({ bytes: all[at] as Uint8Array })
      .where('slot', '=', slot)
      .execute()
  return [...free, ...(await makeSlots(db, all.slice(free.length)))]
}

/** The slots that now hold each of `all`, in their order; null where there is nothing to hold. */
export const occupy = async (
  db: Database,
  all: readonly (Uint8Array | null)[],
): Promise<readonly (number | null)[]> => {
  const slots: (number | null)[] = all.map(() => null)
  const held = all.flatMap((bytes, at) => (bytes ? [{ bytes, at }] : []))
  for (const [size, some] of Map.groupBy(held, ({ bytes }) => bytes.length)) {
    const found = await occupySized(
      db,
      some.map(({ bytes }) => bytes),
      size,
    )
    for (const [index, { at }] of some.entries()) slots[at] = found[index] as number
  }
  return slots
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
