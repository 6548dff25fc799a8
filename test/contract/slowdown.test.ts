import { describe, expect, test, vi } from 'vitest'
import { Slowdown } from '../../src/contract/slowdown.ts'
import { startKeystead } from '../harness/keystead.ts'

const minuteMs = 60_000

/** A slowdown that waits in no time, and tells how long it was asked to. */
const opened = () => {
  let at = 1000
  const waits: number[] = []
  const slowdown = new Slowdown({ now: () => at, monotonic: () => at }, async (milliseconds) => {
    waits.push(milliseconds)
  })
  const fail = async (times: number, claimed = 'AKID', source = '192.0.2.1') => {
    waits.length = 0
    for (let n = 0; n < times; n++) await slowdown.failed(claimed, source)
    return [...waits]
  }
  const pass = (milliseconds: number) => {
    at += milliseconds
  }
  return { slowdown, fail, pass }
}

describe('who fails to sign', () => {
  test('waits longer each time, and never longer than two seconds', async () => {
    const { fail } = opened()
    expect(await fail(12)).toEqual([100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000])
  })

  test('waits for its own failures only: neither another access key nor another source pays', async () => {
    const { fail } = opened()
    await fail(20)
    expect(await fail(3, 'AKID', '192.0.2.2')).toEqual([])
    expect(await fail(3, 'AKIDother')).toEqual([])
    expect(await fail(1)).toEqual([2000])
  })

  test('begins anew after a success', async () => {
    const { slowdown, fail } = opened()
    await fail(20)
    slowdown.succeeded('AKID', '192.0.2.1')
    expect(await fail(4)).toEqual([100])
  })

  test('is not forgiven by the success of another source', async () => {
    const { slowdown, fail } = opened()
    await fail(20)
    slowdown.succeeded('AKID', '192.0.2.9')
    expect(await fail(1)).toEqual([2000])
  })

  test('begins anew five minutes after its last failure', async () => {
    const { fail, pass } = opened()
    await fail(20)
    pass(5 * minuteMs - 1)
    expect(await fail(1)).toEqual([2000])
    pass(5 * minuteMs)
    expect(await fail(4)).toEqual([100])
  })
})

describe('a flood of failures', () => {
  test('of more pairs than are remembered forgets the oldest, and remembers the newest', async () => {
    const { fail } = opened()
    await fail(10, 'oldest')
    for (let n = 0; n < 9999; n++) await fail(1, `AKID${n}`)
    expect(await fail(1, 'oldest')).toEqual([2000])
    for (let n = 0; n < 10_001; n++) await fail(1, `AKIDnew${n}`)
    expect(await fail(1, 'oldest')).toEqual([])
    expect(await fail(3, 'AKIDnew10000')).toEqual([100])
  })

  test('never keeps more than 512 answers waiting', async () => {
    const held: (() => void)[] = []
    const wait = vi.fn(() => new Promise<void>((resolve) => held.push(resolve)))
    const slowdown = new Slowdown({ now: () => 0, monotonic: () => 0 }, wait)
    const answers = Array.from({ length: 2000 }, () => slowdown.failed('AKID', '192.0.2.1'))
    expect(wait).toHaveBeenCalledTimes(512)
    // All the others are answered at once.
    await Promise.race([Promise.all([...answers.slice(0, 3), ...answers.slice(515)]), held])
    for (const go of held.splice(0)) go()
    await Promise.all(answers)
    const later = slowdown.failed('AKID', '192.0.2.1')
    expect(wait).toHaveBeenCalledTimes(513)
    for (const go of held) go()
    await later
  })
})

test('over HTTP wrong signatures get slower, and the right one from the same source is served at once', async () => {
  const keystead = await startKeystead()
  try {
    const { secretId } = keystead.credentials.tencent
    const wrong = { key: { secretId, secretKey: 'a guess' } }
    const timed = async (options = {}) => {
      const begun = performance.now()
      const { code } = await keystead.call('ListKeys', {}, options)
      return { code, milliseconds: performance.now() - begun }
    }
    const answers = []
    for (let n = 0; n < 7; n++) answers.push(await timed(wrong))
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['AuthFailure.SignatureFailure']))
    const atLeast = [0, 0, 0, 100, 200, 400, 800]
    for (const [n, { milliseconds }] of answers.entries()) expect(milliseconds).toBeGreaterThanOrEqual(atLeast[n]! - 5)

    const guessing = timed(wrong)
    const right = await timed()
    expect(right.code).toBeUndefined()
    expect(right.milliseconds).toBeLessThan(500)
    expect((await guessing).milliseconds).toBeGreaterThan(1000)
    // The owner's success forgives what a guesser behind the same address did: no memory of it keeps the owner out.
    await timed()
    expect((await timed(wrong)).milliseconds).toBeLessThan(90)
  } finally {
    await keystead.end()
  }
})
