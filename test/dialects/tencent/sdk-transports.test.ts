import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { kms } from 'tencentcloud-sdk-nodejs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actions } from '../../../src/dialects/tencent/actions.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { fingerprintOf } from '../../harness/white-box.ts'
import { readWhiteBox } from '../../spec/white-box-reader.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const plaintext = Buffer.from('through every transport').toString('base64')
const EncryptionContext = '{"path":"a b+c/中"}'

type Call = (action: string, members?: Members) => Promise<Members>

/** The actions about hosted data keys, under a key that is Disabled when this is called. */
const callDataKeys = async (call: Call, KeyId: string, name: string) => {
  await call('EnableKey', { KeyId })
  const asked = { KeyId, NumberOfBytes: 24, IsHostedByKms: 1, DataKeyName: name, EncryptionContext }
  const { DataKeyId, Plaintext } = await call('GenerateDataKey', asked)
  const taken = { ImportType: 2, ImportKeyMaterial: plaintext, Description: 'a b+c/中' }
  const imported = await call('ImportDataKey', { KeyId, DataKeyName: `${name}-2`, ...taken })
  expect((await call('GetDataKeyPlaintext', { DataKeyId })).Plaintext).toBe(Plaintext)
  const { CiphertextBlob } = await call('GetDataKeyCiphertextBlob', { DataKeyId })
  expect((await call('Decrypt', { CiphertextBlob, EncryptionContext })).Plaintext).toBe(Plaintext)

  await call('UpdateDataKeyName', { DataKeyId, DataKeyName: `${name}-3` })
  await call('UpdateDataKeyDescription', { DataKeyId, Description: '&=%+' })
  const { DataKeyMetadata } = await call('DescribeDataKey', { DataKeyId })
  expect(DataKeyMetadata).toMatchObject({ DataKeyId, KeyId, DataKeyName: `${name}-3`, Description: '&=%+' })
  const DataKeyIds = [DataKeyId, imported.DataKeyId]
  expect((await call('DescribeDataKeys', { DataKeyIds })).DataKeyMetadatas).toHaveLength(2)
  expect((await call('ListDataKeys', { Limit: 200 })).TotalCount).toBeGreaterThan(1)
  expect((await call('ListDataKeyDetail', { KeyId, Origin: 'EXTERNAL' })).TotalCount).toBe(1)

  await call('DisableDataKey', { DataKeyId })
  await call('EnableDataKey', { DataKeyId })
  await call('DisableDataKeys', { DataKeyIds })
  await call('EnableDataKeys', { DataKeyIds })
  await call('ScheduleDataKeyDeletion', { DataKeyId, PendingWindowInDays: 7 })
  await call('CancelDataKeyDeletion', { DataKeyId })
}

const callWhiteBoxes = async (call: Call, name: string) => {
  expect((await call('DescribeWhiteBoxServiceStatus')).ServiceEnabled).toBe(true)
  const { KeyId } = await call('CreateWhiteBoxKey', { Alias: name, Algorithm: 'SM4', Description: 'a b+c/中' })
  const DeviceFingerprints = [1, 2].map((device) => ({ Identity: fingerprintOf(device), Description: '&=%+' }))
  await call('OverwriteWhiteBoxDeviceFingerprints', { KeyId, DeviceFingerprints })
  const bound = await call('DescribeWhiteBoxDeviceFingerprints', { KeyId })
  expect(bound.DeviceFingerprints).toEqual(DeviceFingerprints)
  const { DecryptKey } = await call('DescribeWhiteBoxDecryptKey', { KeyId })
  expect((await call('DescribeWhiteBoxKey', { KeyId })).KeyInfo).toMatchObject({ DecryptKey, Description: 'a b+c/中' })
  expect((await call('DescribeWhiteBoxKeyDetails', { Offset: 0, Limit: 1, KeyStatus: 1 })).KeyInfos).toHaveLength(1)
  const asked = { KeyId, PlainText: plaintext, InitializationVector: '3t+gDx/YmtnJuokqAg+cOw==' }
  const { CipherText, InitializationVector } = await call('EncryptByWhiteBox', asked)
  expect(InitializationVector).toBe(asked.InitializationVector)
  const texts = [CipherText, InitializationVector].map((text) => Buffer.from(text, 'base64')) as [Buffer, Buffer]
  const decrypted = readWhiteBox(Buffer.from(DecryptKey, 'base64'), ...texts, fingerprintOf(2))
  expect(decrypted?.toString('base64')).toBe(plaintext)
  await call('DisableWhiteBoxKeys', { KeyIds: [KeyId] })
  await call('EnableWhiteBoxKeys', { KeyIds: [KeyId] })
  await call('DisableWhiteBoxKey', { KeyId })
  await call('EnableWhiteBoxKey', { KeyId })
  await call('DisableWhiteBoxKey', { KeyId })
  await call('DeleteWhiteBoxKey', { KeyId })
}

