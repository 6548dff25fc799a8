import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { keyRecord, makeKey } from '../../harness/huawei-keys.ts'
import { newAlias } from '../../harness/keys.ts'
import { startKeystead, type TestKeystead, temporaryFolder } from '../../harness/keystead.ts'

const call = 'POST kms/create-key'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

describe('create-key', () => {
  it('makes an enabled AES_256 key, and answers its id, account and region', async () => {
    const key_alias = newAlias()
    const { key_info } = await huaweiOk(keystead, call, { key_alias })
    const { domainId } = keystead.credentials.huawei
    expect(key_info).toEqual({ key_id: expect.any(String), domain_id: domainId, region_id: 'cn-south-1' })
    expect(key_info.key_id).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(await keyRecord(keystead, key_info.key_id)).toEqual({
      key_id: key_info.key_id,
      domain_id: domainId,
      key_alias,
      realm: 'cn-south-1',
      key_spec: 'AES_256',
      key_usage: 'ENCRYPT_DECRYPT',
      key_description: '',
      creation_date: expect.stringMatching(/^\d{13}$/),
      scheduled_deletion_date: '',
      key_state: '2',
      default_key_flag: '0',
      key_type: '1',
      expiration_time: '',
      origin: 'kms',
      key_rotation_enabled: 'false',
      sys_enterprise_project_id: '0',
      keystore_id: '0',
    })
  })

  it.each([
    ['AES_256', undefined, 'ENCRYPT_DECRYPT'],
    ['AES_256', 'ENCRYPT_DECRYPT', 'ENCRYPT_DECRYPT'],
    ['SM4', undefined, 'ENCRYPT_DECRYPT'],
    ['RSA_2048', undefined, 'SIGN_VERIFY'],
    ['RSA_2048', 'ENCRYPT_DECRYPT', 'ENCRYPT_DECRYPT'],
    ['EC_P256', undefined, 'SIGN_VERIFY'],
    ['EC_P384', 'SIGN_VERIFY', 'SIGN_VERIFY'],
    ['SM2', undefined, 'SIGN_VERIFY'],
    ['SM2', 'ENCRYPT_DECRYPT', 'ENCRYPT_DECRYPT'],
  ])('makes %s for %s', async (key_spec, key_usage, shown) => {
    const key_id = await makeKey(keystead, key_usage === undefined ? { key_spec } : { key_spec, key_usage })
    expect(await keyRecord(keystead, key_id)).toMatchObject({ key_spec, key_usage: shown, key_state: '2' })
  })

  it.each(['AES_256', 'SM4', 'RSA_2048', 'EC_P256', 'EC_P384', 'SM2'])(
    'makes an external %s key that waits for its material',
    async (key_spec) => {
      const key_id = await makeKey(keystead, { key_spec, origin: 'external', key_description: 'mine' })
      const record = { key_spec, key_state: '5', origin: 'external', key_description: 'mine' }
      expect(await keyRecord(keystead, key_id)).toMatchObject(record)
    },
  )

  it('takes the members of older clients and of the default projects, and none of them matters', async () => {
    const old = { realm: 'cn-north-1', key_policy: '', key_type: 1, vm_id: 'x', tags: [{ key: 'a', value: 'b' }] }
    const none = { enterprise_project_id: '0', keystore_id: '0', sequence: '919c82d4-8046-4722-9094-35c3c6524cff' }
    const key_id = await makeKey(keystead, { ...old, ...none })
    expect(await keyRecord(keystead, key_id)).toMatchObject({ realm: 'cn-south-1', key_state: '2' })
  })

  it('shares the names of keys with the other cloud in an account and region', async () => {
    const key_alias = newAlias()
    await makeKey(keystead, { key_alias })
    expectError(await huaweiCall(keystead, call, { key_alias }), 400, 'KMS.1104')
    expect((await keystead.call('CreateKey', { Alias: key_alias })).code).toBe(
      'InvalidParameterValue.AliasAlreadyExists',
    )
    const Alias = newAlias()
    await keystead.ok('CreateKey', { Alias })
    expectError(await huaweiCall(keystead, call, { key_alias: Alias }), 400, 'KMS.1104')
  })

  it('lets a name have what the other cloud does not, and 255 characters', async () => {
    const key_alias = `${'A-z_0:9/'.repeat(32).slice(1)}`
    expect(key_alias).toHaveLength(255)
    expect((await keyRecord(keystead, await makeKey(keystead, { key_alias }))).key_alias).toBe(key_alias)
  })

  it('refuses one key more than the quota with KMS.1105', async () => {
    const small = await startKeystead({ settings: { quotaKeys: 1 } })
    await makeKey(small)
    expectError(await huaweiCall(small, call, { key_alias: newAlias() }), 400, 'KMS.1105')
    await small.end()
  })

  it.each([
    ['no key_alias', { key_alias: undefined }, 'KMS.0204'],
    ['an empty key_alias', { key_alias: '' }, 'KMS.1101'],
    ['a key_alias of 256 characters', { key_alias: 'a'.repeat(256) }, 'KMS.1101'],
    ['a key_alias with a space', { key_alias: 'a b' }, 'KMS.1101'],
    ['a key_alias of a default key', { key_alias: 'obs/default' }, 'KMS.1101'],
    ['a key_alias that is no text', { key_alias: 7 }, 'KMS.0214'],
    ['a key_description of 256 characters', { key_description: 'd'.repeat(256) }, 'KMS.1103'],
    ['an unknown key_spec', { key_spec: 'AES_128' }, 'KMS.1110'],
    ['an unknown key_usage', { key_usage: 'WRAP' }, 'KMS.0308'],
    ['an EC key that encrypts', { key_spec: 'EC_P256', key_usage: 'ENCRYPT_DECRYPT' }, 'KMS.1114'],
    ['a symmetric key that signs', { key_spec: 'SM4', key_usage: 'SIGN_VERIFY' }, 'KMS.1115'],
    ['an unknown origin', { origin: 'hsm' }, 'KMS.0308'],
    ['an unknown key store', { keystore_id: '0d0466b0-e727-4d9c-b35d-f84bb474a37f' }, 'KMS.8003'],
    ['a sequence of 37 characters', { sequence: 'x'.repeat(37) }, 'KMS.0206'],
    ['a member that is not declared', { colour: 'red' }, 'KMS.0308'],
  ])('refuses %s', async (_what, members, code) => {
    expectError(await huaweiCall(keystead, call, { key_alias: newAlias(), ...members }), 400, code)
  })
})

