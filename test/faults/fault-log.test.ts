import { expect, test } from 'vitest'
import { FaultLog } from '../../src/fault-log.ts'
import { MovableClock } from '../harness/clock.ts'

const logged = () => {
  const clock = new MovableClock()
  const lines: Record<string, unknown>[] = []
  return { clock, lines, log: new FaultLog((line, message) => lines.push({ ...line, message }), clock) }
}

test('a fault is told at once, then once a minute with how often it was not, and another one beside it at once', () => {
  const { clock, lines, log } = logged()
  for (let n = 0; n < 10; n += 1) log.tell(new Error('EIO: i/o error, write'), 'it failed', { request: n })
  log.tell(new Error('another'), 'it failed')
  expect(lines).toMatchObject([{ request: 0, advice: expect.stringContaining('disk fails') }, { message: 'it failed' }])
  clock.pass(60_000)
  // Running time: a wall clock that jumps makes nothing silent.
  clock.jump(-86_400_000)
  log.tell(new Error('EIO: i/o error, write'), 'it failed', { request: 10 })
  expect(lines.slice(2)).toMatchObject([{ request: 10, untold: 9 }])
})

test('faults whose words differ each time take no more memory than a hundred, and each is told', () => {
  const { lines, log } = logged()
  for (let n = 0; n < 1_000; n += 1) log.tell(new Error(`fault ${n}`), 'it failed')
  log.tell(new Error('fault 999'), 'it failed')
  log.tell(new Error('fault 0'), 'it failed')
  expect(lines).toHaveLength(1_001)
})
