import { expect, test } from 'vitest'
import { create, dayMs } from '../../src/core/operations/create.ts'
import { dropMaterial } from '../../src/core/operations/import.ts'
import { destroy } from '../../src/core/operations/lifecycle.ts'
import { account, createRequest, openHouse, statement, type TestHouse } from './house.ts'

const system = (house: TestHouse) => ({
  caller: house.caller({ reach: 'everything', dialect: 'system', credential: undefined, source: '' }),
})

test('a destroyed key takes its versions along, frees its name and leaves a tombstone', async () => {
  const house = openHouse()
  const key = await house.ok(create, createRequest())
  house.store.set({ ...key, destroyAt: house.clock.now() - 1 })
  await house.ok(destroy, { keyId: key.id }, system(house))
  const { at } = house.journal.last
  expect([...house.store.all('key'), ...house.store.all('keyVersion')]).toEqual([])
  expect(house.store.tables.tombstones).toEqual([
    { kind: 'key', id: key.id, account, region: 'guangzhou', lineage: key.lineage, destroyedAt: at },
  ])
  await house.ok(create, createRequest())
})

test("the record of the system's work names the key and no access key", async () => {
  const house = openHouse()
  const { id } = await house.key({ destroyAt: 0 })
  await house.ok(destroy, { keyId: id }, system(house))
  expect(house.journal.last).toMatchObject({
    dialect: 'system',
    action: 'destroy',
    credential: '',
    source: '',
    outcome: 'success',
    objects: [{ kind: 'key', id, version: 1 }],
  })
})

test('a key whose destruction is cancelled at the last moment is not destroyed', async () => {
  const house = openHouse()
  const key = await house.key({ destroyAt: house.clock.now() - 1 })
  house.store.meanwhile = () => {
    house.store.meanwhile = () => {}
    house.store.set({ ...key, destroyAt: null, suspended: true, revision: 2 })
  }
  expect(await house.refused(destroy, { keyId: key.id }, system(house))).toEqual([
    { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'suspended' },
  ])
  expect(house.store.get('key', key.id)).toMatchObject({ suspended: true })
  expect(house.store.tables.tombstones).toEqual([])
})

test('material that was imported anew at the last moment is not dropped', async () => {
  const house = openHouse()
  const key = await house.key({ origin: 'imported', materialExpiresAt: house.clock.now() - 1 })
  house.store.meanwhile = () => {
    house.store.meanwhile = () => {}
    house.store.set({ ...key, materialExpiresAt: house.clock.now() + dayMs, revision: 2 })
  }
  expect(await house.refused(dropMaterial, { keyId: key.id }, system(house))).toEqual([
    { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'active' },
  ])
  expect(house.store.get('keyVersion', `${key.id}.1`)?.wrapped).not.toBeNull()
})

test('nobody but the system reaches either, whatever a policy says', async () => {
  const house = openHouse()
  const everything = house.principal([statement('allow', ['destroy', 'dropMaterial'])])
  const { id } = await house.key({ destroyAt: 0, origin: 'imported' })
  for (const caller of [everything, house.caller()])
    for (const operation of [destroy, dropMaterial])
      expect(await house.refused(operation as typeof destroy, { keyId: id }, { caller })).toEqual([
        { reason: 'objectNotFound', kind: 'key' },
      ])
})
