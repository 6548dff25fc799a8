/** The background check of known answers: what rots is found, by and by, and forgotten when it is mended. */
import { expect, test } from 'vitest'
import { type KeyVersion, keyVersionId } from '../../src/core/object.ts'
import { create } from '../../src/core/operations/create.ts'
import { scrub as scrubbing } from '../../src/core/scrub.ts'
import { scrubId } from '../../src/core/upkeep.ts'
import { createRequest, openHouse, type TestHouse } from './house.ts'

const dayMs = 86_400_000
const going = new AbortController().signal
/** Rests take no time. */
const scrub = (house: TestHouse, ending = going, wait = async () => {}) => scrubbing(house, wait, ending)

const withKeys = async (count: number) => {
  const house = openHouse()
  const ids: string[] = []
  for (let made = 0; made < count; made++) ids.push((await house.ok(create, createRequest({ name: `k${made}` }))).id)
  return { house, versions: ids.map((id) => keyVersionId(id, 1)).toSorted() }
}
const rowOf = (house: TestHouse) => house.store.get('scrub', scrubId)
/** Wrapped for another version: it still has the form of a wrap. */
const damage = (house: TestHouse, id: string, other: string) => {
  const row = house.store.get('keyVersion', id) as KeyVersion
  house.store.set({ ...row, wrapped: (house.store.get('keyVersion', other) as KeyVersion).wrapped })
  return row
}

test('every key version is tried once a day, and the record says so once', async () => {
  const { house } = await withKeys(3)
  expect(await scrub(house)).toEqual({ checked: 3, failed: [] })
  expect(rowOf(house)).toMatchObject({ position: null, checked: 3, failed: [] })
  expect(await scrub(house)).toEqual({ checked: 0, failed: [] })
  const entries = house.journal.entries.filter(({ action }) => action === 'scrub')
  expect(entries).toHaveLength(1)
  expect(entries[0]).toMatchObject({ dialect: 'system', principal: 'system', outcome: 'success' })
  house.clock.pass(dayMs)
  expect((await scrub(house)).checked).toBe(3)
})

test('a version that no longer opens is told each pass until it is mended', async () => {
  const { house, versions } = await withKeys(3)
  const [one, two] = versions as [string, string]
  const sound = damage(house, one, two)
  expect(await scrub(house)).toEqual({ checked: 3, failed: [one] })
  expect(rowOf(house)?.failed).toEqual([one])
  house.clock.pass(dayMs)
  expect((await scrub(house)).failed).toEqual([one])
  expect(rowOf(house)?.failed).toEqual([one])
  house.store.set(sound)
  house.clock.pass(dayMs)
  await scrub(house)
  expect(rowOf(house)?.failed).toEqual([])
})

test('where the time runs out it goes on from there, and keeps what it had found elsewhere', async () => {
  const { house, versions } = await withKeys(4)
  const [one, two] = versions as [string, string]
  damage(house, one, two)
  const { monotonic } = house.clock
  let passed = 0
  // Each look at the clock takes 200 ms: two rows, and the half second is over.
  house.clock.monotonic = () => monotonic.call(house.clock) + 200 * passed++
  const first = await scrub(house)
  expect(first.checked).toBeLessThan(4)
  expect(rowOf(house)?.position).toBe(versions[first.checked - 1])
  let all = first.checked
  for (let turn = 0; rowOf(house)?.position !== null && turn < 10; turn++) all += (await scrub(house)).checked
  expect(all).toBe(4)
  expect(rowOf(house)).toMatchObject({ checked: 4, failed: [one] })
})

test('after some rows it rests, and where the server ends meanwhile the next one goes on from there', async () => {
  const { house, versions } = await withKeys(12)
  const ending = new AbortController()
  let rests = 0
  const wait = async () => {
    rests += 1
    if (rests === 2) ending.abort()
  }
  const { checked } = await scrub(house, ending.signal, wait)
  expect([checked, rests]).toEqual([10, 2])
  expect(rowOf(house)).toMatchObject({ position: versions[9], checked: 10 })
  expect(await scrub(house)).toEqual({ checked: 2, failed: [] })
})

test('once the root key is sealed, nothing that does not open is held against its row', async () => {
  const { house, versions } = await withKeys(7)
  damage(house, versions[6] as string, versions[0] as string)
  let sealed = false
  const rootKey = { ...house.rootKey, state: () => ({ ...house.rootKey.state(), sealed }) }
  const wait = async () => {
    sealed = true
  }
  expect(await scrub({ ...house, rootKey } as TestHouse, going, wait)).toEqual({ checked: 5, failed: [] })
  sealed = false
  expect(await scrub(house)).toEqual({ checked: 2, failed: [versions[6]] })
})
