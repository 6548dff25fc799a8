import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RateLimits, type RateSetting } from '../../src/contract/rate-limits.ts'
import { addAccessKey, addAccount, addPrincipal } from '../harness/access.ts'
import { type AccessKey, startKeystead, type TestKeystead } from '../harness/keystead.ts'

/** A clock that stands still until it is moved. */
const stillClock = () => {
  let at = 1000
  const pass = (milliseconds: number) => {
    at += milliseconds
  }
  return { clock: { now: () => at, monotonic: () => at }, pass }
}

const limited = (setting: RateSetting) => {
  const { clock, pass } = stillClock()
  const rates = new RateLimits(setting, clock)
  const taken = (times: number, mode = 'change', figure: number | undefined = 10, name = 'a') =>
    Array.from({ length: times }, () => rates.take(name, mode, figure)).filter(Boolean).length
  return { taken, pass, rates }
}

describe('which calls are counted', () => {
  test.each([
    ['off', 'change', 50],
    ['off', 'use', 50],
    ['management', 'change', 10],
    ['management', 'look', 10],
    ['management', 'use', 50],
    ['documented', 'change', 10],
    ['documented', 'use', 10],
    [2, 'use', 20],
    [0.5, 'change', 5],
  ] as const)('%s lets %s calls through: %d of 50 at once', (setting, mode, through) => {
    expect(limited(setting).taken(50, mode)).toBe(through)
  })

  test('an action without a documented figure is free, whatever the setting', () => {
    for (const setting of ['management', 'documented', 1] as const) {
      const { rates } = limited(setting)
      const answers = Array.from({ length: 1000 }, () => rates.take('a', 'change', undefined))
      expect(answers.every(Boolean)).toBe(true)
    }
  })

  test('each name has calls of its own', () => {
    const { taken } = limited('documented')
    expect([taken(15, 'use', 10, 'a'), taken(15, 'use', 10, 'b'), taken(15, 'use', 10, 'a')]).toEqual([10, 10, 0])
  })
})

