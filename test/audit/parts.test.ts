import { closeSync, openSync, readFileSync, readSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Sweeper } from '../../src/adapters/audit-log/sweeper.ts'
import {
  chainHolds,
  dataFolder,
  dayMs,
  entry,
  filesOf,
  linesOf,
  MovedClock,
  opened,
  requestsOf,
  until,
} from './journal-folder.ts'

const hourMs = 3_600_000
const name = (seq: number, day: string): string => `journal-${String(seq).padStart(16, '0')}-${day}.jsonl`
const compressedAll = (data: string): boolean =>
  filesOf(data).every((file, at, all) => file.endsWith('.gz') === at < all.length - 1)

describe('a part', () => {
  test('that is full ends with a close line, and the chain goes on in the next', async () => {
    const data = dataFolder()
    const log = await opened(data, { rotateBytes: 700 })
    for (let index = 0; index < 7; index += 1) await log.append(entry(`r${index}`))
    const lines = linesOf(data).map((line) => JSON.parse(line))
    expect(lines.map(({ type }) => type[0]).join('')).toBe('eeceeceece'.slice(0, 10))
    expect(lines.filter(({ type }) => type === 'close').map(({ seq, entries }) => [seq, entries])).toEqual([
      [3, 2],
      [6, 2],
      [9, 2],
    ])
    expect(chainHolds(linesOf(data))).toBe(true)
  })

  test('ends when the UTC day does, and the clock going back does not disturb the order', async () => {
    const data = dataFolder()
    const clock = new MovedClock()
    const log = await opened(data, { clock })
    for (const days of [0, 1, 1, -3]) {
      clock.move(days * dayMs)
      await log.append(entry(`at ${new Date(clock.at).toISOString()}`))
    }
    await until(() => compressedAll(data))
    expect(filesOf(data)).toEqual([
      `${name(1, '2026-03-14')}.gz`,
      `${name(3, '2026-03-15')}.gz`,
      `${name(5, '2026-03-16')}.gz`,
      name(7, '2026-03-13'),
    ])
    expect(chainHolds(linesOf(data))).toBe(true)
  })

  test('that was closed before a restart is followed by a new one', async () => {
    const data = dataFolder()
    const clock = new MovedClock()
    const log = await opened(data, { clock })
    await log.append(entry('r0'))
    clock.move(dayMs)
    await log.append(entry('r1'))
    await until(() => compressedAll(data))
    await log.close()
    // As if the process had died between closing the old part and the first line of the new one.
    writeFileSync(join(data, 'audit', name(3, '2026-03-15')), '')
    const again = await opened(data, { clock })
    await again.append(entry('r2'))
    expect(requestsOf(data)).toEqual(['r0', 'r2'])
    expect(chainHolds(linesOf(data))).toBe(true)
  })
})

describe('a closed part', () => {
  test('is compressed without a change, and while that goes on appends are answered', async () => {
    const data = dataFolder()
    const clock = new MovedClock()
    const log = await opened(data, { clock })
    const appended = Array.from({ length: 40_000 }, (_, index) => log.append(entry(`r${index}`)))
    await Promise.all(appended)
    const plain = join(data, 'audit', name(1, '2026-03-14'))
    const before = readFileSync(plain, 'latin1')
    clock.move(dayMs)
    let answered = 0
    for (; filesOf(data)[0] !== `${name(1, '2026-03-14')}.gz`; answered += 1)
      await log.append(entry(`later ${answered}`))
    await until(() => compressedAll(data))
    expect(answered).toBeGreaterThan(5)
    const after = gunzipSync(readFileSync(`${plain}.gz`)).toString('latin1')
    expect(after.startsWith(before)).toBe(true)
    expect(after.slice(before.length)).toMatch(/^\{"seq":40001,.*"type":"close".*"entries":40000\}\n$/)
    expect(statSync(`${plain}.gz`).mode & 0o777).toBe(0o600)
  })

  test('whose compression was interrupted anywhere is compressed at the next start', async () => {
    const data = dataFolder()
    const log = await opened(data, { rotateBytes: 1 })
    for (const request of ['r0', 'r1', 'r2']) await log.append(entry(request))
    await until(() => compressedAll(data))
    await log.close()
    const [first, second] = [name(1, '2026-03-14'), name(3, '2026-03-14')].map((file) => join(data, 'audit', file))
    // The first died after its renaming, the second before it.
    writeFileSync(first!, gunzipSync(readFileSync(`${first}.gz`)))
    writeFileSync(`${second}.gz.tmp`, gzipSync('half').subarray(0, 9))
    await opened(data)
    await until(() => compressedAll(data))
    expect(filesOf(data).filter((file) => file.endsWith('.tmp'))).toEqual([])
    expect(requestsOf(data)).toEqual(['r0', 'r1', 'r2'])
  })

  test('can be read to its end by who opened it before it was compressed', async () => {
    const data = dataFolder()
    const log = await opened(data, { rotateBytes: 1 })
    await log.append(entry('r0'))
    const fd = openSync(join(data, 'audit', name(1, '2026-03-14')), 'r')
    await log.append(entry('r1'))
    await until(() => compressedAll(data))
    expect(readSync(fd, Buffer.alloc(10))).toBe(10)
    closeSync(fd)
  })
})

describe('retention', () => {
  const days = async (count: number, retentionDays: number) => {
    const data = dataFolder()
    const clock = new MovedClock()
    const faults: Error[] = []
    const log = await opened(data, { clock, retentionDays })
    for (let day = 0; day < count; day += 1) {
      await log.append(entry(`day ${day}`))
      clock.move(dayMs)
    }
    await log.close()
    const sweeper = new Sweeper({ folder: join(data, 'audit'), retentionDays, clock, onFault: (f) => faults.push(f) })
    return { data, clock, faults, sweeper }
  }

  test('removes a part once its day is that many whole days ago and it was seen so for an hour', async () => {
    const { data, clock, faults, sweeper } = await days(5, 3)
    await sweeper.sweep()
    expect(requestsOf(data)[0]).toBe('day 0')
    clock.move(hourMs - 1)
    await sweeper.sweep()
    expect(requestsOf(data)[0]).toBe('day 0')
    clock.move(1)
    await sweeper.sweep()
    expect(requestsOf(data)).toEqual(['day 2', 'day 3', 'day 4'])
    expect(faults).toEqual([])
  })

  test('never removes the newest part, nor any where it is 0', async () => {
    for (const [retentionDays, left] of [
      [1, 1],
      [0, 5],
    ] as const) {
      const { data, clock, sweeper } = await days(5, retentionDays)
      clock.move(1000 * dayMs)
      await sweeper.sweep()
      clock.move(hourMs)
      await sweeper.sweep()
      expect(requestsOf(data).length).toBe(left)
    }
  })

  test('removes nothing when the clock jumps ahead and is set right within the hour', async () => {
    const { data, clock, sweeper } = await days(5, 30)
    clock.at += 400 * dayMs
    await sweeper.sweep()
    clock.ticks += hourMs - 1
    clock.at -= 400 * dayMs
    await sweeper.sweep()
    clock.at += 400 * dayMs
    clock.ticks += hourMs - 1
    await sweeper.sweep()
    expect(requestsOf(data).length).toBe(5)
  })

  test('goes by the day in the name: the time of a file means nothing', async () => {
    const { data, sweeper, clock } = await days(2, 30)
    for (const file of filesOf(data)) utimesSync(join(data, 'audit', file), 0, 0)
    await sweeper.sweep()
    clock.ticks += hourMs
    await sweeper.sweep()
    expect(requestsOf(data).length).toBe(2)
  })
})
