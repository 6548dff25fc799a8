/** What surprises a reader of the vendor's pages, and what a client relies on all the same. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { keyRecord, makeKey, moveInto } from '../../harness/huawei-keys.ts'
import { sdkCall } from '../../harness/huawei-sdk.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

test('a cancelled deletion never leaves a key enabled, which it was', async () => {
  const key_id = await makeKey(keystead)
  await moveInto(keystead, key_id, '4')
  expect((await huaweiOk(keystead, 'POST kms/cancel-key-deletion', { key_id })).key_state).toBe('3')
  expect((await keyRecord(keystead, key_id)).key_state).toBe('3')
})

test('the Node SDK, which does not read the nested error, reads the one beside it', async () => {
  const answered = await sdkCall(keystead, 'POST kms/describe-key', { key_id: unknownId })
  expect(answered).toMatchObject({ status: 404, code: 'KMS.0207', message: 'The key does not exist.' })
})

test('list-aliases is an object, and an array for the two SDKs whose types are one', async () => {
  const key_id = await makeKey(keystead)
  await huaweiOk(keystead, 'POST kms/aliases', { key_id, alias: 'alias/surprise' })
  const list = async (agent: string): Promise<unknown> =>
    (await huaweiCall(keystead, `GET kms/aliases?key_id=${key_id}`, undefined, { headers: { 'User-Agent': agent } }))
      .members
  const page = { aliases: [expect.objectContaining({ key_id })], page_info: { next_marker: '', current_count: 1 } }
  expect(await list('huaweicloud-usdk-python/3.0')).toEqual(page)
  expect(await list('huaweicloud-usdk-go/3.0')).toEqual([page])
  expect(await list('huaweicloud-usdk-java/3.0')).toEqual([page])
})

test('list-keys hides every key that is not AES_256, unless ALL is asked for', async () => {
  const key_id = await makeKey(keystead, { key_spec: 'SM4' })
  expect((await huaweiOk(keystead, 'POST kms/list-keys', {})).keys).not.toContain(key_id)
  expect((await huaweiOk(keystead, 'POST kms/list-keys', { key_spec: 'ALL' })).keys).toContain(key_id)
})

test('what has no result answers {} with 200, and 204 where tags are written and aliases are deleted', async () => {
  const key_id = await makeKey(keystead)
  const said = async (call: string, members: Members) => {
    const { status, exchanged } = await huaweiCall(keystead, call, members)
    return [status, exchanged.body]
  }
  await huaweiOk(keystead, 'POST kms/aliases', { key_id, alias: 'gone-soon' })
  expect(await said('POST kms/enable-key-rotation', { key_id })).toEqual([200, '{}'])
  expect(await said('POST kms/update-key-rotation-interval', { key_id, rotation_interval: 30 })).toEqual([200, '{}'])
  expect(await said('POST kms/disable-key-rotation', { key_id })).toEqual([200, '{}'])
  expect(await said(`POST kms/${key_id}/tags`, { tag: { key: 'a' } })).toEqual([204, ''])
  expect(await said('DELETE kms/aliases', { key_id, aliases: ['gone-soon'] })).toEqual([204, ''])
})

test('a curve has one spelling for keys and another for data key pairs', async () => {
  const key_id = await makeKey(keystead)
  expect((await keyRecord(keystead, await makeKey(keystead, { key_spec: 'EC_P256' }))).key_spec).toBe('EC_P256')
  const pair = (key_spec: string) => huaweiCall(keystead, 'POST kms/create-ec-datakey-pair', { key_id, key_spec })
  expect((await pair('ECC_NIST_P256')).status).toBe(200)
  expect((await pair('ECC_SECG_P256K1')).status).toBe(200)
  expect((await pair('EC_P256')).code).toBe('KMS.1902')
  const made = await huaweiCall(keystead, 'POST kms/create-key', { key_alias: 'curve', key_spec: 'ECC_NIST_P256' })
  expect(made.code).toBe('KMS.1110')
})

test('key_rotation_enabled is text in the record of a key and a boolean in its rotation status', async () => {
  const key_id = await makeKey(keystead)
  const status = await huaweiOk(keystead, 'POST kms/get-key-rotation-status', { key_id })
  expect([(await keyRecord(keystead, key_id)).key_rotation_enabled, status.key_rotation_enabled]).toEqual([
    'false',
    false,
  ])
})

test('numbers come as text here and as numbers there', async () => {
  const key_id = await makeKey(keystead, { origin: 'external' })
  const asked = { key_id, wrapping_algorithm: 'RSAES_OAEP_SHA_256' }
  const parameters = await huaweiOk(keystead, 'POST kms/get-parameters-for-import', asked)
  const { creation_date } = await keyRecord(keystead, key_id)
  const { total, truncated } = await huaweiOk(keystead, 'POST kms/list-keys', {})
  const { existTagsNum } = await huaweiOk(keystead, `GET kms/${key_id}/tags`)
  const types = [parameters.expiration_time, creation_date, total, truncated, existTagsNum].map((value) => typeof value)
  expect(types).toEqual(['number', 'string', 'number', 'string', 'number'])
})

test('encrypt-datakey wants the digest of the key at its end', async () => {
  const key_id = await makeKey(keystead)
  const asked = { key_id, plain_text: '00'.repeat(64), datakey_plain_length: '32' }
  expect((await huaweiCall(keystead, 'POST kms/encrypt-datakey', asked)).code).toBe('KMS.2103')
})

test('an unknown key store is 400, and an unknown key 404', async () => {
  expect((await huaweiCall(keystead, `GET keystores/${unknownId}`)).status).toBe(400)
  expect((await huaweiCall(keystead, 'POST kms/describe-key', { key_id: unknownId })).status).toBe(404)
})

test('the Node SDK sends an empty object with a GET, and is answered', async () => {
  const answered = await sdkCall(keystead, 'GET kms/user-instances', {})
  expect([answered.status, answered.code]).toEqual([200, undefined])
})

test('a tag key with a slash is taken from a path that does not escape it', async () => {
  const key_id = await makeKey(keystead)
  await huaweiOk(keystead, `POST kms/${key_id}/tags`, { tag: { key: 'a/b', value: '' } })
  expect((await huaweiCall(keystead, `DELETE kms/${key_id}/tags/a/b`)).status).toBe(204)
})
