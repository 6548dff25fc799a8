import { describe, expect, test } from 'vitest'
import { refuse } from '../../src/core/failure.ts'
import { bind, unbind } from '../../src/core/operations/binding.ts'
import { deleteMaterial } from '../../src/core/operations/import.ts'
import { deactivate, destroy, resume, scheduleDestruction, suspend } from '../../src/core/operations/lifecycle.ts'
import { openHouse, statement, type TestHouse } from './house.ts'

const disk = { product: 'cbs', resource: 'disk-1' }
const bindingsOf = (house: TestHouse, keyId: string) => house.store.get('key', keyId)?.bindings

/** A house with one key that a disk relies on. */
const bound = async (over = {}) => {
  const house = openHouse()
  const { id: keyId } = await house.key(over)
  await house.ok(bind, { keyId, ...disk })
  return { house, keyId }
}

describe('binding', () => {
  test('is counted at the key, and recorded with what relies on it', async () => {
    const { house, keyId } = await bound()
    expect(bindingsOf(house, keyId)).toBe(1)
    expect(house.store.all('binding')).toMatchObject([{ key: keyId, account: house.caller().account.id, ...disk }])
    expect(house.journal.last).toMatchObject({ action: 'bind', outcome: 'success' })
  })

  test('again succeeds and counts once', async () => {
    const { house, keyId } = await bound()
    await house.ok(bind, { keyId, ...disk })
    expect(bindingsOf(house, keyId)).toBe(1)
  })

  test('twice at the same time succeeds twice and counts once', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    await Promise.all(Array.from({ length: 8 }, () => house.ok(bind, { keyId, ...disk })))
    expect(bindingsOf(house, keyId)).toBe(1)
    expect(house.store.all('binding')).toHaveLength(1)
  })

  test('other resources, products and keys are other bindings', async () => {
    const { house, keyId } = await bound()
    const { id: other } = await house.key()
    await house.ok(bind, { keyId, product: 'cbs', resource: 'disk-2' })
    await house.ok(bind, { keyId, product: 'cos', resource: 'disk-1' })
    await house.ok(bind, { keyId: other, ...disk })
    expect([bindingsOf(house, keyId), bindingsOf(house, other)]).toEqual([3, 1])
  })

  test('names that run into each other are told apart', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    await house.ok(bind, { keyId, product: 'a', resource: 'b","c' })
    await house.ok(bind, { keyId, product: 'a","b', resource: 'c' })
    expect(bindingsOf(house, keyId)).toBe(2)
  })

  test('takes the end of imported material away', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key({ origin: 'imported', materialExpiresAt: house.clock.now() + 86_400_000 })
    await house.ok(bind, { keyId, ...disk })
    expect(house.store.get('key', keyId)?.materialExpiresAt).toBeNull()
  })

  const day = 86_400_000
  test.each([
    ['suspended', { suspended: true }],
    ['deactivated', { deactivated: true }],
    ['destructionScheduled', { destroyAt: Date.now() + day }],
    ['preActive', { materialPresent: false, origin: 'imported' as const }],
  ])('a %s key is refused', async (state, over) => {
    const house = openHouse()
    const { id: keyId } = await house.key(over)
    expect(await house.refused(bind, { keyId, ...disk })).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'key', state },
    ])
    expect(house.store.all('binding')).toEqual([])
  })

  test('needs its right', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    const caller = house.principal([statement('allow', ['unbind'])])
    expect(await house.refused(bind, { keyId, ...disk }, { caller })).toEqual([{ reason: 'permissionDenied' }])
    const allowed = house.principal([statement('allow', ['bind'])])
    await house.ok(bind, { keyId, ...disk }, { caller: allowed })
  })
})

