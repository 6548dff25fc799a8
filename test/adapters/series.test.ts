import { expect, test } from 'vitest'
import { minutesKept, Series } from '../../src/adapters/metrics/series.ts'

const minuteMs = 60_000

test('calls are told minute by minute, by outcome and dialect, with their percentiles', () => {
  let now = 100 * minuteMs
  const series = new Series(() => now)
  for (let n = 0; n < 98; n++) series.answered('tencent', 'success', 1)
  for (let n = 0; n < 2; n++) series.answered('huawei', 'refused', 400)
  series.failed()
  now += 2 * minuteMs
  series.answered('tencent', 'success', 0)
  const [first, second, third] = series.last(3)
  expect(first).toMatchObject({ at: 100 * minuteMs, requests: 100, refused: 2, failed: 1 })
  expect(first?.byDialect).toEqual({ tencent: 98, huawei: 2 })
  for (const [told, real] of [
    [first?.p50Ms ?? 0, 1],
    [first?.p99Ms ?? 0, 400],
  ] as const) {
    expect(told).toBeGreaterThanOrEqual(real)
    expect(told).toBeLessThan(real * 1.2)
  }
  expect(second).toMatchObject({ requests: 0, p50Ms: 0, p99Ms: 0 })
  expect(third).toMatchObject({ at: 102 * minuteMs, requests: 1 })
})

test('no more than a day is kept', () => {
  let now = 0
  const series = new Series(() => now)
  for (let n = 0; n <= minutesKept; n++) {
    series.answered('tencent', 'success', 1)
    now += minuteMs
  }
  expect(series.last(minutesKept + 2).filter(({ requests }) => requests > 0)).toHaveLength(minutesKept)
})