describe('how many calls are let through', () => {
  test('come back one by one, evenly over the second', () => {
    const { taken, pass } = limited('documented')
    expect(taken(11)).toBe(10)
    pass(99)
    expect(taken(5)).toBe(0)
    pass(1)
    expect(taken(5)).toBe(1)
    pass(500)
    expect(taken(50)).toBe(5)
  })

  test('do not pile up while nobody calls', () => {
    const { taken, pass } = limited('documented')
    taken(10)
    pass(3_600_000)
    expect(taken(50)).toBe(10)
  })

  test('a refused call costs nothing', () => {
    const { taken, pass } = limited('documented')
    expect(taken(10_000)).toBe(10)
    pass(1000)
    expect(taken(10)).toBe(10)
  })

  test('a rate below one call a second lets one through in each of its periods', () => {
    const { taken, pass } = limited(0.05)
    expect(taken(5)).toBe(1)
    pass(1999)
    expect(taken(5)).toBe(0)
    pass(1)
    expect(taken(5)).toBe(1)
    pass(60_000)
    expect(taken(5)).toBe(1)
  })

  test('are in any window at most the figure for its length and one burst', () => {
    const arrivals = fc.array(fc.record({ wait: fc.nat(400), calls: fc.integer({ min: 1, max: 12 }) }), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(0.1, 0.5, 1, 3),
        arrivals,
        (figure, times, steps) => {
          const { clock, pass } = stillClock()
          const rates = new RateLimits(times, clock)
          const perSecond = figure * times
          const burst = Math.max(1, perSecond)
          const passed: number[] = []
          let refused = 0
          for (const { wait, calls } of steps) {
            pass(wait)
            for (let n = 0; n < calls; n++)
              if (rates.take('a', 'use', figure)) passed.push(clock.monotonic())
              else refused += 1
          }
          for (const [first, from] of passed.entries())
            for (const [last, to] of passed.entries())
              if (last >= first)
                expect(last - first + 1).toBeLessThanOrEqual(burst + ((to - from) / 1000) * perSecond + 1e-6)
          // And nothing is refused that the figure allows: what is asked for evenly, more slowly than it, all passes.
          if (refused > 0) expect(passed.length).toBeGreaterThanOrEqual(Math.floor(burst))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('are all of them where they come no faster than the figure', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 300 }), (figure, calls) => {
        const { rates, pass } = limited('documented')
        for (let n = 0; n < calls; n++) {
          expect(rates.take('a', 'use', figure)).toBe(true)
          pass(1000 / figure + 1e-6)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('memory stays bounded however many names there are, and the newest keep their count', () => {
    const { rates } = limited('documented')
    for (let n = 0; n < 60_000; n++) rates.take(`name ${n}`, 'use', 1)
    expect(rates.take('name 59999', 'use', 1)).toBe(false)
    expect(rates.take('name 0', 'use', 1)).toBe(true)
  })
})

describe('over HTTP', () => {
  let keystead: TestKeystead
  let other: AccessKey
  beforeAll(async () => {
    keystead = await startKeystead({ settings: { limits: 'management' } })
    other = await addAccount(keystead)
  })
  afterAll(() => keystead.end())

  const codesOf = async (times: number, action: string, members = {}, options = {}) => {
    const answers = await Promise.all(Array.from({ length: times }, () => keystead.call(action, members, options)))
    return answers.map(({ code, exchanged }) => ({ code, status: exchanged.status }))
  }
  const figure = 50
  /** Uses up what the action may be called at once. Gives how many calls were served. */
  const exhaust = async (action = 'GetServiceStatus') => {
    const codes = await codesOf(6 * figure, action)
    const refused = codes.filter(({ code }) => code !== undefined)
    expect(refused.length).toBeGreaterThan(0)
    for (const one of refused) expect(one).toEqual({ code: 'RequestLimitExceeded', status: 200 })
    return codes.length - refused.length
  }

  test('a management action beyond its figure is refused with 200, and recorded', async () => {
    const begun = performance.now()
    const through = await exhaust()
    const seconds = (performance.now() - begun) / 1000
    expect(through).toBeGreaterThanOrEqual(figure)
    expect(through).toBeLessThanOrEqual(figure + Math.ceil(figure * seconds))
    const refused = keystead.audit().filter(({ reason }) => reason === 'usageLimitExceeded')
    expect(refused).toHaveLength(6 * figure - through)
    for (const entry of refused)
      expect(entry).toMatchObject({
        action: 'GetServiceStatus',
        outcome: 'refused',
        region: 'guangzhou',
        principal: keystead.credentials.tencent.uin,
      })
  })

  test('another account, region and action go on', async () => {
    await exhaust()
    expect(await codesOf(1, 'GetServiceStatus', {}, { key: other })).toEqual([{ code: undefined, status: 200 }])
    expect((await keystead.call('GetServiceStatus', {}, { region: 'ap-shanghai' })).code).toBeUndefined()
    expect((await keystead.call('ListKeys')).code).toBeUndefined()
  })

  test('the users of an account share its figure', async () => {
    const key = await addAccessKey(keystead, { principal: await addPrincipal(keystead) })
    const begun = performance.now()
    const [through, theirs] = await Promise.all([exhaust(), codesOf(3 * figure, 'GetServiceStatus', {}, { key })])
    const seconds = (performance.now() - begun) / 1000
    const counted = theirs.filter(({ code }) => code !== 'RequestLimitExceeded').length
    expect(through + counted).toBeLessThanOrEqual(figure + Math.ceil(figure * seconds))
  })

  test('cryptography is free', async () => {
    const { KeyId } = await keystead.ok('CreateKey', { Alias: 'free' })
    const codes = await codesOf(400, 'Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })
    expect(codes.filter(({ code }) => code !== undefined)).toEqual([])
  })

  test('what a second brings back is served', async () => {
    await exhaust()
    keystead.clock.pass(1000)
    expect((await codesOf(figure, 'GetServiceStatus')).filter(({ code }) => code !== undefined)).toEqual([])
  })

  test('a wrong signature uses nothing of the owner’s figure', async () => {
    keystead.clock.pass(2000)
    const { secretId } = keystead.credentials.tencent
    const wrong = { secretId, secretKey: 'wrong' }
    const bad = Array.from({ length: 5 }, () => keystead.call('GetServiceStatus', {}, { key: wrong }))
    const served = await codesOf(figure, 'GetServiceStatus')
    expect(served.filter(({ code }) => code !== undefined)).toEqual([])
    for (const { code } of await Promise.all(bad)) expect(code).toBe('AuthFailure.SignatureFailure')
  })
})