describe('while something is bound to a key', () => {
  const inUse = [{ reason: 'objectInUse' }]

  test('it cannot be suspended, deactivated or planned to be destroyed', async () => {
    const { house, keyId } = await bound()
    expect(await house.refused(suspend, { keyIds: [keyId] })).toEqual(inUse)
    expect(await house.refused(deactivate, { keyId })).toEqual(inUse)
    expect(await house.refused(scheduleDestruction, { keyId, days: 7 })).toEqual(inUse)
  })

  test('its imported material cannot be deleted', async () => {
    const { house, keyId } = await bound({ origin: 'imported' })
    expect(await house.refused(deleteMaterial, { keyId })).toEqual(inUse)
  })

  test('a batch with it changes no key at all', async () => {
    const { house, keyId } = await bound()
    const { id: free } = await house.key()
    expect(await house.refused(suspend, { keyIds: [free, keyId] })).toEqual(inUse)
    expect(house.store.get('key', free)?.suspended).toBe(false)
  })

  test('resuming it is no harm', async () => {
    const { house, keyId } = await bound()
    await house.ok(resume, { keyIds: [keyId] })
  })

  test('a binding that comes at the last moment holds a suspension back', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    house.store.meanwhile = () => {
      house.store.meanwhile = () => {}
      house.store.set({ ...house.store.get('key', keyId)!, bindings: 1, revision: 2 })
    }
    expect(await house.refused(suspend, { keyIds: [keyId] })).toEqual(inUse)
  })
})

describe('unbinding', () => {
  test('gives the key back, once nothing else is bound to it', async () => {
    const { house, keyId } = await bound()
    await house.ok(bind, { keyId, product: 'cbs', resource: 'disk-2' })
    await house.ok(unbind, { keyId, ...disk })
    expect(await house.refused(suspend, { keyIds: [keyId] })).toEqual([{ reason: 'objectInUse' }])
    await house.ok(unbind, { keyId, product: 'cbs', resource: 'disk-2' })
    await house.ok(suspend, { keyIds: [keyId] })
    expect(house.store.all('binding')).toEqual([])
  })

  test.each([
    { product: 'cos', resource: 'disk-1' },
    { product: 'cbs', resource: 'disk-2' },
  ])('of what was never bound is refused: %o', async (other) => {
    const { house, keyId } = await bound()
    const { id: otherKey } = await house.key()
    const unknown = [{ reason: 'objectNotFound', kind: 'binding' }]
    expect(await house.refused(unbind, { keyId, ...other })).toEqual(unknown)
    expect(await house.refused(unbind, { keyId: otherKey, ...disk })).toEqual(unknown)
    expect(bindingsOf(house, keyId)).toBe(1)
  })

  test('twice at the same time succeeds once, and the others find nothing bound', async () => {
    const { house, keyId } = await bound()
    const answers = await Promise.all(Array.from({ length: 6 }, () => house.ask(unbind, { keyId, ...disk })))
    const refused = answers.filter((answer) => answer !== undefined)
    expect(refused).toHaveLength(5)
    for (const refusal of refused) expect(refusal).toEqual(refuse({ reason: 'objectNotFound', kind: 'binding' }))
    expect(bindingsOf(house, keyId)).toBe(0)
  })

  test('and binding again begins anew', async () => {
    const { house, keyId } = await bound()
    await house.ok(unbind, { keyId, ...disk })
    await house.ok(bind, { keyId, ...disk })
    expect(bindingsOf(house, keyId)).toBe(1)
  })

  test('is possible in every state', async () => {
    const { house, keyId } = await bound()
    house.store.set({ ...house.store.get('key', keyId)!, suspended: true })
    await house.ok(unbind, { keyId, ...disk })
    expect(bindingsOf(house, keyId)).toBe(0)
  })
})

test('bindings go with their key', async () => {
  const { house, keyId } = await bound()
  house.store.set({ ...house.store.get('key', keyId)!, destroyAt: 0 })
  await house.ok(destroy, { keyId }, { caller: house.caller({ reach: 'everything' }) })
  expect(house.store.all('binding')).toEqual([])
})
