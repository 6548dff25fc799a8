import { randomFillSync } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { systemRandom } from '../../src/adapters/system/random.ts'
import { hexFromUuid } from '../../src/core/bytes.ts'
import { setClock, toHex } from '../spec/fixed.ts'

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  return { ...crypto, randomFillSync: vi.fn(crypto.randomFillSync) }
})
const fill = vi.mocked(randomFillSync)

test('what was drawn is never drawn again, in and across blocks', () => {
  const random = systemRandom()
  const drawn = Array.from({ length: 20_000 }, () => toHex(random.bytes(12)))
  expect(new Set(drawn).size).toBe(20_000)
})

test('a draw has the length that was asked for', () => {
  const random = systemRandom()
  for (const length of [0, 1, 12, 32, 255, 256, 257, 8191, 8192, 100_000]) {
    const bytes = random.bytes(length)
    expect(bytes.length).toBe(length)
    if (length >= 12) expect(bytes.some((byte) => byte !== 0)).toBe(true)
  }
})

test('a draw is memory of its own: writing into one changes no other', () => {
  const random = systemRandom()
  const [a, b] = [random.bytes(16), random.bytes(16)]
  expect(a.buffer).not.toBe(b.buffer)
  expect(a.buffer.byteLength).toBe(16)
})

test('every bit is set in about half of the draws', () => {
  const random = systemRandom()
  const counts = new Array<number>(128).fill(0)
  for (let draw = 0; draw < 4000; draw++)
    for (const [at, byte] of random.bytes(16).entries())
      for (let bit = 0; bit < 8; bit++) counts[at * 8 + bit] = (counts[at * 8 + bit] as number) + ((byte >> bit) & 1)
  // 4000 fair coins: ten standard deviations either way.
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(316)
})

test('what was served is wiped from the block', () => {
  const random = systemRandom()
  random.bytes(16)
  const block = fill.mock.lastCall?.[0] as Uint8Array
  const whole = Buffer.from(block)
  const served = Buffer.from(random.bytes(16))
  expect(whole.includes(served)).toBe(true)
  expect(Buffer.from(block).includes(served)).toBe(false)
})

test('a block serves many draws, and is drawn anew when the clocks disagree', () => {
  const clock = setClock()
  const random = systemRandom(clock)
  const blocksOf = (draw: () => void): number => {
    const before = fill.mock.calls.length
    draw()
    return fill.mock.calls.length - before
  }
  expect(blocksOf(() => random.bytes(16))).toBe(1)
  clock.pass(3_600_000)
  expect(blocksOf(() => random.bytes(16))).toBe(0)
  clock.wall += 501
  expect(blocksOf(() => random.bytes(16))).toBe(1)
  clock.wall -= 501
  expect(blocksOf(() => random.bytes(16))).toBe(1)
  expect(blocksOf(() => random.bytes(16))).toBe(0)
})

test('an id is a UUIDv7 of the moment that was given', () => {
  const random = systemRandom()
  const now = Date.UTC(2026, 1, 3, 4, 5, 6, 789)
  const ids = Array.from({ length: 1000 }, () => random.id(now))
  expect(new Set(ids).size).toBe(1000)
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(hexFromUuid(id).slice(0, 12), 16)).toBe(now)
  }
  expect(random.id(now) < random.id(now + 1)).toBe(true)
})

test('the clock tells UTC and a time that only grows', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000)
  const [first, second] = [systemClock.monotonic(), systemClock.monotonic()]
  expect(second).toBeGreaterThanOrEqual(first)
})
