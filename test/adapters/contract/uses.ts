import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Use } from '../../../src/core/ports.ts'
import { commit, key } from '../objects.ts'
import type { Bench } from './bench.ts'

const use = (over: Partial<Use> = {}): Use => ({
  key: 'key-1',
  version: 1,
  principal: 'alice',
  dialect: 'tencent',
  minute: 29_000_000,
  count: 1,
  ...over,
})

const nameOf = ({ count, ...rest }: Use) => JSON.stringify(Object.entries(rest).sort())
/** What adding them up by hand gives. */
const sumOf = (uses: readonly Use[]): ReadonlyMap<string, number> => {
  const sum = new Map<string, number>()
  for (const one of uses) sum.set(nameOf(one), (sum.get(nameOf(one)) ?? 0) + one.count)
  return sum
}

export const usesContract = (bench: Bench): void => {
  const countAt = (minute: number, ...uses: Use[]) => bench.db.store.countUses(uses, minute * 60_000)
  const count = (...uses: Use[]) => countAt(Math.max(0, ...uses.map(({ minute }) => minute)), ...uses)

  describe('use counts', () => {
    test('are added to what was counted before, for each key, version, principal, dialect and minute', async () => {
      await count(use({ count: 3 }))
      await count(use({ count: 4 }), use({ version: 2 }), use({ principal: 'bob' }))
      await count(use({ dialect: 'huawei' }), use({ minute: 29_000_001 }), use({ key: 'key-2' }))
      expect(sumOf(await bench.uses())).toEqual(
        sumOf([
          use({ count: 7 }),
          use({ version: 2 }),
          use({ principal: 'bob' }),
          use({ dialect: 'huawei' }),
          use({ minute: 29_000_001 }),
          use({ key: 'key-2' }),
        ]),
      )
    })

    test('are summed for a key or for a place, told apart as asked, the largest first', async () => {
      const rows = ['key-1', 'key-2'].map((id) => key({ id, name: id }))
      await bench.db.store.commit(commit(rows.map((add) => ({ add }))))
      const from = 29_000_040
      await count(use({ minute: from, count: 3 }), use({ minute: from + 1, dialect: 'huawei', count: 5 }))
      await count(use({ minute: from + 60, version: 2 }), use({ key: 'key-2', minute: from, count: 8 }))
      await count(use({ key: 'key-gone', minute: from, count: 100 }), use({ minute: from + 120, count: 100 }))
      const { reader } = bench.db.store
      const window = { from, until: from + 120, step: 60, limit: 10 }
      const empty = { key: '', version: 0, principal: '', dialect: '', minute: 0 }
      const hour = from - (from % 60)
      expect(await reader.uses({ of: { key: 'key-1' }, ...window, by: ['minute'] })).toEqual([
        { ...empty, minute: hour, count: 8 },
        { ...empty, minute: hour + 60, count: 1 },
      ])
      const { account, region } = key()
      const place = { of: { account, region }, ...window }
      expect(await reader.uses({ ...place, by: ['key'] })).toEqual([
        { ...empty, key: 'key-1', count: 9 },
        { ...empty, key: 'key-2', count: 8 },
      ])
      expect(await reader.uses({ ...place, by: ['key', 'dialect'], limit: 2 })).toEqual([
        { ...empty, key: 'key-2', dialect: 'tencent', count: 8 },
        { ...empty, key: 'key-1', dialect: 'huawei', count: 5 },
      ])
      expect(await reader.uses({ ...place, of: { account, region: 'elsewhere' }, by: [] })).toEqual([])
    })

    test('are kept when the database is opened again', async () => {
      await count(use({ count: 5 }))
      await bench.reopen()
      await count(use({ count: 6 }))
      expect(await bench.uses()).toEqual([use({ count: 11 })])
    })

    test('are written all or none', async () => {
      const bad = { ...use({ key: 'key-bad' }), count: null as unknown as number }
      const many = Array.from({ length: 1200 }, (_, n) => use({ key: `key-${n}` }))
      await expect(count(...many, bad)).rejects.toThrow()
      expect(await bench.uses()).toEqual([])
      await count(...many)
      expect(await bench.uses()).toHaveLength(1200)
    })

    test('are kept by the minute for two days, then by the day, and none is lost', async () => {
      const day = 1440
      const first = 20_000 * day
      const minutes = Array.from({ length: 5000 }, (_, n) => use({ minute: first + (n % day), key: `key-${n % 4}` }))
      for (let from = 0; from < minutes.length; from += 4) await count(...minutes.slice(from, from + 4))
      const total = (uses: readonly Use[]) => uses.reduce((sum, { count: one }) => sum + one, 0)
      const early = (uses: readonly Use[]) => uses.filter(({ minute }) => minute % day !== 0)
      expect(early(await bench.uses()).length).toBeGreaterThan(1000)

      for (let write = 0; write < 5; write++) await countAt(first + 4 * day)
      const folded = await bench.uses()
      expect(total(folded)).toBe(minutes.length)
      expect(folded).toHaveLength(4)
      expect(new Set(folded.map(({ minute }) => minute))).toEqual(new Set([first]))

      await countAt(first + 3 * day, use({ minute: first + 5 }))
      await countAt(first + 4 * day)
      expect(total(await bench.uses())).toBe(minutes.length + 1)
      await countAt(first + 402 * day)
      expect(await bench.uses()).toEqual([])
    })

    test('of nothing are nothing', async () => {
      await count()
      expect(await bench.uses()).toEqual([])
    })

    test('are what adding them up by hand gives, however they are split into writes', async () => {
      const one = fc.record({
        key: fc.constantFrom('a', 'b'),
        version: fc.constantFrom(1, 2),
        principal: fc.constantFrom('p', 'q'),
        dialect: fc.constantFrom('tencent', 'huawei'),
        minute: fc.constantFrom(1, 2),
        count: fc.integer({ min: 1, max: 1_000_000 }),
      })
      // A write holds each count once, as what is counted in memory does.
      const write = fc.uniqueArray(one, { selector: nameOf, maxLength: 20 })
      const written: Use[] = []
      await fc.assert(
        fc.asyncProperty(write, async (uses) => {
          await count(...uses)
          written.push(...uses)
          expect(sumOf(await bench.uses())).toEqual(sumOf(written))
        }),
        { numRuns: 25, endOnFailure: true },
      )
    })

    test('do not hold changes up, and are held up by none', async () => {
      const changes = Array.from({ length: 20 }, () => bench.db.store.commit(commit([{ add: key() }])))
      const counts = Array.from({ length: 20 }, () => count(use()))
      for (const committed of await Promise.all(changes)) expect(committed).toMatchObject({ outcome: 'committed' })
      await Promise.all(counts)
      expect(await bench.uses()).toEqual([use({ count: 20 })])
    })
  })
}
