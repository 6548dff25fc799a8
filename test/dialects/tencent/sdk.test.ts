/** The life of a key, driven by the vendor's own SDK as its users write it; material is wrapped by the openssl command. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kms } from 'tencentcloud-sdk-nodejs'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { newAlias } from '../../harness/keys.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { hasOpenssl, openssl } from '../../spec/openssl.ts'

const { Client } = kms.v20190118

let keystead: TestKeystead
let client: InstanceType<typeof Client>
let folder: string

const clientOf = (secretKey: string, region = 'ap-guangzhou') => {
  const { secretId } = keystead.credentials.tencent
  const httpProfile = { protocol: 'http://' as const, endpoint: new URL(keystead.endpoint).host }
  return new Client({ credential: { secretId, secretKey }, region, profile: { httpProfile } })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keystead-openssl-'))
  keystead = await startKeystead()
  client = clientOf(keystead.credentials.tencent.secretKey)
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await keystead.end()
})

/** Server and SDK read the same machine's date: both are that much later from here on. */
const later = (milliseconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds })

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'success',
    (error: { code?: string; requestId?: string }) => {
      expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/)
      return String(error.code)
    },
  )

const create = async (Type?: number): Promise<string> =>
  (await client.CreateKey({ Alias: newAlias(), ...(Type ? { Type } : {}) })).KeyId ?? ''
const stateOf = async (KeyId: string) => (await client.DescribeKey({ KeyId })).KeyMetadata?.KeyState
const Plaintext = Buffer.from('a secret of mine').toString('base64')
const EncryptionContext = JSON.stringify({ purpose: 'test', owner: 'me' })
const encrypt = async (KeyId: string, context?: string) =>
  (await client.Encrypt({ KeyId, Plaintext, ...(context ? { EncryptionContext: context } : {}) })).CiphertextBlob ?? ''

