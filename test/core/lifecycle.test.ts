import { describe, expect, test } from 'vitest'
import { dayMs } from '../../src/core/operations/create.ts'
import {
  cancelDestruction,
  deactivate,
  reactivate,
  resume,
  returnToUse,
  scheduleDestruction,
  suspend,
} from '../../src/core/operations/lifecycle.ts'
import { openHouse, statement } from './house.ts'

const effectsOf = ({ store }: ReturnType<typeof openHouse>) => store.commits.at(-1)?.effects ?? []

describe('a batch', () => {
  test('moves those keys that are not there yet, all in one change', async () => {
    const house = openHouse()
    const keys = [await house.key(), await house.key({ suspended: true }), await house.key()]
    const before = house.store.commits.length
    await house.ok(suspend, { keyIds: keys.map(({ id }) => id) })
    expect(house.store.commits).toHaveLength(before + 1)
    expect(effectsOf(house)).toHaveLength(2)
    expect(house.store.all('key').map(({ suspended }) => suspended)).toEqual([true, true, true])
    expect(house.store.get('key', keys[1]!.id)?.revision).toBe(1)
  })

  test('of which one key is refused changes none, and tells of every key that is', async () => {
    const house = openHouse()
    const [good, bad] = [await house.key(), await house.key({ deactivated: true })]
    const missing = house.random.id(0)
    const failures = await house.refused(suspend, { keyIds: [good.id, bad.id, missing] })
    expect(failures).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'deactivated' },
      { reason: 'objectNotFound', kind: 'key' },
    ])
    expect(house.store.get('key', good.id)).toEqual(good)
    expect(house.journal.last).toMatchObject({
      outcome: 'refused',
      reason: 'wrongKeyLifecycleState',
      objects: [good, bad].map(({ id }) => ({ kind: 'key', id, version: 1 })),
    })
  })

  test('holds every key of it to the revision that was judged, moved or not', async () => {
    const house = openHouse()
    const [moved, kept] = [await house.key(), await house.key({ suspended: true, revision: 4 })]
    await house.ok(suspend, { keyIds: [moved.id, kept.id] })
    expect(house.store.commits.at(-1)?.guards).toEqual([
      { kind: 'key', id: moved.id, revision: 1 },
      { kind: 'key', id: kept.id, revision: 4 },
    ])
  })

  test('with nothing to change commits nothing and is recorded like a change', async () => {
    const house = openHouse()
    const { id } = await house.key()
    const before = house.store.commits.length
    await house.ok(resume, { keyIds: [id] })
    expect(house.store.commits).toHaveLength(before)
    expect(house.journal.last).toMatchObject({
      action: 'resume',
      outcome: 'success',
      objects: [{ kind: 'key', id, version: 1 }],
    })
  })
})

test('what takes away is waited for, and so is what gives back: other processes show it too', async () => {
  const house = openHouse()
  const cases = [
    [suspend, {}],
    [deactivate, {}],
    [scheduleDestruction, {}],
    [resume, { suspended: true }],
    [reactivate, { deactivated: true }],
    [cancelDestruction, { destroyAt: house.clock.now() + dayMs }],
  ] as const
  for (const [operation, over] of cases) {
    const { id } = await house.key(over)
    await house.ask(operation as typeof suspend, { keyIds: [id], keyId: id, days: 7 } as { keyIds: string[] })
    expect(effectsOf(house)).toHaveLength(1)
    expect(house.coherence.settled.at(-1)).toBe(house.store.epoch)
  }
})

test('a planned destruction is so many days after the call, and the answer says when', async () => {
  const house = openHouse()
  const { id } = await house.key()
  const { destroyAt, keyId } = await house.ok(scheduleDestruction, { keyId: id, days: 30 })
  expect(keyId).toBe(id)
  expect(destroyAt).toBe(house.journal.last.at + 30 * dayMs)
  expect(house.store.get('key', id)?.destroyAt).toBe(destroyAt)
})

test('a cancelled destruction brings a key back suspended and not archived, whatever it was', async () => {
  const house = openHouse()
  for (const over of [{}, { suspended: true }, { deactivated: true }]) {
    const { id } = await house.key(over)
    await house.ok(scheduleDestruction, { keyId: id, days: 7 })
    await house.ok(cancelDestruction, { keyId: id })
    expect(house.store.get('key', id)).toMatchObject({ destroyAt: null, suspended: true, deactivated: false })
  }
})

test('a key that is archived while suspended is not suspended once it is back', async () => {
  const house = openHouse()
  const { id } = await house.key({ suspended: true })
  await house.ok(deactivate, { keyId: id })
  await house.ok(reactivate, { keyId: id })
  expect(house.store.get('key', id)).toMatchObject({ suspended: false, deactivated: false })
})

describe('a return to use', () => {
  test('ends a suspension and an archive', async () => {
    const house = openHouse()
    for (const facts of [{ suspended: true }, { deactivated: true }]) {
      const { id } = await house.key(facts)
      await house.ok(returnToUse, { keyId: id })
      expect(house.store.get('key', id)).toMatchObject({ suspended: false, deactivated: false })
    }
  })

  test('needs the right to end an archive where that is what it does, and only there', async () => {
    const house = openHouse()
    const [suspended, archived] = [await house.key({ suspended: true }), await house.key({ deactivated: true })]
    const resumes = house.principal([statement('allow', ['resume'])])
    const ends = house.principal([statement('allow', ['reactivate'])])
    const denied = [{ reason: 'permissionDenied' }]
    expect(await house.refused(returnToUse, { keyId: archived.id }, { caller: resumes })).toEqual(denied)
    expect(await house.refused(returnToUse, { keyId: suspended.id }, { caller: ends })).toEqual(denied)
    await house.ok(returnToUse, { keyId: archived.id }, { caller: ends })
    await house.ok(returnToUse, { keyId: suspended.id }, { caller: resumes })
  })
})
