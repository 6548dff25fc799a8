import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Key, Tags } from '../../../src/core/object.ts'
import type { TagCondition } from '../../../src/core/pages.ts'
import { dataKey, key, now, place, whiteBoxKey } from '../objects.ts'
import type { Bench } from './bench.ts'

const tags = (pairs: Readonly<Record<string, string>>): Tags => new Map(Object.entries(pairs))
const condition = (name: string, ...values: string[]): TagCondition => ({ key: name, values })

export const tagsContract = (bench: Bench): void => {
  const { add, run, get } = bench
  const { region, account } = place

  const found = async (...conditions: TagCondition[]): Promise<string[]> => {
    const page = { regions: [region], conditions, limit: 1000 }
    return (await bench.db.store.reader.tagged(account, page)).map(({ id }) => id)
  }
  const listed = async (...conditions: TagCondition[]): Promise<[number, string[]]> => {
    const page = { filter: { tags: conditions }, order: 'oldestFirst', offset: 0, limit: 1000 } as const
    const { total, rows } = await bench.db.store.reader.keys(place, page, now)
    return [total, rows.map(({ id }) => id).sort()]
  }

  describe('tags', () => {
    test('of a row come back in their order, whatever they are called', async () => {
      const pairs = new Map([
        ['10', 'b'],
        ['2', 'a\'"\\'],
        ['__proto__', 'x'],
        ['中', 'ü\u{1F511}'],
      ])
      const { id } = await add(key({ tags: pairs }))
      expect([...((await get('key', id))?.tags ?? [])]).toEqual([...pairs])
    })

    test('of the keys of a place are told once each, in order, while their keys are there', async () => {
      await add(key({ tags: tags({ env: 'prod', team: 'red' }) }))
      await add(key({ tags: tags({ env: 'dev', team: 'red' }), destroyAt: now + 1 }))
      await add(key({ tags: tags({ gone: '1' }), destroyAt: now }))
      await add(key({ tags: tags({ elsewhere: '1' }), region: 'another' }))
      await add(dataKey({ tags: tags({ other: '1' }) }))
      const pairs = await bench.db.store.reader.tagPairs(place, 10, now)
      expect(pairs.map(({ key: name, value }) => `${name}=${value}`)).toEqual(['env=dev', 'env=prod', 'team=red'])
      expect(await bench.db.store.reader.tagPairs(place, 1, now)).toHaveLength(1)
    })

    test('are found as soon as the row has them, are changed with it and go with it', async () => {
      const row = await add(key({ tags: tags({ env: 'dev' }) }))
      expect(await found(condition('env', 'dev'))).toEqual([row.id])
      const put = { ...row, tags: tags({ env: 'prod', team: 'red' }) }
      await run([{ put, over: row }])
      expect(await found(condition('env', 'dev'))).toEqual([])
      expect(await found(condition('env', 'prod'), condition('team'))).toEqual([row.id])
      const renamed = { ...put, revision: 2, name: 'another' }
      await run([{ put: renamed, over: { ...put, revision: 2 } }])
      expect(await found(condition('team', 'red'))).toEqual([row.id])
      await run([{ drop: { ...renamed, revision: 3 } }])
      expect(await found()).toEqual([])
    })

    test('of a change that is refused are not found', async () => {
      const row = await add(key({ tags: tags({ env: 'dev' }) }))
      const stale = { ...row, revision: 7 }
      await run([{ put: { ...stale, tags: tags({ env: 'prod' }) }, over: stale }])
      const taken = { add: key({ id: row.id, tags: tags({ env: 'prod' }) }) }
      expect(await run([{ add: key({ tags: tags({ env: 'prod' }) }) }, taken])).toEqual({ outcome: 'conflict' })
      expect([await found(condition('env', 'prod')), await found(condition('env'))]).toEqual([[], [row.id]])
    })

    test('of another account or region are not found', async () => {
      const same = { tags: tags({ env: 'dev' }) }
      const here = await add(key(same))
      const elsewhere = await add(key({ ...same, region: 'region-2' }))
      await add(key({ ...same, account: 'account-2' }))
      expect(await found(condition('env'))).toEqual([here.id])
      expect(await listed(condition('env'))).toEqual([1, [here.id]])
      const regions = [region, 'region-2']
      const both = await bench.db.store.reader.tagged(account, { regions, conditions: [], limit: 10 })
      expect(both.map(({ id }) => id)).toEqual([here.id, elsewhere.id].sort())
      expect(await bench.db.store.reader.tagged(account, { regions: [], conditions: [], limit: 10 })).toEqual([])
    })

    test('of every kind are found together, page by page', async () => {
      const parent = await add(key({ tags: tags({ a: '1', b: '2' }) }))
      const child = await add(dataKey({ key: parent.id, tags: tags({ a: '1' }) }))
      const other = await add(whiteBoxKey({ tags: tags({ a: '1' }) }))
      const all = [parent, child, other].sort((one, another) => (one.id < another.id ? -1 : 1))
      const ids = all.map(({ id }) => id)
      const page = (limit: number, after = '') =>
        bench.db.store.reader.tagged(account, { regions: [region], conditions: [condition('a')], limit, after })
      expect((await page(1)).map(({ id }) => id)).toEqual(ids.slice(0, 1))
      expect((await page(2, ids[0])).map(({ id }) => id)).toEqual(ids.slice(1))
      expect(await page(3)).toEqual(all)
      await expect(page(1001)).rejects.toThrow('out of range')
    })

    test('filter keys as a filter over all of them would', async () => {
      const anyTags = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', "c'"), fc.constantFrom('1', '2')), {
        selector: ([name]) => name,
      })
      const anyCondition = fc.record({
        key: fc.constantFrom('a', 'b', "c'", 'd'),
        values: fc.subarray(['1', '2', '3']),
      })
      const all: Key[] = []
      for (const pairs of fc.sample(anyTags, { numRuns: 25, seed: 1 }))
        all.push(await add(key({ tags: new Map(pairs) })))
      const holds = (row: Key) => (each: TagCondition) => {
        const value = row.tags.get(each.key)
        return value !== undefined && (each.values.length === 0 || each.values.includes(value))
      }
      await fc.assert(
        fc.asyncProperty(fc.array(anyCondition, { maxLength: 3 }), async (conditions) => {
          const expected = all.filter((row) => conditions.every(holds(row))).map(({ id }) => id)
          expect(await listed(...conditions)).toEqual([expected.length, expected.sort()])
        }),
        { numRuns: 40 },
      )
    })
  })
}
