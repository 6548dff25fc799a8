import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringInto, createKey, importParameters, materialOf, stateOf, wrapMaterial } from '../../../harness/keys.ts'
import { startKeystead, type TestKeystead, temporaryFolder } from '../../../harness/keystead.ts'
import vendor from '../../../vendor/tencent.json' with { type: 'json' }

describe('the service by default', () => {
  let keystead: TestKeystead
  beforeAll(async () => {
    keystead = await startKeystead()
  })
  afterAll(() => keystead.end())

  test('has the documented regions of this cloud, and none that only another one has', async () => {
    const { Regions } = await keystead.ok('GetRegions')
    expect(new Set(Regions).size).toBe(Regions.length)
    const documented = ['ap-guangzhou', 'ap-hongkong', 'ap-taipei', 'ap-shanghai', 'ap-jakarta']
    expect(Regions).toEqual(expect.arrayContaining(documented))
    for (const region of Regions) {
      expect(region).toMatch(/^[a-z]{2}-[a-z-]+$/)
      expect((await keystead.call('ListKeys', {}, { region })).code).toBeUndefined()
    }
    expect(Regions).not.toContain('cn-north-9')
  })

  test('encrypts by AES-256 everywhere', async () => {
    for (const region of ['ap-guangzhou', 'eu-frankfurt'])
      expect(await keystead.ok('ListAlgorithms', {}, { region })).toMatchObject({
        SymmetricAlgorithms: [{ KeyUsage: 'ENCRYPT_DECRYPT', Algorithm: 'AES_256' }],
      })
  })

  test('offers every asymmetric algorithm', async () => {
    const rows = (names: Record<string, string>) =>
      Object.entries(names).map(([usage, Algorithm]) => ({ KeyUsage: `ASYMMETRIC_${usage}`, Algorithm }))
    expect(await keystead.ok('ListAlgorithms')).toMatchObject({
      AsymmetricAlgorithms: rows({ DECRYPT_RSA_2048: 'RSA_2048', DECRYPT_SM2: 'SM2', DECRYPT_KYBER_AES: 'KYBER_AES' }),
      AsymmetricSignVerifyAlgorithms: rows({
        SIGN_VERIFY_SM2: 'SM2',
        SIGN_VERIFY_RSA_2048: 'RSA_2048',
        SIGN_VERIFY_ECC: 'ECC',
        SIGN_VERIFY_ECDSA384: 'ECDSA384',
        SIGN_VERIFY_DILITHIUM: 'DILITHIUM',
      }),
    })
  })

  test('is active, counts the keys of the region, and says that there is no limit', async () => {
    const status = await keystead.ok('GetServiceStatus')
    const always = vendor.actions.GetServiceStatus.response.filter((member) => member.alwaysPresent)
    expect(Object.keys(status)).toEqual(expect.arrayContaining(always.map((member) => member.name)))
    expect(status).toMatchObject({ ServiceEnabled: true, InvalidType: 1, CmkUserCount: 0, CmkLimit: 2_147_483_647 })
    const KeyId = await createKey(keystead)
    await createKey(keystead)
    await createKey(keystead, {}, { region: 'ap-shanghai' })
    await bringInto(keystead, KeyId, 'Disabled')
    expect((await keystead.ok('GetServiceStatus')).CmkUserCount).toBe(2)
  })
})