describe('a key', () => {
  test('is made, described, renamed, listed', async () => {
    const Alias = newAlias()
    const made = await client.CreateKey({ Alias, Description: 'first' })
    const KeyId = made.KeyId ?? ''
    expect(made).toMatchObject({ Alias, Description: 'first', KeyState: 'Enabled', KeyUsage: 'ENCRYPT_DECRYPT' })
    await client.UpdateAlias({ KeyId, Alias: `${Alias}-renamed` })
    await client.UpdateKeyDescription({ KeyId, Description: 'second' })
    const { KeyMetadata } = await client.DescribeKey({ KeyId })
    expect(KeyMetadata).toMatchObject({ Alias: `${Alias}-renamed`, Description: 'second', Owner: 'user' })
    expect((await client.ListKeys({ Limit: 1 })).Keys).toEqual([{ KeyId }])
    const found = await client.ListKeyDetail({ SearchKeyAlias: `${Alias}-renamed` })
    expect(found.KeyMetadatas?.map((metadata) => metadata.KeyId)).toEqual([KeyId])
    expect(await codeOf(client.CreateKey({ Alias: `${Alias}-renamed` }))).toBe(
      'InvalidParameterValue.AliasAlreadyExists',
    )
    expect(await codeOf(client.DescribeKey({ KeyId: 'nonsense' }))).toBe('InvalidParameterValue.InvalidKeyId')
  })

  test('encrypts, and decrypts with the same context only', async () => {
    const KeyId = await create()
    const CiphertextBlob = await encrypt(KeyId, EncryptionContext)
    expect(await client.Decrypt({ CiphertextBlob, EncryptionContext })).toMatchObject({ KeyId, Plaintext })
    const reordered = JSON.stringify({ owner: 'me', purpose: 'test' })
    expect((await client.Decrypt({ CiphertextBlob, EncryptionContext: reordered })).Plaintext).toBe(Plaintext)
    const invalid = 'InvalidParameterValue.InvalidCiphertext'
    expect(await codeOf(client.Decrypt({ CiphertextBlob }))).toBe(invalid)
    expect(await codeOf(client.Decrypt({ CiphertextBlob, EncryptionContext: '{"purpose":"test"}' }))).toBe(invalid)
  })

  test('re-encrypts to a context and to another key, and leaves alone what is there already', async () => {
    const [KeyId, other] = [await create(), await create()]
    const CiphertextBlob = await encrypt(KeyId)
    const same = await client.ReEncrypt({ CiphertextBlob })
    expect(same).toMatchObject({ CiphertextBlob, KeyId, SourceKeyId: KeyId, ReEncrypted: false })

    const bound = await client.ReEncrypt({ CiphertextBlob, DestinationEncryptionContext: EncryptionContext })
    expect(bound).toMatchObject({ KeyId, SourceKeyId: KeyId, ReEncrypted: true })
    const moved = await client.ReEncrypt({
      CiphertextBlob: bound.CiphertextBlob ?? '',
      SourceEncryptionContext: EncryptionContext,
      DestinationKeyId: other,
    })
    expect(moved).toMatchObject({ KeyId: other, SourceKeyId: KeyId, ReEncrypted: true })
    expect(await client.Decrypt({ CiphertextBlob: moved.CiphertextBlob ?? '' })).toMatchObject({
      KeyId: other,
      Plaintext,
    })
    expect(await codeOf(client.ReEncrypt({ CiphertextBlob: bound.CiphertextBlob ?? '' }))).toBe(
      'InvalidParameterValue.InvalidCiphertext',
    )
  })

  test('gives data keys that it can open', async () => {
    const KeyId = await create()
    const made = await client.GenerateDataKey({ KeyId, KeySpec: 'AES_256', EncryptionContext })
    expect(Buffer.from(made.Plaintext ?? '', 'base64')).toHaveLength(32)
    const opened = await client.Decrypt({ CiphertextBlob: made.CiphertextBlob ?? '', EncryptionContext })
    expect(opened.Plaintext).toBe(made.Plaintext)
    expect(await codeOf(client.GenerateDataKey({ KeyId, NumberOfBytes: 1025 }))).toBe('InvalidParameter')
  })

  test('does nothing while disabled, and only decrypts while archived', async () => {
    const KeyId = await create()
    const CiphertextBlob = await encrypt(KeyId)
    await client.DisableKey({ KeyId })
    expect(await codeOf(encrypt(KeyId))).toBe('ResourceUnavailable.CmkDisabled')
    expect(await codeOf(client.Decrypt({ CiphertextBlob }))).toBe('ResourceUnavailable.CmkDisabled')
    await client.EnableKey({ KeyId })
    await client.ArchiveKey({ KeyId })
    expect(await stateOf(KeyId)).toBe('Archived')
    expect(await codeOf(encrypt(KeyId))).toBe('ResourceUnavailable.CmkArchived')
    expect(await codeOf(client.GenerateDataKey({ KeyId }))).toBe('ResourceUnavailable.CmkDisabled')
    expect((await client.Decrypt({ CiphertextBlob })).Plaintext).toBe(Plaintext)
    await client.CancelKeyArchive({ KeyId })
    expect(await codeOf(client.CancelKeyArchive({ KeyId }))).toBe('ResourceUnavailable.CmkStateNotSupport')
    await client.DisableKeys({ KeyIds: [KeyId] })
    await client.EnableKeys({ KeyIds: [KeyId] })
    expect(await stateOf(KeyId)).toBe('Enabled')
  })

  test('waits for its deletion, comes back when that is cancelled, and is gone at its date with its alias free', async () => {
    const Alias = newAlias()
    const KeyId = (await client.CreateKey({ Alias })).KeyId ?? ''
    const CiphertextBlob = await encrypt(KeyId)
    const schedule = () => client.ScheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
    expect(await codeOf(schedule())).toBe('ResourceUnavailable.CmkShouldBeDisabled')
    await client.DisableKey({ KeyId })
    expect(await codeOf(client.CancelKeyDeletion({ KeyId }))).toBe('ResourceUnavailable.CmkNotPendingDelete')
    await schedule()
    expect(await codeOf(schedule())).toBe('ResourceUnavailable.CmkStateNotSupport')
    expect(await stateOf(KeyId)).toBe('PendingDelete')
    await client.CancelKeyDeletion({ KeyId })
    expect(await stateOf(KeyId)).toBe('Disabled')

    const { DeletionDate = 0 } = await schedule()
    expect(DeletionDate).toBeCloseTo(Date.now() / 1000 + 7 * 86_400, -1)
    expect(await codeOf(client.CreateKey({ Alias }))).toBe('InvalidParameterValue.AliasAlreadyExists')
    later(7 * 86_400_000 - 5000)
    expect(await stateOf(KeyId)).toBe('PendingDelete')
    later(6000)
    const notFound = 'ResourceUnavailable.CmkNotFound'
    expect(await codeOf(client.DescribeKey({ KeyId }))).toBe(notFound)
    expect(await codeOf(client.CancelKeyDeletion({ KeyId }))).toBe(notFound)
    expect(await codeOf(client.Decrypt({ CiphertextBlob }))).toBe(notFound)
    expect((await client.ListKeyDetail({ SearchKeyAlias: Alias })).TotalCount).toBe(0)
    expect((await client.CreateKey({ Alias })).KeyId).not.toBe(KeyId)
  })
})

const paddings: Readonly<Record<string, readonly string[]>> = {
  RSAES_PKCS1_V1_5: ['rsa_padding_mode:pkcs1'],
  RSAES_OAEP_SHA_1: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha1'],
  RSAES_OAEP_SHA_256: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'],
}

const wrap = (publicKey: string, material: Buffer, algorithm: string): string => {
  const key = join(folder, 'public.der')
  writeFileSync(key, Buffer.from(publicKey, 'base64'))
  const padding = (paddings[algorithm] ?? []).flatMap((option) => ['-pkeyopt', option])
  const named = ['-pubin', '-keyform', 'DER', '-inkey', key]
  return openssl(['pkeyutl', '-encrypt', ...named, ...padding], material).toString('base64')
}

