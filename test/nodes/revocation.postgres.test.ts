/**
 * Several nodes of the real program over a real database: when something that was taken away has been answered, no
 * request sent after that succeeds, at any node, whatever goes wrong meanwhile. The checker is shown to find mistakes.
 */
import { describe, expect, test } from 'vitest'
import { newDatabase } from '../harness/postgres.ts'
import { faults } from './faults.ts'
import type { Planted } from './node.ts'
import { run } from './revocation.ts'

const seed = Number(process.env.KEYSTEAD_NODES_SEED ?? Date.now() % 4_294_967_296)

describe(`a history of three nodes (seed ${seed})`, () => {
  test('keeps every promise, whatever goes wrong', async () => {
    const { events, violations } = await run({
      nodes: 3,
      leaseSeconds: 1,
      seed,
      faults: Object.keys(faults),
      faultMs: 1_000,
    })
    expect(violations).toEqual([])
    const answered = (does: string) =>
      events.filter((event) => event.does === does && event.outcome === 'success').length
    // The run met what it is about.
    expect(answered('take')).toBeGreaterThan(20)
    expect(answered('use')).toBeGreaterThan(200)
    expect(answered('read')).toBeGreaterThan(100)
  }, 120_000)

  const planted: readonly Planted[] = ['skips the barrier', 'caches for two seconds', 'loses an acknowledged write']
  test.each(planted)(
    'is found out where a node %s',
    async (mistake) => {
      const database = await newDatabase()
      const all = { nodes: 2, leaseSeconds: 1, seed, faults: [], faultMs: 500, searchMs: 20_000 }
      const { violations } = await run({ ...all, url: database.url, planted: mistake })
      expect(violations).not.toEqual([])
    },
    60_000,
  )
})
