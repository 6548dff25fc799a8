import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DataKey } from '../../../src/core/object.ts'
import type { DataKeyFilter } from '../../../src/core/pages.ts'
import { stateOf, states } from '../../../src/core/state.ts'
import { dataKey, now, place } from '../objects.ts'
import type { Bench } from './bench.ts'

export const dataKeyListsContract = (bench: Bench): void => {
  const { add } = bench

  describe('lists of data keys', () => {
    const letters = ['a', 'B', 'b', 'A', '%', '_', '\\']
    const anyDataKey = fc.record({
      destroyAt: fc.constantFrom(null, now - 1, now, now + 1),
      suspended: fc.boolean(),
      name: fc.string({ unit: fc.constantFrom(...letters), maxLength: 4 }),
      owner: fc.constantFrom('user', 'cloud-disk'),
      origin: fc.constantFrom('generated' as const, 'imported' as const),
      key: fc.constantFrom('key-1', 'key-2'),
      bytes: fc.constantFrom(16, 32),
      createdAt: fc.integer({ min: now, max: now + 3 }),
      region: fc.constantFrom('region-1', 'region-2'),
      account: fc.constantFrom('account-1', 'account-2'),
    })
    const anyFilter: fc.Arbitrary<DataKeyFilter> = fc.record(
      {
        states: fc.subarray([...states]),
        origin: fc.constantFrom('generated' as const, 'imported' as const),
        owner: fc.constantFrom('user' as const, 'product' as const),
        key: fc.constantFrom('key-1', 'key-2', 'key-3'),
        bytes: fc.constantFrom(16, 32, 64),
        search: fc.string({ unit: fc.constantFrom(...letters, '0', 'd', '-'), minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: [] },
    )

    const lower = (value: string) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    const matches = (row: DataKey, { states: wanted, origin, owner, search, key, bytes }: DataKeyFilter) =>
      row.account === place.account &&
      row.region === place.region &&
      (wanted?.includes(stateOf(row, now)) ?? true) &&
      (origin ?? row.origin) === row.origin &&
      (key ?? row.key) === row.key &&
      (bytes ?? row.bytes) === row.bytes &&
      (owner === undefined || (owner === 'user') === (row.owner === 'user')) &&
      (search === undefined || [row.id, row.name].some((value) => lower(value).includes(lower(search))))
    const byAge = (a: DataKey, b: DataKey) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)

    test('a page is what filtering, sorting and slicing by hand gives, each row with its material', async () => {
      const rows = fc.sample(anyDataKey, { numRuns: 120, seed: 11 }).map((over) => dataKey(over))
      await Promise.all(rows.map(add))
      const sorted = rows.toSorted(byAge)
      const page = fc.record({
        filter: anyFilter,
        order: fc.constantFrom('newestFirst' as const, 'oldestFirst' as const),
        offset: fc.nat(20),
        limit: fc.nat(30),
      })
      await fc.assert(
        fc.asyncProperty(page, async (asked) => {
          const all = sorted.filter((row) => matches(row, asked.filter))
          if (asked.order === 'newestFirst') all.reverse()
          const expected = { total: all.length, rows: all.slice(asked.offset, asked.offset + asked.limit) }
          expect(await bench.db.store.reader.dataKeys(place, asked, now)).toEqual(expected)
          expect(await bench.db.store.reader.countDataKeys(place, asked.filter, now)).toBe(all.length)
        }),
        { numRuns: 100 },
      )
    })

    test('a page past its bounds is refused', async () => {
      const page = { filter: {}, order: 'newestFirst', offset: 0, limit: 1001 } as const
      await expect(bench.db.store.reader.dataKeys(place, page, now)).rejects.toThrow('out of range')
    })
  })
}
