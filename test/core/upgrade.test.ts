import { expect, test } from 'vitest'
import { describeUpgrade, finishUpgrade } from '../../src/core/operations/upgrade.ts'
import { openHouse, type TestHouse } from './house.ts'

const operator = (house: TestHouse) => ({ caller: house.caller({ reach: 'everything', dialect: 'native' }) })

test('an upgrade cannot be finished while an older program serves, and is told where it does', async () => {
  const house = openHouse()
  house.upgrade.members = [
    { name: 'node-a', program: 7 },
    { name: 'node-b', program: 6 },
  ]
  const why = 'cannot be finished: older programs still run, at node-b'
  expect(await house.refused(finishUpgrade, {}, operator(house))).toMatchObject([{ why }])
  expect(await house.ok(describeUpgrade, {}, operator(house))).toMatchObject({ oldestProgram: 6, finished: false })
})

test('an upgrade that every process runs is finished, also twice', async () => {
  const house = openHouse()
  house.upgrade.members = [{ name: 'node-a', program: 7 }]
  for (let n = 0; n < 2; n += 1)
    expect(await house.ok(finishUpgrade, {}, operator(house))).toMatchObject({ oldestProgram: 7, finished: true })
})

test('only an operator of the whole installation finishes an upgrade', async () => {
  const house = openHouse()
  const failures = await house.refused(finishUpgrade, {})
  expect(failures).toMatchObject([{ reason: 'permissionDenied' }])
  expect(house.upgrade.oldestProgram).toBe(6)
})
