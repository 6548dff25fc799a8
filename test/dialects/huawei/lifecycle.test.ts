import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { keyRecord, makeDefaultKey, makeKey, moveInto } from '../../harness/huawei-keys.ts'
import { newAlias } from '../../harness/keys.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const dayMs = 86_400_000
const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const sequence = '919c82d4-8046-4722-9094-35c3c6524cff'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

/** What each of these calls is sent beside the key. */
const calls = {
  'enable-key': {},
  'disable-key': {},
  'schedule-key-deletion': { pending_days: '7' },
  'update-key-alias': { key_alias: 'a-new-name' },
  'update-key-description': { key_description: 'new' },
  'describe-key': {},
} as const

describe.each(Object.entries(calls))('%s', (name, members) => {
  const call = `POST kms/${name}`

  it.each([
    ['a key that is not there', { key_id: unknownId }, 404, 'KMS.0207'],
    ['no key_id', { key_id: undefined }, 400, 'KMS.0204'],
    ['an empty key_id', { key_id: '' }, 400, 'KMS.0205'],
    ['a malformed key_id', { key_id: unknownId.toUpperCase() }, 400, 'KMS.0205'],
    ['a key_id that is no text', { key_id: 7 }, 400, 'KMS.0214'],
    ['a sequence of 37 characters', { key_id: unknownId, sequence: 'x'.repeat(37) }, 400, 'KMS.0206'],
    ['a member that is not declared', { key_id: unknownId, colour: 'red' }, 400, 'KMS.0308'],
  ])('refuses %s', async (_what, wrong, status, code) => {
    expectError(await huaweiCall(keystead, call, { ...members, ...wrong }), status, code)
  })

  it('takes a sequence, and does nothing with it', async () => {
    const answered = await huaweiCall(keystead, call, { ...members, key_id: unknownId, sequence })
    expect(answered.code).toBe('KMS.0207')
  })
})

const changes = Object.entries(calls).filter(([name]) => name !== 'describe-key')

describe.each(changes)('%s', (name, members) => {
  it('refuses a default key with KMS.0211, and leaves it as it was', async () => {
    const key_id = await makeDefaultKey(keystead)
    const before = await keyRecord(keystead, key_id)
    expect(before).toMatchObject({ default_key_flag: '1', key_state: '2' })
    expectError(await huaweiCall(keystead, `POST kms/${name}`, { ...members, key_id }), 400, 'KMS.0211')
    expect(await keyRecord(keystead, key_id)).toEqual(before)
  })
})

describe('enable-key and disable-key', () => {
  it('answer the id and the new state in key_info', async () => {
    const key_id = await makeKey(keystead)
    const disabled = await huaweiOk(keystead, 'POST kms/disable-key', { key_id })
    expect(disabled).toEqual({ key_info: { key_id, key_state: '3' } })
    expect((await keyRecord(keystead, key_id)).key_state).toBe('3')
    const enabled = await huaweiOk(keystead, 'POST kms/enable-key', { key_id })
    expect(enabled).toEqual({ key_info: { key_id, key_state: '2' } })
    expect((await keyRecord(keystead, key_id)).key_state).toBe('2')
  })

  it('bring a key out of the archive of the other cloud', async () => {
    const key_id = await makeKey(keystead)
    await moveInto(keystead, key_id, 'archived')
    expect((await keyRecord(keystead, key_id)).key_state).toBe('3')
    expect(await huaweiOk(keystead, 'POST kms/enable-key', { key_id })).toEqual({
      key_info: { key_id, key_state: '2' },
    })
    expect((await keystead.ok('DescribeKey', { KeyId: key_id })).KeyMetadata.KeyState).toBe('Enabled')
  })
})

