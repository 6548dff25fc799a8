import { describe, expect, test } from 'vitest'
import { Histogram } from '../../bench/histogram.ts'
import { Timetable } from '../../bench/timetable.ts'

describe('a histogram of latencies', () => {
  test('gives percentiles that are at most 0.8 % too high, from a microsecond to minutes', () => {
    for (const ms of [0.001, 0.05, 0.127, 0.128, 0.255, 0.256, 1, 7.3, 40, 999, 60_000]) {
      const histogram = new Histogram()
      histogram.add(ms)
      expect(histogram.percentile(0.5)).toBeGreaterThanOrEqual(ms)
      expect(histogram.percentile(0.5)).toBeLessThanOrEqual(ms * 1.008 + 0.001)
    }
  })

  test('agrees with sorted values', () => {
    const histogram = new Histogram()
    const values = Array.from({ length: 10_000 }, (_, at) => ((at * 7919) % 10_000) / 100)
    for (const value of values) histogram.add(value)
    const sorted = values.toSorted((a, b) => a - b)
    for (const share of [0.1, 0.5, 0.9, 0.99, 0.999]) {
      const exact = sorted[share * 10_000 - 1] as number
      expect(histogram.percentile(share) / exact).toBeGreaterThan(1)
      expect(histogram.percentile(share) / exact).toBeLessThan(1.01)
    }
    expect([histogram.count, histogram.maxMs]).toEqual([10_000, 99.99])
  })

  test('has no percentile of nothing, and begins anew', () => {
    const histogram = new Histogram()
    expect(histogram.percentile(0.5)).toBeNaN()
    histogram.add(1)
    histogram.clear()
    expect([histogram.count, histogram.maxMs, histogram.percentile(0.5)]).toEqual([0, 0, Number.NaN])
  })
})

describe('the timetable of an open load', () => {
  test('is at even distances, whenever it is asked', () => {
    const timetable = new Timetable(100, 1000, 0.005)
    const taken: (number | undefined)[] = []
    for (const now of [99, 100, 100.5, 103.2, 103.2, 103.2, 103.2, 200, 200]) taken.push(timetable.take(now))
    expect(taken).toEqual([undefined, 100, undefined, 101, 102, 103, undefined, 104, undefined])
    expect(timetable.left).toBe(0)
  })

  test('a server that stands still is told by every request that was due meanwhile', () => {
    const timetable = new Timetable(0, 100, 1)
    const histogram = new Histogram()
    // It answers at once, but not between 200 and 700 ms: one connection alone would have seen a single slow answer.
    for (let now = 0; now <= 1000; now += 1) {
      if (now > 200 && now < 700) continue
      for (let due = timetable.take(now); due !== undefined; due = timetable.take(now)) histogram.add(now - due)
    }
    expect(histogram.count).toBe(100)
    expect(histogram.percentile(0.75)).toBeGreaterThan(200)
  })
})
