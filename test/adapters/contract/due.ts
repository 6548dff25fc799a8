import { describe, expect, test } from 'vitest'
import type { DataKey, Key } from '../../../src/core/object.ts'
import { dataKey, key } from '../objects.ts'
import type { Bench } from './bench.ts'

const hour = 3_600_000

export const dueContract = (bench: Bench): void => {
  const { run, add, open } = bench

  describe('due steps', () => {
    /** The wall clock of the machine, for the engine's own clock is compared with it. */
    const today = Date.now()
    const destroy = (row: Key | DataKey) => ({ step: 'destroy', kind: row.kind, id: row.id, account: row.account })

    test('a step is due when its date was seen passed for long enough', async () => {
      const row = await add(key({ destroyAt: today - 1 }))
      await add(key({ destroyAt: today + hour }))
      expect(await bench.db.store.due(today, 5 * hour, hour)).toEqual([])
      expect(await bench.db.store.due(today, hour - 1, hour)).toEqual([])
      expect(await bench.db.store.due(today, 1, hour)).toEqual([destroy(row)])
    })

    test('is counted and told by one of several processes, until nothing was heard of that one for a while', async () => {
      const row = await add(key({ destroyAt: today - 1 }))
      let skew = 0
      const other = await open({ node: 'other', skew: () => skew })
      expect(await bench.db.store.due(today, 0, hour)).toEqual([])
      // Neither is it told what is due, nor does its time count.
      expect(await other.store.due(today, 5 * hour, hour)).toEqual([])
      expect(await bench.db.store.due(today, hour - 1, hour)).toEqual([])
      skew = 120_000
      expect(await other.store.due(today, 1, hour)).toEqual([destroy(row)])
      expect(await bench.db.store.due(today, hour, hour)).toEqual([])
    })

    test('material that has ended is due where it is still there', async () => {
      const row = await add(key({ materialExpiresAt: today - 1 }))
      await add(key({ materialExpiresAt: today - 1, materialPresent: false }))
      expect(await bench.db.store.due(today, 0, 0)).toEqual([
        { step: 'dropMaterial', kind: 'key', id: row.id, account: row.account },
      ])
    })

    test('a data key is due by the same rule, beside the keys', async () => {
      const [older, row] = [await add(key({ destroyAt: today - 2 })), await add(dataKey({ destroyAt: today - 1 }))]
      await add(dataKey({ destroyAt: today + hour }))
      await add(dataKey())
      expect(await bench.db.store.due(today, 5 * hour, hour)).toEqual([])
      expect(await bench.db.store.due(today, hour, hour)).toEqual([older, row].map(destroy))
      await run([{ put: { ...row, destroyAt: null }, over: row }])
      expect(await bench.db.store.due(today, hour, hour)).toEqual([destroy(older)])
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

  describe('due rotations', () => {
    const today = Date.now()
    const rotation = (nextAt: number, enabled = true) => ({ enabled, periodDays: 7, nextAt, lastAt: null })
    const rotate = (row: Key) => ({ step: 'rotate', kind: 'key', id: row.id, account: row.account })

    test('are due at their date, by the clock of the caller alone', async () => {
      const row = await add(key({ rotation: rotation(today + 48 * hour) }))
      expect(await bench.db.store.due(today + 48 * hour - 1, 0, hour)).toEqual([])
      expect(await bench.db.store.due(today + 48 * hour, 0, hour)).toEqual([rotate(row)])
      expect(await bench.db.store.due(today, 0, hour)).toEqual([])
    })

    test('are of active keys only, and only where they are turned on', async () => {
      const passed = rotation(today - 1)
      const active = await add(key({ rotation: passed }))
      await add(key({ rotation: rotation(today - 1, false) }))
      await add(key({ rotation: passed, suspended: true }))
      await add(key({ rotation: passed, deactivated: true }))
      await add(key({ rotation: passed, destroyAt: today + hour }))
      await add(key({ rotation: passed, materialPresent: false }))
      expect(await bench.db.store.due(today, 0, hour)).toEqual([rotate(active)])
    })

    test('are at most a hundred at once, the oldest first, beside the irreversible steps', async () => {
      const rows = Array.from({ length: 110 }, (_, n) => key({ rotation: rotation(today - 1000 - n) }))
      await Promise.all(rows.map(add))
      const doomed = await add(key({ destroyAt: today - 1, rotation: rotation(today - 1) }))
      const due = await bench.db.store.due(today, 0, 0)
      expect(due).toEqual([
        { step: 'destroy', kind: 'key', id: doomed.id, account: doomed.account },
        ...rows.toReversed().slice(0, 100).map(rotate),
      ])
    })

    test('are due no more once the key has another date', async () => {
      const row = await add(key({ rotation: rotation(today - 1) }))
      await run([{ put: { ...row, rotation: rotation(today + hour) }, over: row }])
      expect(await bench.db.store.due(today, 0, hour)).toEqual([])
    })
  })
}