describe('schedule-key-deletion', () => {
  const call = 'POST kms/schedule-key-deletion'

  it.each([
    ['7', 7],
    [7, 7],
    ['30', 30],
    [1096, 1096],
    ['1096', 1096],
    ['0031', 31],
  ])('takes pending_days %j as %i days', async (pending_days, days) => {
    const key_id = await makeKey(keystead)
    const before = keystead.clock.now()
    expect(await huaweiOk(keystead, call, { key_id, pending_days })).toEqual({ key_id, key_state: '4' })
    const at = Number((await keyRecord(keystead, key_id)).scheduled_deletion_date) - days * dayMs
    expect(at).toBeGreaterThanOrEqual(before)
    expect(at).toBeLessThanOrEqual(keystead.clock.now())
  })

  it.each([undefined, '', '6', 6, '1097', 1097, 'seven', '7.5', 7.5, '-7', true, '00007x', ['7']])(
    'refuses pending_days %j with KMS.1401',
    async (pending_days) => {
      const key_id = await makeKey(keystead)
      expectError(await huaweiCall(keystead, call, { key_id, pending_days }), 400, 'KMS.1401')
      expect((await keyRecord(keystead, key_id)).key_state).toBe('2')
    },
  )

  it('takes the key away when its date is reached', async () => {
    const key_id = await makeKey(keystead)
    await huaweiOk(keystead, call, { key_id, pending_days: '7' })
    keystead.clock.pass(7 * dayMs)
    expectError(await huaweiCall(keystead, 'POST kms/describe-key', { key_id }), 404, 'KMS.0207')
    expectError(await huaweiCall(keystead, 'POST kms/cancel-key-deletion', { key_id }), 404, 'KMS.0207')
  })
})

describe('update-key-alias', () => {
  const call = 'POST kms/update-key-alias'

  it('renames the key for both clouds, and frees the old name', async () => {
    const [old, key_alias] = [newAlias(), newAlias()]
    const key_id = await makeKey(keystead, { key_alias: old })
    expect(await huaweiOk(keystead, call, { key_id, key_alias })).toEqual({ key_info: { key_id, key_alias } })
    expect((await keyRecord(keystead, key_id)).key_alias).toBe(key_alias)
    expect((await keystead.ok('DescribeKey', { KeyId: key_id })).KeyMetadata.Alias).toBe(key_alias)
    await makeKey(keystead, { key_alias: old })
  })

  it('refuses a name that another key has with KMS.1104, also one that is to be deleted', async () => {
    const key_alias = newAlias()
    const other = await makeKey(keystead, { key_alias })
    const key_id = await makeKey(keystead)
    expectError(await huaweiCall(keystead, call, { key_id, key_alias }), 400, 'KMS.1104')
    await moveInto(keystead, other, '4')
    expectError(await huaweiCall(keystead, call, { key_id, key_alias }), 400, 'KMS.1104')
  })

  it.each(['', 'a'.repeat(256), 'a b', 'ключ', 'evs/default'])(
    'refuses the name %j with KMS.1101',
    async (key_alias) => {
      expectError(await huaweiCall(keystead, call, { key_id: await makeKey(keystead), key_alias }), 400, 'KMS.1101')
    },
  )

  it('refuses no name at all with KMS.0204', async () => {
    expectError(await huaweiCall(keystead, call, { key_id: unknownId }), 400, 'KMS.0204')
  })
})

describe('update-key-description', () => {
  const call = 'POST kms/update-key-description'

  it.each(['described', '', 'd'.repeat(255), '描述'])('describes the key as %j', async (key_description) => {
    const key_id = await makeKey(keystead, { key_description: 'before' })
    const answered = await huaweiOk(keystead, call, { key_id, key_description })
    expect(answered).toEqual({ key_info: { key_id, key_description } })
    expect((await keyRecord(keystead, key_id)).key_description).toBe(key_description)
  })

  it('refuses 256 characters with KMS.1103, and none at all with KMS.0204', async () => {
    const key_id = await makeKey(keystead)
    expectError(await huaweiCall(keystead, call, { key_id, key_description: 'd'.repeat(256) }), 400, 'KMS.1103')
    expectError(await huaweiCall(keystead, call, { key_id }), 400, 'KMS.0204')
  })
})