describe('a region for which the operator names algorithms', () => {
  it('makes keys of these and symmetric ones, through either cloud', async () => {
    const folder = temporaryFolder()
    const regions = join(folder, 'regions.json')
    const table = [{ id: 'south', asymmetric: ['rsa-3072', 'ed25519'], tencent: 'ap-guangzhou', huawei: 'cn-south-1' }]
    writeFileSync(regions, JSON.stringify(table))
    const server = await startKeystead({ folder, settings: { regions } })
    try {
      for (const key_spec of ['RSA_3072', 'ED25519', 'AES_256', 'SM4', 'HMAC_256'])
        expect(await makeKey(server, { key_spec })).toMatch(/^[0-9a-f-]{36}$/)
      for (const key_spec of ['RSA_2048', 'EC_P256', 'SM2', 'ML_DSA_44'])
        expectError(await huaweiCall(server, call, { key_alias: newAlias(), key_spec }), 400, 'KMS.1110')
      const asked = { Alias: newAlias(), KeyUsage: 'ASYMMETRIC_SIGN_VERIFY_ECC' }
      expect((await server.call('CreateKey', asked)).code).toBe(
        'UnsupportedOperation.UnsupportedKeyUsageInCurrentRegion',
      )
    } finally {
      await server.end()
    }
  })
})
