import { describe, expect, test } from 'vitest'
import type { Key } from '../../../src/core/object.ts'
import * as make from '../objects.ts'
import { commit, importTicket, key } from '../objects.ts'
import type { Bench } from './bench.ts'

export const coherenceContract = (bench: Bench): void => {
  const { run, get, add, open } = bench

  describe('coherence', () => {
    test('the view after a change shows it, also on a connection that had the row before', async () => {
      const other = await open()
      let over: Key = await add(key())
      for (let n = 0; n < 20; n += 1) {
        expect(await get('key', over.id)).toEqual(over)
        expect(await get('key', over.id, other)).toEqual(over)
        const put = { ...over, suspended: !over.suspended }
        await run([{ put, over }])
        over = { ...put, revision: over.revision + 1 }
        expect(await get('key', over.id, other)).toEqual(over)
      }
    })

    test('a row is the same object as long as it has not changed', async () => {
      const row = await add(key())
      const first = await get('key', row.id)
      await add(key())
      expect((await bench.db.coherence.view()).get('key', row.id)).toBe(first)
      expect(await (await bench.db.coherence.view()).reload('key', row.id)).toBe(first)
    })

    test('misses at the same time are answered with one object', async () => {
      const row = await add(key())
      const view = await bench.db.coherence.view()
      const [first, second] = await Promise.all([view.get('key', row.id), view.get('key', row.id)])
      expect(second).toBe(first)
    })

    test('absence is never remembered', async () => {
      const row = key()
      const view = await bench.db.coherence.view()
      expect(await view.get('key', row.id)).toBeUndefined()
      const other = await open()
      await other.store.commit(commit([{ add: row }]))
      expect(await view.get('key', row.id)).toEqual(row)
    })

    test('a ticket that was dropped and added again at the same revision is not taken for the old one', async () => {
      const parent = await add(key())
      const old = await add(importTicket(parent))
      await get('importTicket', old.id)
      const next = importTicket(parent, { ticket: 'ee'.repeat(16) })
      await run([{ drop: old }, { add: next }])
      expect(await get('importTicket', old.id)).toEqual(next)
    })

    test('everything is forgotten when the list of changes no longer reaches back', async () => {
      const over = await add(key())
      const other = await open()
      await get('key', over.id, other)
      await run([{ put: { ...over, suspended: true }, over }])
      const filler = Array.from({ length: 10_001 }, () => commit([{ add: make.policy() }]))
      for (let from = 0; from < filler.length; from += 500)
        await Promise.all(filler.slice(from, from + 500).map((each) => bench.db.store.commit(each)))
      expect(await get('key', over.id, other)).toMatchObject({ suspended: true })
    }, 60_000)

    test('settling needs no epoch', async () => {
      await expect(bench.db.coherence.settle(undefined)).resolves.toBeUndefined()
    })

    test('no more rows are held than were asked for', async () => {
      const small = await open({ cacheRows: 2 })
      const rows = [await add(key()), await add(key()), await add(key())]
      for (const row of rows) await get('key', row.id, small)
      const view = await small.coherence.view()
      expect(view.get('key', rows[0]!.id)).toBeInstanceOf(Promise)
      expect(view.get('key', rows[2]!.id)).toEqual(rows[2])
    })
  })
}