/** Every action once, in an order in which each of them succeeds. */
const callEverything = async (call: Call, name: string) => {
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
  await callAsymmetric(call, name)
  await callDataKeys(call, KeyId, `${name}-data`)
  await callWhiteBoxes(call, `${name}-tables`)
  await call('GetServiceStatus')
  await call('GetRegions')
  await call('ListAlgorithms')
}

const callAsymmetric = async (call: Call, name: string) => {
  const made = (usage: string) =>
    call('CreateKey', { Alias: `${name}-${usage.slice(-9)}`, KeyUsage: `ASYMMETRIC_${usage}` })
  const rsa = await made('DECRYPT_RSA_2048')
  const { PublicKeyPem } = await call('GetPublicKey', { KeyId: rsa.KeyId })
  const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  const Ciphertext = publicEncrypt({ key: PublicKeyPem, ...oaep }, Buffer.from('to RSA')).toString('base64')
  const asked = { KeyId: rsa.KeyId, Ciphertext, Algorithm: 'RSAES_OAEP_SHA_1' }
  expect(Buffer.from((await call('AsymmetricRsaDecrypt', asked)).Plaintext, 'base64').toString()).toBe('to RSA')

  const sm = await made('DECRYPT_SM2')
  const { PublicKey } = await call('GetPublicKey', { KeyId: sm.KeyId })
  const point = Buffer.from(PublicKey, 'base64').subarray(-65).toString('hex')
  const toSm2 = Buffer.from(sm2.doEncrypt('to SM2', point, 1, { asn1: true }), 'hex').toString('base64')
  const opened = await call('AsymmetricSm2Decrypt', { KeyId: sm.KeyId, Ciphertext: toSm2 })
  expect(Buffer.from(opened.Plaintext, 'base64').toString()).toBe('to SM2')

  const signing = { KeyId: (await made('SIGN_VERIFY_ECDSA384')).KeyId, Algorithm: 'ECC_P384_R1', Message: plaintext }
  const { Signature } = await call('SignByAsymmetricKey', signing)
  expect((await call('VerifyByAsymmetricKey', { ...signing, SignatureValue: Signature })).SignatureValid).toBe(true)

  const kyber = await made('DECRYPT_KYBER_AES')
  const { CiphertextBlob } = await call('PostQuantumCryptoEncrypt', { KeyId: kyber.KeyId, PlainText: plaintext })
  expect((await call('PostQuantumCryptoDecrypt', { CiphertextBlob })).PlainText).toBe(plaintext)

  const quantum = { KeyId: (await made('SIGN_VERIFY_DILITHIUM')).KeyId, Message: plaintext }
  const SignatureValue = (await call('PostQuantumCryptoSign', quantum)).Signature
  expect((await call('PostQuantumCryptoVerify', { ...quantum, SignatureValue })).SignatureValid).toBe(true)
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
