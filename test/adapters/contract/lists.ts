import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Key } from '../../../src/core/object.ts'
import type { KeyFilter } from '../../../src/core/pages.ts'
import { type State, stateOf, states } from '../../../src/core/state.ts'
import { key, now, place } from '../objects.ts'
import type { Bench } from './bench.ts'

export const listsContract = (bench: Bench): void => {
  const { add } = bench

  describe('lists', () => {
    const letters = ['a', 'B', 'b', 'A', '%', '_', '\\', 'ä', 'Ä']
    const facts = {
      destroyAt: fc.constantFrom(null, now - 1, now, now + 1),
      materialPresent: fc.boolean(),
      materialExpiresAt: fc.constantFrom(null, now - 1, now, now + 1),
      deactivated: fc.boolean(),
      suspended: fc.boolean(),
    }
    const anyKey = fc.record({
      ...facts,
      name: fc.string({ unit: fc.constantFrom(...letters), maxLength: 6 }),
      owner: fc.constantFrom('user', 'cloud-disk'),
      origin: fc.constantFrom('generated' as const, 'imported' as const),
      usage: fc.constantFrom('encryptDecrypt' as const, 'signVerify' as const),
      algorithm: fc.constantFrom('aes-256', 'sm4', 'rsa-2048', 'sm2'),
      createdAt: fc.integer({ min: now, max: now + 3 }),
      region: fc.constantFrom('region-1', 'region-2'),
      account: fc.constantFrom('account-1', 'account-2'),
      group: fc.constantFrom('', 'one', 'two'),
    })
    const anyFilter: fc.Arbitrary<KeyFilter> = fc.record(
      {
        states: fc.subarray([...states]),
        usages: fc.subarray(['encryptDecrypt' as const, 'signVerify' as const]),
        algorithms: fc.subarray(['aes-256', 'sm4', 'rsa-2048', 'sm2']),
        origin: fc.constantFrom('generated' as const, 'imported' as const),
        owner: fc.constantFrom('user' as const, 'product' as const),
        search: fc.string({ unit: fc.constantFrom(...letters, '0', 'd', '-'), minLength: 1, maxLength: 4 }),
        nameSearch: fc.string({ unit: fc.constantFrom(...letters, 'd'), minLength: 1, maxLength: 2 }),
        group: fc.constantFrom('', 'one', 'two'),
      },
      { requiredKeys: [] },
    )

    const lower = (value: string) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    const matches = (row: Key, filter: KeyFilter) => {
      const { states, usages, algorithms, origin, owner, search, nameSearch, group } = filter
      return (
        row.account === place.account &&
        row.region === place.region &&
        (states?.includes(stateOf(row, now)) ?? true) &&
        (usages?.includes(row.usage) ?? true) &&
        (algorithms?.includes(row.algorithm) ?? true) &&
        (origin ?? row.origin) === row.origin &&
        (owner === undefined || (owner === 'user') === (row.owner === 'user')) &&
        (search === undefined || [row.id, row.name].some((value) => lower(value).includes(lower(search)))) &&
        (nameSearch === undefined || lower(row.name).includes(lower(nameSearch))) &&
        (group ?? row.group) === row.group
      )
    }
    const byAge = (a: Key, b: Key) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)

    test('a page is what filtering, sorting and slicing by hand gives', async () => {
      const rows = fc.sample(anyKey, { numRuns: 150, seed: 7 }).map((over) => key(over))
      await Promise.all(rows.map(add))
      const sorted = rows.toSorted(byAge)
      const page = fc.record({
        filter: anyFilter,
        order: fc.constantFrom('newestFirst' as const, 'oldestFirst' as const),
        offset: fc.nat(30),
        limit: fc.nat(30),
      })
      await fc.assert(
        fc.asyncProperty(page, async (asked) => {
          const all = sorted.filter((row) => matches(row, asked.filter))
          if (asked.order === 'newestFirst') all.reverse()
          const expected = {
            total: all.length,
            isLeast: false,
            rows: all.slice(asked.offset, asked.offset + asked.limit),
          }
          expect(await bench.db.store.reader.keys(place, asked, now)).toEqual(expected)
          expect(await bench.db.store.reader.countKeys(place, asked.filter, now)).toBe(all.length)
        }),
        { numRuns: 200 },
      )
    })

    test('the state in SQL is the state of the core, for every combination of facts', async () => {
      const dates = [null, 0, now - 1, now, now + 1]
      const flags = [true, false]
      const rows = dates.flatMap((destroyAt) =>
        dates.flatMap((materialExpiresAt) =>
          flags.flatMap((materialPresent) =>
            flags.flatMap((deactivated) =>
              flags.map((suspended) => key({ destroyAt, materialExpiresAt, materialPresent, deactivated, suspended })),
            ),
          ),
        ),
      )
      await Promise.all(rows.map(add))
      const idsIn = async (state: State) => {
        const page = { filter: { states: [state] }, order: 'oldestFirst', offset: 0, limit: 1000 } as const
        return (await bench.db.store.reader.keys(place, page, now)).rows.map((row) => row.id)
      }
      for (const state of states) {
        const expected = rows.filter((row) => stateOf(row, now) === state).map((row) => row.id)
        expect(expected).not.toEqual([])
        expect(await idsIn(state)).toEqual(expected)
      }
    })

    test('a page past its bounds is refused', async () => {
      const page = { filter: {}, order: 'newestFirst', offset: 0, limit: 1001 } as const
      await expect(bench.db.store.reader.keys(place, page, now)).rejects.toThrow('out of range')
      await expect(bench.db.store.reader.keys(place, { ...page, limit: 1, offset: -1 }, now)).rejects.toThrow(
        'out of range',
      )
    })
  })
}