const importInto = async (KeyId: string, material: Buffer, algorithm = 'RSAES_OAEP_SHA_256', ValidTo = 0) => {
  const asked = { KeyId, WrappingAlgorithm: algorithm, WrappingKeySpec: 'RSA_2048' }
  const { ImportToken = '', PublicKey = '' } = await client.GetParametersForImport(asked)
  const EncryptedKeyMaterial = wrap(PublicKey, material, algorithm)
  return client.ImportKeyMaterial({ KeyId, ImportToken, EncryptedKeyMaterial, ValidTo })
}

describe.skipIf(!hasOpenssl)('an EXTERNAL key', () => {
  const [material, otherMaterial] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]

  test.each(Object.keys(paddings))('takes material that openssl wrapped by %s', async (algorithm) => {
    const KeyId = await create(2)
    expect(await stateOf(KeyId)).toBe('PendingImport')
    expect(await codeOf(encrypt(KeyId))).toBe('ResourceUnavailable.CmkDisabled')
    await importInto(KeyId, material, algorithm)
    expect((await client.DescribeKey({ KeyId })).KeyMetadata).toMatchObject({
      KeyState: 'Enabled',
      Origin: 'EXTERNAL',
      ValidTo: 0,
    })
    expect((await client.Decrypt({ CiphertextBlob: await encrypt(KeyId) })).Plaintext).toBe(Plaintext)
  })

  test('loses its material on request, and opens its blobs again with the same, never with another', async () => {
    const KeyId = await create(2)
    await importInto(KeyId, material)
    const CiphertextBlob = await encrypt(KeyId)
    await client.DeleteImportedKeyMaterial({ KeyId })
    expect(await stateOf(KeyId)).toBe('PendingImport')
    expect(await codeOf(client.Decrypt({ CiphertextBlob }))).toBe('ResourceUnavailable.CmkDisabled')
    expect(await codeOf(client.DeleteImportedKeyMaterial({ KeyId }))).toBe('ResourceUnavailable.CmkStateNotSupport')
    expect(await codeOf(importInto(KeyId, otherMaterial))).toBe('InvalidParameterValue.MaterialNotMatch')
    expect(await codeOf(importInto(KeyId, Buffer.alloc(16, 1)))).toBe('InvalidParameter.DecryptMaterialError')
    await importInto(KeyId, material)
    expect((await client.Decrypt({ CiphertextBlob })).Plaintext).toBe(Plaintext)
  })

  test('loses its material when its time has passed, and takes only the same again', async () => {
    const KeyId = await create(2)
    const ValidTo = Math.floor(Date.now() / 1000) + 3600
    await importInto(KeyId, material, undefined, ValidTo)
    const CiphertextBlob = await encrypt(KeyId)
    expect((await client.DescribeKey({ KeyId })).KeyMetadata?.ValidTo).toBe(ValidTo)
    later(3_600_000)
    expect(await stateOf(KeyId)).toBe('PendingImport')
    expect(await codeOf(client.Decrypt({ CiphertextBlob }))).toBe('ResourceUnavailable.CmkDisabled')
    expect(await codeOf(importInto(KeyId, otherMaterial))).toBe('InvalidParameterValue.MaterialNotMatch')
    expect(await codeOf(importInto(KeyId, material, undefined, ValidTo))).toBe('InvalidParameter')
    await importInto(KeyId, material)
    expect((await client.Decrypt({ CiphertextBlob })).Plaintext).toBe(Plaintext)
    expect((await client.DescribeKey({ KeyId })).KeyMetadata?.ValidTo).toBe(0)
  })

  test('is the only kind that material can be imported into', async () => {
    const KeyId = await create()
    const asked = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_2048' }
    const external = 'UnsupportedOperation.NotExternalCmk'
    expect(await codeOf(client.GetParametersForImport(asked))).toBe(external)
    expect(await codeOf(client.DeleteImportedKeyMaterial({ KeyId }))).toBe(external)
  })
})

describe('the service', () => {
  test('tells its regions, its algorithms and its state, and gives randomness', async () => {
    expect((await client.GetRegions()).Regions).toContain('ap-guangzhou')
    expect((await client.ListAlgorithms()).SymmetricAlgorithms).toEqual([
      { KeyUsage: 'ENCRYPT_DECRYPT', Algorithm: 'AES_256' },
    ])
    expect(await client.GetServiceStatus()).toMatchObject({ ServiceEnabled: true, InvalidType: 1 })
    const { Plaintext: random = '' } = await client.GenerateRandom({ NumberOfBytes: 24 })
    expect(Buffer.from(random, 'base64')).toHaveLength(24)
  })

  test('tells the SDK about a wrong secret and an unknown region by their codes', async () => {
    expect(await codeOf(clientOf('wrong').GetRegions())).toBe('AuthFailure.SignatureFailure')
    const elsewhere = clientOf(keystead.credentials.tencent.secretKey, 'ap-nowhere')
    expect(await codeOf(elsewhere.GetRegions())).toBe('UnsupportedRegion')
  })
})
