import { expect, test } from 'vitest'
import { CachedView, type Load } from '../../src/adapters/sql/cached-view.ts'
import type { Key, Snapshot } from '../../src/core/object.ts'
import { key, whiteBoxKey, whiteBoxTables } from './objects.ts'

/** A view whose loads are answered by hand, in the order of the test. */
const byHand = (seen = 5) => {
  const answers: ((row?: Snapshot) => void)[] = []
  const load: Load = () => new Promise((resolve) => answers.push(resolve as (row?: Snapshot) => void))
  const view = new CachedView(seen, 10, load)
  return { view, answers, get: async (id: string) => (await view.get('key', id)) as Key | undefined }
}

const row = key()
const newer: Key = { ...row, suspended: true, revision: 2 }
const changed = [{ kind: 'key', id: row.id }] as const

test('a row that was asked for before its eviction is used once and forgotten', async () => {
  const { view, answers, get } = byHand()
  const early = get(row.id)
  view.advance(6, changed)
  answers[0]?.(row)
  expect(await early).toEqual(row)
  const late = get(row.id)
  answers[1]?.(newer)
  expect(await late).toEqual(newer)
  expect(view.get('key', row.id)).toEqual(newer)
})

test('an old row does not overtake a newer one that is held already', async () => {
  const { view, answers, get } = byHand()
  const early = get(row.id)
  view.advance(6, changed)
  const late = get(row.id)
  answers[1]?.(newer)
  await late
  answers[0]?.(row)
  await early
  expect(view.get('key', row.id)).toEqual(newer)
})

test('a load is shared by misses at the same epoch, and never with a later one', async () => {
  const { view, answers, get } = byHand()
  const first = get(row.id)
  const second = get(row.id)
  expect(answers).toHaveLength(1)
  view.advance(6, [])
  const third = get(row.id)
  expect(answers).toHaveLength(2)
  answers[0]?.(row)
  answers[1]?.(newer)
  expect(await first).toBe(await second)
  expect(await third).toEqual(newer)
})

test('a load that failed is not shared with whoever asks next', async () => {
  let failing = true
  const load = (async () => {
    if (failing) throw new Error('the reader ended')
    return row
  }) as unknown as Load
  const view = new CachedView(1, 10, load)
  await expect(view.get('key', row.id)).rejects.toThrow('the reader ended')
  failing = false
  expect(await view.get('key', row.id)).toEqual(row)
})

test('a reload always asks, and shares no load', async () => {
  const { view, answers, get } = byHand()
  const first = get(row.id)
  const reloaded = view.reload('key', row.id)
  expect(answers).toHaveLength(2)
  answers[0]?.(row)
  await first
  answers[1]?.(newer)
  expect(await reloaded).toEqual(newer)
  expect(view.get('key', row.id)).toEqual(newer)
})

test('a reload that finds nothing forgets the row', async () => {
  const { view, answers, get } = byHand()
  const first = get(row.id)
  answers[0]?.(row)
  await first
  const reloaded = view.reload('key', row.id)
  answers[1]?.()
  expect(await reloaded).toBeUndefined()
  expect(view.get('key', row.id)).toBeInstanceOf(Promise)
})

test('a reload that was overtaken by an eviction is not remembered', async () => {
  const { view, answers } = byHand()
  const reloaded = view.reload('key', row.id)
  view.advance(6, changed)
  answers[0]?.(row)
  expect(await reloaded).toEqual(row)
  expect(view.get('key', row.id)).toBeInstanceOf(Promise)
})

test('the tables of a white-box key are read anew each time, and its own row is remembered', async () => {
  const [of, asked] = [whiteBoxKey(), [] as string[]]
  const rows = { whiteBoxKey: of, whiteBoxTables: whiteBoxTables(of) } as const
  const load = (async (kind: keyof typeof rows) => {
    asked.push(kind)
    return rows[kind]
  }) as unknown as Load
  const view = new CachedView(1, 10, load)
  for (let time = 0; time < 2; time++)
    for (const kind of ['whiteBoxKey', 'whiteBoxTables'] as const)
      expect(await view.get(kind, of.id)).toEqual(rows[kind])
  await view.reload('whiteBoxTables', of.id)
  expect(asked).toEqual(['whiteBoxKey', 'whiteBoxTables', 'whiteBoxTables', 'whiteBoxTables'])
})

test('forgetting everything forgets rows of every kind', async () => {
  const { view, answers, get } = byHand()
  const first = get(row.id)
  answers[0]?.(row)
  await first
  view.advance(9, 'everything')
  expect(view.get('key', row.id)).toBeInstanceOf(Promise)
  expect(view.seen).toBe(9)
})
