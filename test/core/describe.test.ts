import { expect, test } from 'vitest'
import { describe as describeKeys, list } from '../../src/core/operations/describe.ts'
import { here, openHouse, statement } from './house.ts'

const page = { filter: {}, order: 'newestFirst', offset: 0, limit: 10 } as const

test('keys are described in the order asked, each with its state', async () => {
  const house = openHouse()
  const [a, b] = [await house.key(), await house.key({ suspended: true })]
  expect(await house.ok(describeKeys, { keyIds: [b.id, a.id] })).toEqual([
    { key: b, account: house.caller().account, state: 'suspended', version: 1 },
    { key: a, account: house.caller().account, state: 'active', version: 1 },
  ])
  expect(house.journal.last).toMatchObject({ action: 'describe', outcome: 'success' })
  expect(house.journal.last.objects.map(({ id }) => id)).toEqual([b.id, a.id])
})

test('one key that is not there refuses all of them', async () => {
  const house = openHouse()
  const { id } = await house.key()
  expect(await house.refused(describeKeys, { keyIds: [id, house.random.id(0)] })).toEqual([
    { reason: 'objectNotFound', kind: 'key' },
  ])
})

test('a key of another region is not found', async () => {
  const house = openHouse()
  const { id } = await house.key()
  expect(await house.refused(describeKeys, { keyIds: [id] }, { region: 'shanghai' })).toEqual([
    { reason: 'objectNotFound', kind: 'key' },
  ])
})

test('a list has the page asked for, the total, and every state as of now', async () => {
  const house = openHouse()
  const keys = [await house.key(), await house.key({ suspended: true }), await house.key()]
  const { total, keys: found } = await house.ok(list, { at: here, page: { ...page, offset: 1, limit: 1 } })
  expect(total).toBe(3)
  expect(found).toEqual([{ key: keys[1], account: house.caller().account, state: 'suspended', version: 1 }])
  house.store.set({ ...keys[0]!, destroyAt: house.clock.now() - 1 })
  expect((await house.ok(list, { at: here, page })).total).toBe(2)
})

test('a list is refused as a whole without the right, and recorded either way', async () => {
  const house = openHouse()
  await house.key()
  const caller = house.principal([statement('allow', ['describe'])])
  expect(await house.refused(list, { at: here, page }, { caller })).toEqual([{ reason: 'permissionDenied' }])
  expect(house.journal.last).toMatchObject({
    action: 'list',
    outcome: 'refused',
    reason: 'permissionDenied',
    objects: [],
  })
  await house.ok(list, { at: here, page }, { caller: house.principal([statement('allow', ['list'])]) })
  expect(house.journal.last).toMatchObject({ action: 'list', outcome: 'success', principal: 'alice', objects: [] })
})
