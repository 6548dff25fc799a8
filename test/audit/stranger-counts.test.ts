import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StrangerCounts } from '../../src/adapters/audit-log/stranger-counts.ts'
import type { AuditEntry } from '../../src/core/audit.ts'
import { MovedClock, noon } from './journal-folder.ts'

const counting = (pairsMax?: number) => {
  const written: AuditEntry[] = []
  const journal = {
    full: false,
    async append(entry: AuditEntry): Promise<void> {
      if (this.full) throw new Error('the disk is full')
      written.push(entry)
    },
  }
  const counts = new StrangerCounts({ journal, clock: new MovedClock(), ...(pairsMax ? { pairsMax } : {}) })
  return { counts, journal, written }
}
const short = (entries: readonly AuditEntry[]) => entries.map(({ source, reason, count }) => [source, reason, count])
const total = (entries: readonly AuditEntry[]) => entries.reduce((sum, { count = 0 }) => sum + count, 0)

describe('stranger counts', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('give one summary entry per source and reason, which names nobody', () => {
    const { counts } = counting()
    for (const reason of ['badSignature', 'badSignature', 'unknownKey']) counts.count('192.0.2.1', reason)
    counts.count('192.0.2.2', 'badSignature')
    const summaries = counts.summaries()
    expect(short(summaries)).toEqual([
      ['192.0.2.1', 'badSignature', 2],
      ['192.0.2.1', 'unknownKey', 1],
      ['192.0.2.2', 'badSignature', 1],
    ])
    expect(summaries[0]).toEqual({
      request: '',
      at: noon,
      dialect: '',
      action: 'unauthenticated',
      region: '',
      account: '',
      principal: '',
      credential: '',
      source: '192.0.2.1',
      objects: [],
      outcome: 'refused',
      reason: 'badSignature',
      count: 2,
    })
    expect(counts.summaries()).toEqual([])
  })

  test('sum under the source other what is beyond the budget, and lose no count', () => {
    const { counts } = counting(3)
    for (let index = 0; index < 10_000; index += 1) counts.count(`2001:db8::${index}`, index % 2 ? 'odd' : 'even')
    const summaries = counts.summaries()
    expect(short(summaries)).toEqual([
      ['2001:db8::0', 'even', 1],
      ['2001:db8::1', 'odd', 1],
      ['2001:db8::2', 'even', 1],
      ['other', 'odd', 4999],
      ['other', 'even', 4998],
    ])
  })

  test('stay bounded whatever sources and reasons come, even one that calls itself other', () => {
    const { counts } = counting()
    for (let index = 0; index < 5000; index += 1) {
      counts.count(`${'x'.repeat(5000)}${index}`, `reason ${index}`)
      counts.count('other', `reason ${index}`)
    }
    const summaries = counts.summaries()
    expect(summaries.length).toBeLessThanOrEqual(151)
    expect(total(summaries)).toBe(10_000)
    expect(Math.max(...summaries.map(({ source }) => source.length))).toBe(64)
  })

  test('write every ten seconds, and once more when they end', async () => {
    const { counts, written } = counting()
    counts.start()
    counts.count('192.0.2.1', 'badSignature')
    await vi.advanceTimersByTimeAsync(9_999)
    expect(written.length).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(written.length).toBe(1)
    counts.count('192.0.2.1', 'badSignature')
    await counts.stop()
    expect(short(written)).toEqual(Array(2).fill(['192.0.2.1', 'badSignature', 1]))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(written.length).toBe(2)
  })

  test('are counted on while the journal takes nothing', async () => {
    const { counts, journal, written } = counting()
    counts.start()
    journal.full = true
    for (let period = 0; period < 3; period += 1) {
      counts.count('192.0.2.1', 'badSignature')
      await vi.advanceTimersByTimeAsync(10_000)
    }
    expect(written).toEqual([])
    journal.full = false
    await counts.stop()
    expect(short(written)).toEqual([['192.0.2.1', 'badSignature', 3]])
  })
})
