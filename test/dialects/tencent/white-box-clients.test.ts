/** White-box keys as the vendor's SDK and the Terraform provider ask for them. */
import { kms } from 'tencentcloud-sdk-nodejs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWhiteBox } from '../../../src/white-box/decryptor.ts'
import { newAlias } from '../../harness/keys.ts'
import { type CallOptions, type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { fingerprintOf } from '../../harness/white-box.ts'

const { Client } = kms.v20190118

let keystead: TestKeystead
let client: InstanceType<typeof Client>
beforeAll(async () => {
  keystead = await startKeystead()
  const { secretId, secretKey } = keystead.credentials.tencent
  const httpProfile = { protocol: 'http://' as const, endpoint: new URL(keystead.endpoint).host }
  client = new Client({ credential: { secretId, secretKey }, region: 'ap-beijing', profile: { httpProfile } })
})
afterAll(() => keystead.end())

test('the thirteen actions, by the SDK as its users write it', async () => {
  const Algorithm = 'AES_256'
  expect((await client.DescribeWhiteBoxServiceStatus()).ServiceEnabled).toBe(true)
  const made = await client.CreateWhiteBoxKey({ Alias: newAlias(), Algorithm, Description: 'by the SDK' })
  const KeyId = made.KeyId ?? ''
  const [first, second] = [fingerprintOf(1), fingerprintOf(2)]
  await client.OverwriteWhiteBoxDeviceFingerprints({
    KeyId,
    DeviceFingerprints: [{ Identity: first, Description: 'one' }],
  })
  expect((await client.DescribeWhiteBoxDeviceFingerprints({ KeyId })).DeviceFingerprints).toEqual([
    { Identity: first, Description: 'one' },
  ])
  const { DecryptKey = '' } = await client.DescribeWhiteBoxDecryptKey({ KeyId })
  const { KeyInfo } = await client.DescribeWhiteBoxKey({ KeyId })
  expect(KeyInfo).toMatchObject({ KeyId, Algorithm, Status: 'Enabled', DeviceFingerprintBind: true, DecryptKey })
  const { KeyInfos, TotalCount } = await client.DescribeWhiteBoxKeyDetails({ KeyStatus: 1, Offset: 0, Limit: 1 })
  expect([TotalCount, KeyInfos?.[0]]).toEqual([1, KeyInfo])

  const PlainText = Buffer.from('a film').toString('base64')
  const { CipherText = '', InitializationVector = '' } = await client.EncryptByWhiteBox({ KeyId, PlainText })
  const key = Buffer.from(DecryptKey, 'base64')
  const asked = [Buffer.from(CipherText, 'base64'), Buffer.from(InitializationVector, 'base64')] as const
  expect(Buffer.from((await openWhiteBox(key, first)).decrypt(...asked)).toString()).toBe('a film')
  await expect(openWhiteBox(key, second)).rejects.toThrow('bound to other devices')

  await client.DisableWhiteBoxKey({ KeyId })
  await client.EnableWhiteBoxKey({ KeyId })
  await client.DisableWhiteBoxKeys({ KeyIds: [KeyId] })
  await client.EnableWhiteBoxKeys({ KeyIds: [KeyId] })
  await expect(client.DeleteWhiteBoxKey({ KeyId })).rejects.toMatchObject({ code: 'FailedOperation' })
  await client.DisableWhiteBoxKey({ KeyId })
  await client.DeleteWhiteBoxKey({ KeyId })
  await expect(client.DescribeWhiteBoxKey({ KeyId })).rejects.toMatchObject({ code: 'ResourceNotFound' })
})

const region = 'ap-hongkong'
let called: string[] = []
const api = (service: NonNullable<CallOptions['service']>) => async (action: string, members: Members) => {
  called.push(`${service}.${action}`)
  return keystead.ok(action, members, { service, region, headers: { 'X-TC-Language': 'en-US' } })
}
const [whiteBox, tag] = [api('kms'), api('tag')]

/** White-box keys are tagged and read under the bare KeyId; rows of another id are dropped, as the provider does. */
const readTags = async (KeyId: string): Promise<Record<string, string>> => {
  const { Tags } = await tag('DescribeResourceTagsByResourceIds', {
    ServiceType: 'kms',
    ResourcePrefix: 'key',
    ResourceRegion: region,
    ResourceIds: [KeyId],
    Offset: 0,
    Limit: 20,
  })
  const own = Tags.filter((row: Members) => row.ResourceId === KeyId)
  return Object.fromEntries(own.map((row: Members) => [row.TagKey, row.TagValue]))
}
const read = async (KeyId: string) => ({
  info: (await whiteBox('DescribeWhiteBoxKey', { KeyId })).KeyInfo as Members,
  tags: await readTags(KeyId),
})
const changeTags = (KeyId: string, replace: Record<string, string>, remove: readonly string[] = []) =>
  tag('ModifyResourceTags', {
    Resource: `qcs::kms:${region}:uin/:key/${KeyId}`,
    ReplaceTags: Object.entries(replace).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    ...(remove.length > 0 ? { DeleteTags: remove.map((TagKey) => ({ TagKey })) } : {}),
  })

describe('tencentcloud_kms_white_box_key', () => {
  test.each(['Enabled', 'Disabled'])('that is %s is made, tagged, read twice alike, and changed', async (Status) => {
    called = []
    const asked = { Alias: newAlias(), Algorithm: 'SM4', Description: 'by Terraform' }
    const { KeyId } = await whiteBox('CreateWhiteBoxKey', asked)
    if (Status === 'Disabled') await whiteBox('DisableWhiteBoxKey', { KeyId })
    await changeTags(KeyId, { env: 'dev', owner: 'me' })
    const first = await read(KeyId)
    expect(first).toMatchObject({ info: { ...asked, Status }, tags: { env: 'dev', owner: 'me' } })
    expect(await read(KeyId)).toEqual(first)
    const disable = Status === 'Disabled' ? ['kms.DisableWhiteBoxKey'] : []
    const reading = ['kms.DescribeWhiteBoxKey', 'tag.DescribeResourceTagsByResourceIds']
    expect(called).toEqual(['kms.CreateWhiteBoxKey', ...disable, 'tag.ModifyResourceTags', ...reading, ...reading])

    await whiteBox(Status === 'Disabled' ? 'EnableWhiteBoxKey' : 'DisableWhiteBoxKey', { KeyId })
    await changeTags(KeyId, { env: 'prod' }, ['owner'])
    const changed = await read(KeyId)
    expect(changed.info.Status).not.toBe(Status)
    expect(changed.tags).toEqual({ env: 'prod' })
    const resource = `creatorUin/${changed.info.CreatorUin}/${KeyId}`
    expect(await readTags(resource)).toEqual(changed.tags)
  })

  test('is destroyed without being disabled first, which works for a disabled one alone', async () => {
    const make = async () =>
      (await whiteBox('CreateWhiteBoxKey', { Alias: newAlias(), Algorithm: 'SM4', Description: '' })).KeyId
    const [enabled, disabled] = [await make(), await make()]
    const destroy = async (KeyId: string) => (await keystead.call('DeleteWhiteBoxKey', { KeyId }, { region })).code
    expect(await destroy(enabled)).toBe('FailedOperation')
    await whiteBox('DisableWhiteBoxKey', { KeyId: disabled })
    expect(await destroy(disabled)).toBeUndefined()
    expect((await keystead.call('DescribeWhiteBoxKey', { KeyId: disabled }, { region })).code).toBe('ResourceNotFound')
  })
})

test('tencentcloud_kms_overwrite_white_box_device_fingerprints sends no list, and that clears it', async () => {
  const { KeyId } = await whiteBox('CreateWhiteBoxKey', { Alias: newAlias(), Algorithm: 'SM4' })
  const DeviceFingerprints = [{ Identity: fingerprintOf(3), Description: '' }]
  await whiteBox('OverwriteWhiteBoxDeviceFingerprints', { KeyId, DeviceFingerprints })
  const list = async () => (await whiteBox('DescribeWhiteBoxDeviceFingerprints', { KeyId })).DeviceFingerprints
  expect(await list()).toEqual(DeviceFingerprints)
  await whiteBox('OverwriteWhiteBoxDeviceFingerprints', { KeyId })
  expect(await list()).toEqual([])
})

test('the data sources page until a page is short, and lose no key by it', async () => {
  const made: string[] = []
  for (let at = 0; at < 6; at++)
    made.push((await whiteBox('CreateWhiteBoxKey', { Alias: newAlias(), Algorithm: 'SM4' })).KeyId)
  const rows: Members[] = []
  for (let Offset = 0; ; Offset += 5) {
    const { KeyInfos } = await whiteBox('DescribeWhiteBoxKeyDetails', { Offset, Limit: 5 })
    rows.push(...KeyInfos)
    if (KeyInfos.length < 5) break
  }
  expect(rows.map(({ KeyId }) => KeyId)).toEqual(expect.arrayContaining(made))
  expect(new Set(rows.map(({ KeyId }) => KeyId)).size).toBe(rows.length)
  expect((await whiteBox('DescribeWhiteBoxServiceStatus', {})).ServiceEnabled).toBe(true)
  expect((await whiteBox('DescribeWhiteBoxDecryptKey', { KeyId: made[0] ?? '' })).DecryptKey).not.toBe('')
})
