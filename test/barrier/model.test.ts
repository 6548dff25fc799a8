import { describe, expect, test } from 'vitest'
import { type Bounds, explore, type Mistake } from './model.ts'

const revoking: Bounds = { writers: 2, horizon: 4, beatsMax: 2, loads: false }
const remembering: Bounds = { writers: 1, horizon: 4, beatsMax: 2, loads: true }

describe('the barrier', () => {
  test('holds in every state that two writers and a process that may stall anywhere can reach', () => {
    const { states, counterexample } = explore(revoking)
    expect(counterexample).toBeUndefined()
    expect(states).toBeGreaterThan(100_000)
  })

  test('holds in every state where the process remembers what it reads', () => {
    const { states, counterexample } = explore(remembering)
    expect(counterexample).toBeUndefined()
    expect(states).toBeGreaterThan(20_000)
  })

  const mistakes: readonly (readonly [Mistake, Bounds])[] = [
    ['the lease counts from the answer', revoking],
    ['joining and the first lease are one statement', revoking],
    ['a member is fenced although it renewed', revoking],
    ['the silence of a member counts from the commit', revoking],
    ['a change that was there already is answered at once', revoking],
    ['a row that was read before an eviction is remembered', remembering],
  ]
  test.each(mistakes)('is broken where %s', (mistake, bounds) => {
    expect(explore(bounds, mistake).counterexample).toBeDefined()
  })
})
