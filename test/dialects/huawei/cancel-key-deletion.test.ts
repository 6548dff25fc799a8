import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, sdkDate } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { createKey } from '../../harness/keys.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const call = 'POST kms/cancel-key-deletion'
const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const scheduledKey = async (members = {}): Promise<string> => {
  const id = await createKey(keystead, members)
  if (!('Type' in members)) await keystead.ok('DisableKey', { KeyId: id })
  await keystead.ok('ScheduleKeyDeletion', { KeyId: id, PendingWindowInDays: 7 })
  return id
}

describe('cancel-key-deletion', () => {
  it('brings a key back disabled, and answers exactly its id and state', async () => {
    const id = await scheduledKey()
    const { status, members, exchanged } = await huaweiCall(keystead, call, { key_id: id })
    expect([status, members]).toEqual([200, { key_id: id, key_state: '3' }])
    expect(exchanged.headers['content-type']).toBe('application/json;charset=UTF-8')
    expect(exchanged.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    const described = await keystead.ok('DescribeKey', { KeyId: id })
    expect(described.KeyMetadata.KeyState).toBe('Disabled')
  })

  it('brings a key without material back as pending import', async () => {
    const id = await scheduledKey({ Type: 2 })
    const { members } = await huaweiCall(keystead, call, { key_id: id, sequence: unknownId })
    expect(members).toEqual({ key_id: id, key_state: '5' })
  })

  it('refuses a key that is not to be destroyed, naming KMS.1501', async () => {
    const id = await createKey(keystead)
    expectError(await huaweiCall(keystead, call, { key_id: id }), 400, 'KMS.1501')
  })

  it.each([
    ['a key that is not there', { key_id: unknownId }, 404, 'KMS.0207'],
    ['no key_id', {}, 400, 'KMS.0204'],
    ['a malformed key_id', { key_id: 'no-id' }, 400, 'KMS.0205'],
    ['a malformed sequence', { key_id: unknownId, sequence: 'x'.repeat(37) }, 400, 'KMS.0206'],
    ['a member of the wrong type', { key_id: 7 }, 400, 'KMS.0214'],
    ['a member that is not declared', { key_id: unknownId, colour: 'red' }, 400, 'KMS.0308'],
    ['a body that is no JSON', '{', 400, 'KMS.0202'],
    ['a body that is no object', '[]', 400, 'KMS.0214'],
  ])('answers %s', async (_what, members, status, code) => {
    expectError(await huaweiCall(keystead, call, members), status, code)
  })

  it('answers another method with 405, and an unknown path with KMS.0201', async () => {
    expectError(await huaweiCall(keystead, 'PUT kms/cancel-key-deletion', {}), 405, 'KMS.0215')
    expectError(await huaweiCall(keystead, 'POST kms/no-such-call', {}), 400, 'KMS.0201')
    expectError(await huaweiCall(keystead, 'POST /v1.0/kms/cancel-key-deletion', {}), 400, 'KMS.0201')
  })

  it('answers the project of somebody else with KMS.0321, and never says whether the key exists', async () => {
    const id = await scheduledKey()
    const project = 'f'.repeat(32)
    expectError(await huaweiCall(keystead, call, { key_id: id }, { project }), 403, 'KMS.0321')
  })
})

describe('a caller who cannot be authenticated', () => {
  const unsigned = { Authorization: undefined, 'X-Sdk-Date': undefined }

  it('gets 401 APIGW.0301, and is told why', async () => {
    const answers = {
      none: await huaweiCall(keystead, call, {}, { headers: unsigned }),
      unknown: await huaweiCall(keystead, call, {}, { key: { accessKey: 'NOSUCHKEY', secretKey: 'x' } }),
      wrong: await huaweiCall(keystead, call, {}, { key: { ...keystead.credentials.huawei, secretKey: 'x' } }),
      early: await huaweiCall(keystead, call, {}, { at: keystead.clock.now() + 16 * 60_000 }),
      late: await huaweiCall(keystead, call, {}, { at: keystead.clock.now() - 16 * 60_000 }),
      body: await huaweiCall(keystead, call, {}, { signed: { 'x-sdk-content-sha256': '0'.repeat(64) } }),
      date: await huaweiCall(keystead, call, {}, { headers: { 'X-Sdk-Date': sdkDate(keystead.clock.now() - 1000) } }),
    }
    for (const answered of Object.values(answers)) expectError(answered, 401, 'APIGW.0301')
    const texts = Object.fromEntries(Object.entries(answers).map(([name, { members }]) => [name, members.error_msg]))
    expect(texts.none).toBe('Incorrect IAM authentication information: x-auth-token not found')
    expect(texts.unknown).toMatch(/Get secretKey failed,ak:NOSUCHKEY,err:ak not exist$/)
    expect(texts.wrong).toMatch(/verify aksk signature fail$/)
    expect([texts.early, texts.late]).toEqual(Array(2).fill(expect.stringMatching(/signature expired$/)))
  })

  it('is answered while its clock is within fifteen minutes', async () => {
    const id = await scheduledKey()
    const late = { at: keystead.clock.now() - 14 * 60_000 }
    expect((await huaweiCall(keystead, call, { key_id: id }, late)).status).toBe(200)
  })

  it("cannot use an access key of the other dialect's", async () => {
    const { secretId: accessKey, secretKey } = keystead.credentials.tencent
    expectError(await huaweiCall(keystead, call, {}, { key: { accessKey, secretKey } }), 401, 'APIGW.0301')
  })
})
