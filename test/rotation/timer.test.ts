/** Rotation by the clock, over the real store and the real server. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { performDue } from '../../src/core/schedule.ts'
import { createImported, createKey } from '../harness/keys.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'

const dayMs = 86_400_000
const base64 = (text: string) => Buffer.from(text).toString('base64')

let keystead: TestKeystead
beforeEach(async () => {
  keystead = await startKeystead()
})
afterEach(() => keystead.end())

/** One round of the minute work. Gives how many steps were done. */
const run = () =>
  performDue(keystead.running.installation.house, 60_000, (fault) => {
    throw fault
  })
const rowOf = async (KeyId: string) =>
  (await (await keystead.running.installation.house.coherence.view()).reload('key', KeyId))!
const rotated = async (KeyId: string) => (await rowOf(KeyId)).primaryVersion
const metadataOf = async (KeyId: string) => (await keystead.ok('DescribeKey', { KeyId })).KeyMetadata
/** A key that is rotated every seven days. */
const weekly = async () => {
  const KeyId = await createKey(keystead)
  await keystead.ok('EnableKeyRotation', { KeyId, RotateDays: 7 })
  return KeyId
}

test('a rotation is due at its date and not before, once in each period', async () => {
  const KeyId = await weekly()
  keystead.clock.pass(7 * dayMs - 10_000)
  expect(await run()).toBe(0)
  keystead.clock.pass(10_001)
  expect(await run()).toBe(1)
  expect(await run()).toBe(0)
  expect(await rotated(KeyId)).toBe(2)
  keystead.clock.pass(7 * dayMs)
  expect(await run()).toBe(1)
  expect(await rotated(KeyId)).toBe(3)
})

test('what every version protected is opened after many rotations, and by a new process', async () => {
  const KeyId = await weekly()
  const blobs: string[] = []
  for (let version = 1; version <= 5; version++) {
    blobs.push((await keystead.ok('Encrypt', { KeyId, Plaintext: base64(`under ${version}`) })).CiphertextBlob)
    keystead.clock.pass(7 * dayMs + 1)
    expect(await run()).toBe(1)
  }
  const { folder, clock } = keystead
  await keystead.stop()
  keystead = await startKeystead({ folder, clock })
  for (const [at, CiphertextBlob] of blobs.entries()) {
    const { Plaintext } = await keystead.ok('Decrypt', { CiphertextBlob })
    expect(Buffer.from(Plaintext, 'base64').toString()).toBe(`under ${at + 1}`)
  }
})

test('the next date is counted from the rotation, not from the date that it was planned for', async () => {
  const KeyId = await weekly()
  keystead.clock.pass(30 * dayMs)
  const before = Math.floor(keystead.clock.now() / 1000)
  expect(await run()).toBe(1)
  const { LastRotateTime, NextRotateTime, KeyRotationEnabled } = await metadataOf(KeyId)
  expect(KeyRotationEnabled).toBe(true)
  expect(LastRotateTime).toBeGreaterThanOrEqual(before)
  expect(LastRotateTime).toBeLessThan(before + 60)
  expect(NextRotateTime).toBe(LastRotateTime + 7 * 86_400)
  expect(await run()).toBe(0)
})

test('a rotation asked for moves the date of the next one', async () => {
  const KeyId = await weekly()
  keystead.clock.pass(5 * dayMs)
  await keystead.ok('RotateKey', { KeyId })
  keystead.clock.pass(3 * dayMs)
  expect(await run()).toBe(0)
  keystead.clock.pass(4 * dayMs + 1)
  expect(await run()).toBe(1)
  expect(await rotated(KeyId)).toBe(3)
})

test('a disabled key is left alone, and rotated at the next run after it is enabled', async () => {
  const KeyId = await weekly()
  await keystead.ok('DisableKey', { KeyId })
  keystead.clock.pass(20 * dayMs)
  expect(await run()).toBe(0)
  await keystead.ok('EnableKey', { KeyId })
  expect(await rotated(KeyId)).toBe(1)
  expect(await run()).toBe(1)
  expect(await rotated(KeyId)).toBe(2)
})

test.each([
  ['archived', ['ArchiveKey']],
  ['on its way to be destroyed', ['DisableKey', 'ScheduleKeyDeletion']],
])('a key that is %s is not rotated', async (_state, actions) => {
  const KeyId = await weekly()
  for (const action of actions)
    await keystead.ok(action, action === 'ScheduleKeyDeletion' ? { KeyId, PendingWindowInDays: 30 } : { KeyId })
  keystead.clock.pass(8 * dayMs)
  expect(await run()).toBe(0)
  expect(await rotated(KeyId)).toBe(1)
})

test('a key whose rotation was turned off is not rotated', async () => {
  const KeyId = await weekly()
  await keystead.ok('DisableKeyRotation', { KeyId })
  keystead.clock.pass(400 * dayMs)
  expect(await run()).toBe(0)
  expect(await rotated(KeyId)).toBe(1)
})

test('an imported key is never rotated', async () => {
  const KeyId = await createImported(keystead)
  expect((await keystead.call('EnableKeyRotation', { KeyId })).code).toBe(
    'UnsupportedOperation.ExternalCmkCanNotRotate',
  )
  keystead.clock.pass(400 * dayMs)
  expect(await run()).toBe(0)
  expect(await rotated(KeyId)).toBe(1)
})

test('a rotation by the clock is recorded as the system’s, and one that fails does not keep the others', async () => {
  const [broken, fine] = [await weekly(), await weekly()]
  keystead.clock.pass(8 * dayMs)
  const { house } = keystead.running.installation
  const faults: unknown[] = []
  const faulty = {
    ...house,
    store: {
      ...house.store,
      due: house.store.due.bind(house.store),
      commit: async (change: Parameters<typeof house.store.commit>[0]) => {
        if (change.entry.objects.some(({ id }) => id === broken)) throw new Error('the disk said no')
        return house.store.commit(change)
      },
    },
  }
  expect(await performDue(faulty, 60_000, (fault) => faults.push(fault))).toBe(1)
  expect(faults).toMatchObject([{ message: 'the disk said no' }])
  expect([await rotated(broken), await rotated(fine)]).toEqual([1, 2])
  expect(await run()).toBe(1)
  expect(await rotated(broken)).toBe(2)
  const entries = keystead.audit().filter(({ action }) => action === 'rotate')
  expect(entries.map(({ outcome }) => outcome).sort()).toEqual(['failed', 'success', 'success'])
  for (const entry of entries) expect(entry).toMatchObject({ dialect: 'system', principal: 'system', credential: '' })
})
