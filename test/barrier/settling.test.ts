/** The writer's half of the barrier on a clock of its own, against a registry of one member. */
import { expect, test } from 'vitest'
import { type Laggard, Settling } from '../../src/adapters/sql/postgres/settling.ts'

const leaseEndsMs = 1_050

/** `firstReadMs`: how long the first read of the registry takes. */
const settled = async (firstReadMs: number) => {
  let [now, reads] = [0, 0]
  const member: Laggard = { id: 'silent', beat: 7, acked: 0 }
  const fenced: { beat: number; at: number }[] = []
  const clock = { now: () => now, monotonic: () => now }
  const settling = new Settling({
    clock,
    leaseEndsMs,
    laggards: async () => {
      reads += 1
      if (reads === 1) now += firstReadMs
      return fenced.length > 0 ? [] : [member]
    },
    fence: async (_id, beat) => void fenced.push({ beat, at: now }),
    sleep: async (ms) => {
      now += ms
    },
  })
  await settling.settle(1)
  const first = { answeredAt: now, fenced: [...fenced] }
  await settling.settle(2)
  return { first, waitedLater: now - first.answeredAt, fenced }
}

test('a member that is silent from the first read on is removed with the first change, and later ones do not wait', async () => {
  const { first, waitedLater, fenced } = await settled(0)
  expect(first.answeredAt).toBeGreaterThanOrEqual(leaseEndsMs)
  expect(first.answeredAt).toBeLessThan(leaseEndsMs + 100)
  expect(fenced).toMatchObject([{ beat: 7 }])
  expect(waitedLater).toBeLessThan(20)
})

test('a beat that was read late is of a lease that may go on: the change is answered, and the member is not removed', async () => {
  const { first, waitedLater, fenced } = await settled(600)
  expect(first.answeredAt).toBeLessThan(leaseEndsMs + 100)
  expect(first.fenced).toEqual([])
  // It renewed at any time before the read ended, so its lease may go on until then.
  expect(fenced[0]?.at).toBeGreaterThanOrEqual(600 + leaseEndsMs)
  expect(waitedLater).toBeGreaterThan(500)
})
