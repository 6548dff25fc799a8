/** Counted keys and found texts: what is told beside the rows is what the rows say. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Key } from '../../../src/core/object.ts'
import type { KeyFilter, KeyPage } from '../../../src/core/pages.ts'
import { stateOf, states } from '../../../src/core/state.ts'
import { commit, key, now, place } from '../objects.ts'
import type { Bench, Opened } from './bench.ts'

const day = 86_400_000

const anyFacts = fc.record(
  {
    suspended: fc.boolean(),
    deactivated: fc.boolean(),
    destroyAt: fc.constantFrom(null, now + day, now + 2 * day),
    materialPresent: fc.boolean(),
    materialExpiresAt: fc.constantFrom(null, now + day, now + 3 * day),
    owner: fc.constantFrom('user', 'cloud-disk'),
    origin: fc.constantFrom('generated' as const, 'imported' as const),
    algorithm: fc.constantFrom('aes-256', 'sm4'),
  },
  { requiredKeys: [] },
)

type Step =
  | { readonly does: 'add'; readonly facts: Partial<Key> }
  | { readonly does: 'put'; readonly which: number; readonly facts: Partial<Key> }
  | { readonly does: 'drop'; readonly which: number }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant('add' as const), facts: anyFacts }),
  fc.record({ does: fc.constant('put' as const), which: fc.nat(), facts: anyFacts }),
  fc.record({ does: fc.constant('drop' as const), which: fc.nat() }),
)

/** What is there after the steps, each of which was committed. */
const take = async ({ run }: Bench, steps: readonly Step[]): Promise<readonly Key[]> => {
  const there: Key[] = []
  for (const step of steps) {
    const at = step.does === 'add' ? there.length : step.which % Math.max(1, there.length)
    const over = there[at]
    if (step.does === 'add') {
      const row = key(step.facts)
      await run([{ add: row }])
      there.push(row)
    } else if (over && step.does === 'put') {
      await run([{ put: { ...over, ...step.facts }, over }])
      there[at] = { ...over, ...step.facts, revision: over.revision + 1 }
    } else if (over) {
      await run([{ drop: over }])
      there.splice(at, 1)
    }
  }
  return there
}

const first = { filter: {}, order: 'newestFirst', offset: 0, limit: 0 } as const
const countOf = ({ store }: Opened, filter: KeyFilter, at = now) => store.reader.countKeys(place, filter, at)

const counts = (bench: Bench): void => {
  test('after any changes as many keys are counted as there are, in every state, also once dates have passed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 25 }), async (steps) => {
        const there = await take(bench, steps)
        for (const at of [now, now + day, now + 2 * day, now + 4 * day])
          for (const state of states)
            expect(await countOf(bench.db, { states: [state] }, at)).toBe(
              there.filter((row) => stateOf(row, at) === state).length,
            )
        expect(await countOf(bench.db, { owner: 'product' })).toBe(there.filter(({ owner }) => owner !== 'user').length)
        expect((await bench.db.soundness()).miscounted).toBe(0)
        for (const over of there) await bench.run([{ drop: over }])
      }),
      { numRuns: 12 },
    )
  })

  test('a change that is undone is not counted', async () => {
    const { db } = bench
    const other = key()
    const refused = await db.store.commit(commit([{ add: key() }, { put: other, over: other }]))
    expect(refused.outcome).toBe('conflict')
    expect(await countOf(db, {})).toBe(0)
  })

  test('two processes that make keys at once count all of them', async () => {
    const dbs = [bench.db, await bench.open({ node: 'other' })]
    const make = async (at: number) => dbs[at % 2]?.store.commit(commit([{ add: key({ suspended: at % 3 === 0 }) }]))
    await Promise.all(Array.from({ length: 60 }, (_, at) => make(at)))
    expect(await countOf(bench.db, {})).toBe(60)
    expect(await countOf(bench.db, { states: ['suspended'] })).toBe(20)
    expect((await bench.db.soundness()).miscounted).toBe(0)
  })

  test('every page of many keys is the same from either end', async () => {
    const made = Array.from({ length: 90 }, (_, at) =>
      key({ createdAt: now + (at % 7), suspended: at % 4 === 0, algorithm: at % 2 === 0 ? 'sm4' : 'aes-256' }),
    )
    await Promise.all(made.map(bench.add))
    const { reader } = bench.db.store
    const all = (await reader.keys(place, { ...first, limit: 100 }, now)).rows.map(({ id }) => id)
    expect(all).toHaveLength(90)
    for (const order of ['newestFirst', 'oldestFirst'] as const)
      for (let offset = 0; offset <= 95; offset += 5) {
        const { total, rows } = await reader.keys(place, { filter: {}, order, offset, limit: 10 }, now)
        const expected = order === 'newestFirst' ? all : all.toReversed()
        expect({ total, ids: rows.map(({ id }) => id) }).toEqual({
          total: 90,
          ids: expected.slice(offset, offset + 10),
        })
      }
  })
}