describe('a region table', () => {
  const table = [
    { id: 'north', suite: 'sm', tencent: 'ap-beijing' },
    { id: 'south', asymmetric: ['rsa-2048', 'ml-kem-1024'], tencent: 'ap-guangzhou', huawei: 'cn-south-1' },
    { id: 'west', huawei: 'cn-north-9' },
  ]
  let keystead: TestKeystead
  const sm = { region: 'ap-beijing' }
  beforeAll(async () => {
    const regions = join(temporaryFolder(), 'regions.json')
    writeFileSync(regions, JSON.stringify(table))
    keystead = await startKeystead({ settings: { regions } })
  })
  afterAll(() => keystead.end())

  test('says which regions there are', async () => {
    expect((await keystead.ok('GetRegions')).Regions).toEqual(['ap-beijing', 'ap-guangzhou'])
    for (const region of ['ap-shanghai', 'cn-north-9', 'west', 'north'])
      expect((await keystead.call('GetRegions', {}, { region })).code).toBe('UnsupportedRegion')
  })

  test('says which asymmetric algorithms a region offers; keys of another are not made there', async () => {
    const listed = await keystead.ok('ListAlgorithms', {}, { region: 'ap-guangzhou' })
    expect([listed.AsymmetricAlgorithms, listed.AsymmetricSignVerifyAlgorithms].map((rows) => rows.length)).toEqual([
      2, 1,
    ])
    const make = async (KeyUsage: string) =>
      (await keystead.call('CreateKey', { Alias: KeyUsage, KeyUsage }, { region: 'ap-guangzhou' })).code
    expect(await make('ASYMMETRIC_SIGN_VERIFY_RSA_2048')).toBeUndefined()
    expect(await make('ASYMMETRIC_DECRYPT_SM2')).toBe('UnsupportedOperation.UnsupportedKeyUsageInCurrentRegion')
  })

  test('turns one to SM4, and leaves the other to AES-256', async () => {
    const algorithms = async (region: string) =>
      (await keystead.ok('ListAlgorithms', {}, { region })).SymmetricAlgorithms[0].Algorithm
    expect([await algorithms('ap-beijing'), await algorithms('ap-guangzhou')]).toEqual(['SM4', 'AES_256'])
    const type = async (options: { region: string }) => {
      const KeyId = await createKey(keystead, {}, options)
      return (await keystead.ok('DescribeKey', { KeyId }, options)).KeyMetadata.Type
    }
    expect([await type(sm), await type({ region: 'ap-guangzhou' })]).toEqual([4, 2])
  })

  test('an SM4 key encrypts, re-encrypts, makes data keys, and binds its context', async () => {
    const KeyId = await createKey(keystead, {}, sm)
    const EncryptionContext = '{"a":"1"}'
    const Plaintext = Buffer.alloc(4096, 3).toString('base64')
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext, EncryptionContext }, sm)
    expect((await keystead.ok('Decrypt', { CiphertextBlob, EncryptionContext }, sm)).Plaintext).toBe(Plaintext)
    expect((await keystead.call('Decrypt', { CiphertextBlob }, sm)).code).toBe(
      'InvalidParameterValue.InvalidCiphertext',
    )
    const changed = Buffer.from(CiphertextBlob, 'base64')
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1)
    const spoilt = { CiphertextBlob: changed.toString('base64'), EncryptionContext }
    expect((await keystead.call('Decrypt', spoilt, sm)).code).toBe('InvalidParameterValue.InvalidCiphertext')
    const other = await createKey(keystead, {}, sm)
    const asked = { CiphertextBlob, SourceEncryptionContext: EncryptionContext, DestinationKeyId: other }
    const moved = await keystead.ok('ReEncrypt', asked, sm)
    expect(await keystead.ok('Decrypt', { CiphertextBlob: moved.CiphertextBlob }, sm)).toMatchObject({
      KeyId: other,
      Plaintext,
    })
    const data = await keystead.ok('GenerateDataKey', { KeyId, KeySpec: 'AES_256' }, sm)
    const opened = await keystead.ok('Decrypt', { CiphertextBlob: data.CiphertextBlob }, sm)
    expect(opened.Plaintext).toBe(data.Plaintext)
  })

  test('an SM4 key takes 16 bytes of imported material and no 32', async () => {
    const KeyId = await createKey(keystead, { Type: 2 }, sm)
    const send = async (length: number) => {
      const { ImportToken, PublicKey } = await importParameters(keystead, KeyId, undefined, sm)
      const EncryptedKeyMaterial = wrapMaterial(PublicKey, materialOf(5, length))
      return (await keystead.call('ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial }, sm)).code
    }
    expect(await send(32)).toBe('InvalidParameter.DecryptMaterialError')
    expect(await send(16)).toBeUndefined()
    const { KeyMetadata } = await keystead.ok('DescribeKey', { KeyId }, sm)
    expect([KeyMetadata.KeyState, KeyMetadata.Type]).toEqual(['Enabled', 4])
  })

  test('a default region outside the table is refused at the start', async () => {
    const regions = join(temporaryFolder(), 'regions.json')
    writeFileSync(regions, JSON.stringify(table))
    const starting = startKeystead({ settings: { regions, defaultRegion: 'ap-shanghai' } })
    await expect(starting).rejects.toThrow('ap-shanghai')
  })

  test('keys of the default region are there without naming it', async () => {
    const KeyId = await createKey(keystead)
    expect(await stateOf(keystead, KeyId)).toBe('Enabled')
    expect((await keystead.ok('DescribeKey', { KeyId }, { region: '' })).KeyMetadata.KeyId).toBe(KeyId)
  })
})
