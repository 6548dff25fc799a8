import { expect, test } from 'vitest'
import { dayMs } from '../../src/core/operations/create.ts'
import { describeService, listRegions, random } from '../../src/core/operations/service.ts'
import { here, openHouse, statement } from './house.ts'

test('random bytes have the length asked for, are not given twice, and are in no record', async () => {
  const house = openHouse()
  const [a, b] = [await house.ok(random, { at: here, bytes: 1024 }), await house.ok(random, { at: here, bytes: 32 })]
  expect([a.bytes.length, b.bytes.length]).toEqual([1024, 32])
  expect(Buffer.from(a.bytes).includes(Buffer.from(b.bytes))).toBe(false)
  expect(house.journal.last).toMatchObject({ action: 'random', outcome: 'success', objects: [] })
  expect(JSON.stringify(house.journal.last)).not.toContain(Buffer.from(b.bytes).toString('hex'))
})

test('the regions are those of the installation', async () => {
  const house = openHouse()
  expect((await house.ok(listRegions, { at: here })).map(({ id }) => id)).toEqual(['guangzhou', 'shanghai'])
})

test('the count of keys follows the rule of the quota', async () => {
  const house = openHouse({ keysMax: 5, dataKeysMax: null, whiteBoxKeysMax: 50 })
  const at = house.clock.now()
  for (const over of [{}, { suspended: true }, { deactivated: true }, { materialPresent: false }]) await house.key(over)
  await house.key({ destroyAt: at + dayMs })
  expect(await house.ok(describeService, { at: here })).toMatchObject({ keys: 4, keysMax: 5 })
  expect(await house.ok(describeService, { at: { ...here, region: 'shanghai' } })).toMatchObject({
    keys: 0,
    keysMax: 5,
  })
})

test('each of them needs its right on the service', async () => {
  const house = openHouse()
  const caller = house.principal([statement('allow', ['random'], { kind: 'service' })])
  await house.ok(random, { at: here, bytes: 1 }, { caller })
  for (const operation of [listRegions, describeService])
    expect(await house.refused(operation as typeof listRegions, { at: here }, { caller })).toEqual([
      { reason: 'permissionDenied' },
    ])
})