const letters = ['a', 'B', 'b', 'A', '%', '_', '\\', '"', "'", 'ä', 'Ä', '密', '😀', ' ', '-']
const lower = (value: string) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

const texts = (bench: Bench): void => {
  const found = async (filter: KeyFilter) => {
    const { total, rows } = await bench.db.store.reader.keys(place, { ...first, filter, limit: 1000 }, now)
    return { total, ids: new Set(rows.map(({ id }) => id)) }
  }

  test('a rough total is exact where few match, and a least one beside the same rows where very many do', {
    timeout: 120_000,
  }, async () => {
    const many = Array.from({ length: 10_020 }, (_, at) => key({ name: `zq, one of many ${at}`, createdAt: now + at }))
    for (let from = 0; from < many.length; from += 500) await Promise.all(many.slice(from, from + 500).map(bench.add))
    const read = async (search: string, page: Partial<KeyPage>) => {
      const asked = { ...first, filter: { search }, limit: 5, ...page }
      const { total, isLeast, rows } = await bench.db.store.reader.keys(place, asked, now)
      return { total, isLeast, names: rows.map(({ name }) => name) }
    }
    for (const order of ['newestFirst', 'oldestFirst'] as const)
      for (const offset of [0, 7000, 10_017, 10_020]) {
        // No index of three characters knows of two.
        const { names, ...exact } = await read('zq', { order, offset })
        expect(exact).toEqual({ total: 10_020, isLeast: false })
        const rough = await read('zq', { order, offset, roughly: true })
        expect(rough).toEqual({ total: 10_000, isLeast: true, names })
        // One that does may know the total.
        const indexed = await read('one of many', { order, offset, roughly: true })
        expect([exact, { total: 10_000, isLeast: true }]).toContainEqual({
          total: indexed.total,
          isLeast: indexed.isLeast,
        })
        expect(indexed.names).toEqual(names)
      }
    const few = await read('one of many 777', {})
    expect([few.total, few.isLeast]).toEqual([11, false])
    expect(await read('one of many 777', { roughly: true })).toEqual(few)
  })

  test('a search finds the keys that contain the text, and no others, whatever the text is', async () => {
    const anyName = fc.string({ unit: fc.constantFrom(...letters), maxLength: 9 })
    const rows = fc.sample(anyName, { numRuns: 400, seed: 3 }).map((name) => key({ name }))
    // More than an index may leave out for a while, and some that it leaves out.
    await Promise.all(rows.slice(0, 300).map(bench.add))
    await Promise.all(rows.slice(300).map(bench.add))
    const part = fc.tuple(fc.constantFrom(...rows), fc.nat(6), fc.integer({ min: 1, max: 6 }))
    const anyText = fc.oneof(
      fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 5 }),
      part.map(([{ name }, from, length]) => [...name].slice(from, from + length).join('')),
      part.map(([{ id }, from, length]) => id.slice(-from - length)),
    )
    await fc.assert(
      fc.asyncProperty(
        anyText.filter((text) => text !== ''),
        async (text) => {
          const contain = (...values: string[]) => values.some((value) => lower(value).includes(lower(text)))
          const expected = (matching: readonly Key[]) => ({
            total: matching.length,
            ids: new Set(matching.map(({ id }) => id)),
          })
          expect(await found({ search: text })).toEqual(expected(rows.filter(({ id, name }) => contain(id, name))))
          expect(await found({ nameSearch: text })).toEqual(expected(rows.filter(({ name }) => contain(name))))
        },
      ),
      { numRuns: 150 },
    )
  })

  test('a key is found by its new name and no longer by the old one', async () => {
    const before = await bench.add(key({ name: 'called before' }))
    await bench.run([{ put: { ...before, name: 'known as now' }, over: before }])
    expect((await found({ search: 'called be' })).total).toBe(0)
    expect((await found({ search: 'KNOWN as' })).ids).toEqual(new Set([before.id]))
  })

  test('a destroyed key is not found, and one that is made after it is', async () => {
    const gone = await bench.add(key({ name: 'of the first' }))
    await bench.run([{ drop: gone }])
    const made = await bench.add(key({ name: 'of the second' }))
    expect((await found({ search: 'of the' })).ids).toEqual(new Set([made.id]))
  })

  test('keys of another account or region are not found', async () => {
    await bench.add(key({ name: 'somewhere', account: 'account-2' }))
    await bench.add(key({ name: 'somewhere', region: 'region-2' }))
    const here = await bench.add(key({ name: 'somewhere' }))
    expect((await found({ search: 'somewhere' })).ids).toEqual(new Set([here.id]))
  })
}

export const keyCountsContract = (bench: Bench): void => {
  describe('counted keys', () => counts(bench))
  describe('searches of keys', () => texts(bench))
}
