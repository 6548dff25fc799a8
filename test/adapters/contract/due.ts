import { describe, expect, test } from 'vitest'
import type { Key } from '../../../src/core/object.ts'
import { key } from '../objects.ts'
import type { Bench } from './bench.ts'

const hour = 3_600_000

export const dueContract = (bench: Bench): void => {
  const { run, add, open } = bench

  describe('due steps', () => {
    /** The wall clock of the machine, for the engine's own clock is compared with it. */
    const today = Date.now()
    const destroy = (row: Key) => ({ step: 'destroy', key: row.id, account: row.account })

    test('a step is due when its date was seen passed for long enough', async () => {
      const row = await add(key({ destroyAt: today - 1 }))
      await add(key({ destroyAt: today + hour }))
      expect(await bench.db.store.due(today, 5 * hour, hour)).toEqual([])
      expect(await bench.db.store.due(today, hour - 1, hour)).toEqual([])
      expect(await bench.db.store.due(today, 1, hour)).toEqual([destroy(row)])
    })

    test('material that has ended is due where it is still there', async () => {
      const row = await add(key({ materialExpiresAt: today - 1 }))
      await add(key({ materialExpiresAt: today - 1, materialPresent: false }))
      expect(await bench.db.store.due(today, 0, 0)).toEqual([
        { step: 'dropMaterial', key: row.id, account: row.account },
      ])
    })

    test('the observed time outlives the process', async () => {
      const row = await add(key({ destroyAt: today - 1 }))
      await bench.db.store.due(today, 0, hour)
      await bench.db.store.due(today, hour / 2, hour)
      await bench.reopen()
      expect(await bench.db.store.due(today, hour / 2, hour)).toEqual([destroy(row)])
    })

    test('a wall clock that jumps and comes back starts the observation again', async () => {
      const row = await add(key({ destroyAt: today - 1000 }))
      await bench.db.store.due(today, 0, hour)
      await bench.db.store.due(today, hour - 1, hour)
      await bench.db.store.due(today - 2000, 10, hour)
      expect(await bench.db.store.due(today, hour, hour)).toEqual([])
      expect(await bench.db.store.due(today, hour, hour)).toEqual([destroy(row)])
    })

    test('nothing is due while the clock of the database has not passed the date', async () => {
      const row = await add(key({ destroyAt: today + 24 * hour }))
      expect(await bench.db.store.due(today + 48 * hour, 0, 0)).toEqual([])
      const moved = await open({ skew: () => 48 * hour })
      expect(await moved.store.due(today, 0, 0)).toEqual([])
      expect(await moved.store.due(today + 48 * hour, 0, 0)).toEqual([destroy(row)])
    })

    test('another date is observed from nothing, though it has passed too', async () => {
      const row = await add(key({ destroyAt: today - 1000 }))
      await bench.db.store.due(today, 0, hour)
      await run([{ put: { ...row, destroyAt: today - 500 }, over: row }])
      expect(await bench.db.store.due(today, hour, hour)).toEqual([])
      expect(await bench.db.store.due(today, hour, hour)).toEqual([destroy(row)])
    })

    test('at most a hundred steps are due at once, the oldest first', async () => {
      const rows = Array.from({ length: 120 }, (_, n) => key({ destroyAt: today - 1000 - n }))
      await Promise.all(rows.map(add))
      const due = await bench.db.store.due(today, 0, 0)
      expect(due).toEqual(rows.toReversed().slice(0, 100).map(destroy))
    })

    test('a dropped key is no longer due', async () => {
      const row = await add(key({ destroyAt: today - 1 }))
      await bench.db.store.due(today, 0, 0)
      await run([{ drop: row }])
      expect(await bench.db.store.due(today, 0, 0)).toEqual([])
    })

    test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('a running time of %s is refused', async (elapsed) => {
      await expect(bench.db.store.due(today, elapsed, hour)).rejects.toThrow('out of range')
    })
  })
}
