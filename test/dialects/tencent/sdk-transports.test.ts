import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { kms } from 'tencentcloud-sdk-nodejs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actions } from '../../../src/dialects/tencent/actions.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const plaintext = Buffer.from('through every transport').toString('base64')
const EncryptionContext = '{"path":"a b+c/中"}'

/** Every action once, in an order in which each of them succeeds. */
const callEverything = async (call: (action: string, members?: Members) => Promise<Members>, name: string) => {
  const { KeyId } = await call('CreateKey', { Alias: name, Description: 'a b+c/中' })
  await call('UpdateAlias', { KeyId, Alias: `${name}-2` })
  await call('UpdateKeyDescription', { KeyId, Description: '&=%+' })
  const { KeyMetadata } = await call('DescribeKey', { KeyId })
  expect(KeyMetadata).toMatchObject({ KeyId, Alias: `${name}-2`, Description: '&=%+' })
  expect((await call('DescribeKeys', { KeyIds: [KeyId] })).KeyMetadatas).toHaveLength(1)
  expect((await call('ListKeys', { Offset: 0, Limit: 200 })).TotalCount).toBeGreaterThan(0)
  expect((await call('ListKeyDetail', { SearchKeyAlias: name, OrderType: 1 })).TotalCount).toBe(1)

  const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: plaintext, EncryptionContext })
  await call('EnableKeyRotation', { KeyId, RotateDays: 7 })
  expect((await call('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(true)
  await call('RotateKey', { KeyId })
  await call('DisableKeyRotation', { KeyId })
  const contexts = { SourceEncryptionContext: EncryptionContext, DestinationEncryptionContext: EncryptionContext }
  const moved = await call('ReEncrypt', { CiphertextBlob, ...contexts })
  expect(moved.ReEncrypted).toBe(true)
  for (const blob of [CiphertextBlob, moved.CiphertextBlob])
    expect((await call('Decrypt', { CiphertextBlob: blob, EncryptionContext })).Plaintext).toBe(plaintext)
  expect((await call('GenerateDataKey', { KeyId, NumberOfBytes: 24 })).Plaintext).toHaveLength(32)
  expect((await call('GenerateRandom', { NumberOfBytes: 3 })).Plaintext).toHaveLength(4)

  await call('BindCloudResource', { KeyId, ProductId: 'cbs', ResourceId: 'disk-1/a b' })
  await call('UnbindCloudResource', { KeyId, ProductId: 'cbs', ResourceId: 'disk-1/a b' })
  await call('DisableKey', { KeyId })
  await call('EnableKey', { KeyId })
  await call('DisableKeys', { KeyIds: [KeyId] })
  await call('EnableKeys', { KeyIds: [KeyId] })
  await call('ArchiveKey', { KeyId })
  await call('CancelKeyArchive', { KeyId })
  await call('DisableKey', { KeyId })
  await call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  await call('CancelKeyDeletion', { KeyId })

  const external = await call('CreateKey', { Alias: `${name}-external`, Type: 2 })
  const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }
  const { PublicKey, ImportToken } = await call('GetParametersForImport', { KeyId: external.KeyId, ...wrapping })
  const key = createPublicKey({ key: Buffer.from(PublicKey, 'base64'), format: 'der', type: 'spki' })
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  const EncryptedKeyMaterial = publicEncrypt({ key, ...padding }, Buffer.alloc(32, 1)).toString('base64')
  await call('ImportKeyMaterial', { KeyId: external.KeyId, ImportToken, EncryptedKeyMaterial, ValidTo: 0 })
  await call('DeleteImportedKeyMaterial', { KeyId: external.KeyId })
  await call('GetServiceStatus')
  await call('GetRegions')
  await call('ListAlgorithms')
}

const transports = (['TC3-HMAC-SHA256', 'HmacSHA256', 'HmacSHA1'] as const).flatMap((signMethod) =>
  (['POST', 'GET'] as const).map((reqMethod) => ({ signMethod, reqMethod })),
)

test.each(transports)('every action works through the Node SDK by $signMethod and $reqMethod', async (transport) => {
  const { signMethod, reqMethod } = transport
  const { host } = new URL(keystead.endpoint)
  const { tencent } = keystead.credentials
  const client = new kms.v20190118.Client({
    credential: tencent,
    region: tencent.region,
    profile: { signMethod, httpProfile: { endpoint: host, protocol: 'http://', reqMethod } },
  })
  const called = new Set<string>()
  await callEverything((action, members = {}) => {
    called.add(action)
    return client.request(action, members)
  }, `sdk-${signMethod}-${reqMethod}`)
  expect([...called].sort()).toEqual(actions.map(({ name }) => name).sort())
})
