import { setTimeout as sleep, setImmediate as turnOver } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Admission, type AdmissionBounds } from '../../src/http/admission.ts'
import { type Arrival, Turn } from '../../src/http/turn.ts'

/** Takes two requests on, and no more; every turn is one too many. */
const two: AdmissionBounds = { longMs: -1, patienceMs: -1, longestMs: -1, turnMs: -1, turnLeast: 2 }

const recorder = () => {
  const done: string[] = []
  const arrival = (name: string, told: () => void = () => {}): Arrival => ({
    takeOn: () => void done.push(`${name} taken on`),
    decline() {
      done.push(`${name} declined`)
      return () => {
        done.push(`${name} told`)
        told()
      }
    },
  })
  const always = (name: string): Arrival => ({ ...arrival(name), decline: () => undefined })
  return { done, arrival, always }
}

describe('the requests of a turn', () => {
  test('wait for its end, and are then taken on one after the other', async () => {
    const { done, arrival } = recorder()
    const turn = new Turn(undefined)
    for (const name of ['a', 'b', 'c']) turn.add(arrival(name))
    expect(done).toEqual([])
    await turnOver()
    expect(done).toEqual(['a taken on', 'b taken on', 'c taken on'])
  })

  test('that are declined are told so after the others, and what is always answered is taken on', async () => {
    const { done, arrival, always } = recorder()
    const turn = new Turn(new Admission(two))
    for (const name of ['a', 'b', 'c']) turn.add(arrival(name))
    turn.add(always('d'))
    await turnOver()
    expect(done).toEqual(['a taken on', 'b taken on', 'c declined', 'd taken on', 'c told'])
  })

  test('that are declined are told a few at a time, the first to come first, and none is forgotten', async () => {
    const { done, arrival } = recorder()
    const turn = new Turn(new Admission(two))
    const slow = () => {
      for (const from = performance.now(); performance.now() - from < 2; );
    }
    for (const name of ['a', 'b', 'c', 'd', 'e']) turn.add(arrival(name, slow))
    await turnOver()
    const told = () => done.filter((each) => each.endsWith('told'))
    expect(told()).toEqual(['c told'])
    turn.add(arrival('f'))
    await sleep(50)
    expect(told()).toEqual(['c told', 'd told', 'e told'])
    expect(done).toContain('f taken on')
  })

  test('that were told are held no longer, however many are behind them', async () => {
    const untold: number[] = []
    class Listening extends Admission {
      override end(left: number): void {
        untold.push(left)
        super.end(left)
      }
    }
    const { arrival } = recorder()
    const turn = new Turn(new Listening({ ...two, turnLeast: 0 }))
    const slow = () => {
      for (const from = performance.now(); performance.now() - from < 2; );
    }
    for (let round = 0; round < 4; round++) {
      turn.add(arrival(`${round} first`, slow))
      turn.add(arrival(`${round} second`, slow))
      await turnOver()
    }
    // Two come in each turn, and one of them all is told.
    expect(untold).toEqual([2, 3, 4, 5])
  })
})
