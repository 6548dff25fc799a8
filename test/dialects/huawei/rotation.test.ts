import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { performDue } from '../../../src/core/schedule.ts'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { keyRecord, makeDefaultKey, makeImported, makeKey, moveInto } from '../../harness/huawei-keys.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const dayMs = 86_400_000
const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const enable = 'POST kms/enable-key-rotation'
const disable = 'POST kms/disable-key-rotation'
const update = 'POST kms/update-key-rotation-interval'
const status = 'POST kms/get-key-rotation-status'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

/** The minute's work. */
const tick = () =>
  performDue(keystead.running.installation.house, 60_000, (fault) => {
    throw fault
  })
const statusOf = (key_id: string) => huaweiOk(keystead, status, { key_id })
const rotatedKey = async (): Promise<string> => {
  const key_id = await makeKey(keystead)
  await huaweiOk(keystead, enable, { key_id })
  return key_id
}
const off = { key_rotation_enabled: false, rotation_interval: 365, last_rotation_time: '', number_of_rotations: 0 }

describe('rotation', () => {
  it('is off at first; the status has a boolean where the record of the key has text', async () => {
    const key_id = await makeKey(keystead)
    expect(await statusOf(key_id)).toEqual(off)
    expect((await keyRecord(keystead, key_id)).key_rotation_enabled).toBe('false')
  })

  it('is turned on for 365 days, and answers an empty object with 200', async () => {
    const key_id = await makeKey(keystead)
    const answered = await huaweiCall(keystead, enable, { key_id })
    expect([answered.status, answered.exchanged.body]).toEqual([200, '{}'])
    expect(await statusOf(key_id)).toEqual({ ...off, key_rotation_enabled: true })
    expect((await keyRecord(keystead, key_id)).key_rotation_enabled).toBe('true')
    expect((await keystead.ok('GetKeyRotationStatus', { KeyId: key_id })).KeyRotationEnabled).toBe(true)
  })

  it('cannot be turned on twice', async () => {
    expectError(await huaweiCall(keystead, enable, { key_id: await rotatedKey() }), 400, 'KMS.2901')
  })

  it('is turned off, once, and forgets its interval', async () => {
    const key_id = await rotatedKey()
    await huaweiOk(keystead, update, { key_id, rotation_interval: 90 })
    const answered = await huaweiCall(keystead, disable, { key_id })
    expect([answered.status, answered.exchanged.body]).toEqual([200, '{}'])
    expectError(await huaweiCall(keystead, disable, { key_id }), 400, 'KMS.0313')
    await huaweiOk(keystead, enable, { key_id })
    expect((await statusOf(key_id)).rotation_interval).toBe(365)
  })

  it.each([30, 365, '90'])('takes an interval of %j days', async (rotation_interval) => {
    const key_id = await rotatedKey()
    const answered = await huaweiCall(keystead, update, { key_id, rotation_interval })
    expect([answered.status, answered.exchanged.body]).toEqual([200, '{}'])
    expect((await statusOf(key_id)).rotation_interval).toBe(Number(rotation_interval))
  })

  it.each([29, 366, 0, -1, 30.5, 'often', '', true])('refuses an interval of %j with KMS.3001', async (interval) => {
    const key_id = await rotatedKey()
    expectError(await huaweiCall(keystead, update, { key_id, rotation_interval: interval }), 400, 'KMS.3001')
  })

  it('has no interval to change while it is off', async () => {
    const key_id = await makeKey(keystead)
    expectError(await huaweiCall(keystead, update, { key_id, rotation_interval: 30 }), 400, 'KMS.0313')
  })

  it('is for generated symmetric keys', async () => {
    const [imported, rsa] = [await makeImported(keystead), await makeKey(keystead, { key_spec: 'RSA_2048' })]
    const interval = { rotation_interval: 30 }
    expectError(await huaweiCall(keystead, enable, { key_id: imported }), 400, 'KMS.0312')
    expectError(await huaweiCall(keystead, disable, { key_id: imported }), 400, 'KMS.0312')
    expectError(await huaweiCall(keystead, update, { key_id: imported, ...interval }), 400, 'KMS.0312')
    expectError(await huaweiCall(keystead, enable, { key_id: rsa }), 400, 'KMS.0324')
    expectError(await huaweiCall(keystead, disable, { key_id: rsa }), 400, 'KMS.0313')
    expectError(await huaweiCall(keystead, update, { key_id: rsa, ...interval }), 400, 'KMS.0313')
    expectError(await huaweiCall(keystead, status, { key_id: rsa }), 400, 'KMS.0324')
  })

  it('makes a version at its date, counts it, and starts again from there', async () => {
    const key_id = await rotatedKey()
    await huaweiOk(keystead, update, { key_id, rotation_interval: 30 })
    keystead.clock.pass(29 * dayMs)
    await tick()
    expect((await statusOf(key_id)).number_of_rotations).toBe(0)
    keystead.clock.pass(dayMs)
    await tick()
    const rotated = await statusOf(key_id)
    expect(rotated).toMatchObject({ number_of_rotations: 1, last_rotation_time: expect.stringMatching(/^\d{13}$/) })
    expect(Math.abs(Number(rotated.last_rotation_time) - keystead.clock.now())).toBeLessThan(60_000)
    await tick()
    expect((await statusOf(key_id)).number_of_rotations).toBe(1)
  })

  it('counts a changed interval from the change', async () => {
    const key_id = await rotatedKey()
    keystead.clock.pass(300 * dayMs)
    await huaweiOk(keystead, update, { key_id, rotation_interval: 100 })
    await tick()
    expect((await statusOf(key_id)).number_of_rotations).toBe(0)
    keystead.clock.pass(100 * dayMs)
    await tick()
    expect((await statusOf(key_id)).number_of_rotations).toBe(1)
  })

  it.each(['3', '4'] as const)(
    'pauses in state %s, keeps its flag, and is caught up with afterwards',
    async (state) => {
      const key_id = await rotatedKey()
      await huaweiOk(keystead, update, { key_id, rotation_interval: 30 })
      keystead.clock.pass(28 * dayMs)
      await moveInto(keystead, key_id, state)
      keystead.clock.pass(5 * dayMs)
      await tick()
      expect(await statusOf(key_id)).toMatchObject({ key_rotation_enabled: true, number_of_rotations: 0 })
      if (state === '4') await huaweiOk(keystead, 'POST kms/cancel-key-deletion', { key_id })
      await huaweiOk(keystead, 'POST kms/enable-key', { key_id })
      await tick()
      expect((await statusOf(key_id)).number_of_rotations).toBe(1)
    },
  )
})

describe.each([
  [enable, {}],
  [disable, {}],
  [update, { rotation_interval: 30 }],
  [status, {}],
])('%s', (call, members) => {
  it.each([
    ['a key that is not there', { key_id: unknownId }, 404, 'KMS.0207'],
    ['no key_id', {}, 400, 'KMS.0204'],
    ['a malformed key_id', { key_id: 'x' }, 400, 'KMS.0205'],
    ['a malformed sequence', { key_id: unknownId, sequence: 'x'.repeat(37) }, 400, 'KMS.0206'],
  ])('refuses %s', async (_what, wrong, expected, code) => {
    expectError(await huaweiCall(keystead, call, { ...members, ...wrong }), expected, code)
  })

  it('refuses a default key, unless it only looks', async () => {
    const key_id = await makeDefaultKey(keystead)
    const { code } = await huaweiCall(keystead, call, { ...members, key_id })
    expect(code).toBe(call === status ? undefined : 'KMS.0211')
  })
})
