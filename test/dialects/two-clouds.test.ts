/** One key through both APIs: the rows of docs/reference/clouds.md that are about keys and their states. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../harness/huawei.ts'
import { createImported, createKey, newAlias } from '../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../harness/keystead.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const huawei = async (call: string, members: Members) => huaweiCall(keystead, `POST kms/${call}`, members)
const ok = (call: string, members: Members) => huaweiOk(keystead, `POST kms/${call}`, members)
const code = async (call: string, members: Members) => (await huawei(call, members)).code
const tencent = async (action: string, KeyId: string, more: Members = {}) =>
  (await keystead.call(action, { KeyId, ...more })).code
const seen = async (id: string) => {
  const { KeyMetadata } = await keystead.ok('DescribeKey', { KeyId: id })
  const { key_info } = await ok('describe-key', { key_id: id })
  return { tencent: KeyMetadata, huawei: key_info, states: [KeyMetadata.KeyState, key_info.key_state] }
}
const states = async (id: string) => (await seen(id)).states
const createThere = async (members: Members = {}): Promise<string> =>
  (await ok('create-key', { key_alias: newAlias(), ...members })).key_info.key_id
const archived = async (): Promise<string> => {
  const id = await createKey(keystead)
  await keystead.ok('ArchiveKey', { KeyId: id })
  return id
}

describe('a key that was made through one API', () => {
  it.each([
    ['Tencent', () => createKey(keystead, { Description: 'words', Tags: [{ TagKey: 'team', TagValue: 'red' }] })],
    [
      'Huawei',
      async () => {
        const id = await createThere({ key_description: 'words' })
        await huaweiOk(keystead, `POST kms/${id}/tags`, { tag: { key: 'team', value: 'red' } })
        return id
      },
    ],
  ])('by %s is the same key through the other', async (_cloud, make) => {
    const id = await make()
    const { tencent: one, huawei: two } = await seen(id)
    expect([one.KeyId, two.key_id]).toEqual([id, id])
    expect(one.Alias).toBe(two.key_alias)
    expect([one.Description, two.key_description]).toEqual(['words', 'words'])
    expect([one.KeyUsage, two.key_spec, two.key_usage]).toEqual(['ENCRYPT_DECRYPT', 'AES_256', 'ENCRYPT_DECRYPT'])
    expect([one.Origin, two.origin]).toEqual(['TENCENT_KMS', 'kms'])
    expect(Math.floor(Number(two.creation_date) / 1000)).toBe(one.CreateTime)
    expect(two.realm).toBe(keystead.credentials.huawei.region)
    const { tags } = await huaweiOk(keystead, `GET kms/${id}/tags`)
    expect(tags).toEqual([{ key: 'team', value: 'red' }])
    const { Keys } = await keystead.ok('ListKeys', { Limit: 200 })
    expect(Keys.some((key: Members) => key.KeyId === id)).toBe(true)
    const { keys } = await ok('list-keys', { limit: '1000', key_spec: 'ALL' })
    expect(keys).toContain(id)
  })

  it('holds its name against the other API too', async () => {
    const name = newAlias()
    const id = await createKey(keystead, { Alias: name })
    expect(await code('create-key', { key_alias: name })).toBe('KMS.1104')
    await ok('update-key-alias', { key_id: id, key_alias: newAlias() })
    const other = await createThere({ key_alias: name })
    expect((await keystead.call('CreateKey', { Alias: name })).code).toBe('InvalidParameterValue.AliasAlreadyExists')
    expect((await seen(other)).tencent.Alias).toBe(name)
  })

  it.each([
    ['RSA_4096', 'SIGN_VERIFY', 'ASYMMETRIC_SIGN_VERIFY_RSA_4096'],
    ['SECP256K1', 'KEY_AGREEMENT', 'ASYMMETRIC_KEY_AGREEMENT_EC_SECP256K1'],
    ['ED25519', 'SIGN_VERIFY', 'ASYMMETRIC_SIGN_VERIFY_ED25519'],
    ['HMAC_SM3', 'GENERATE_VERIFY_MAC', 'GENERATE_VERIFY_MAC_HMAC_SM3'],
    ['SM4', 'ENCRYPT_DECRYPT', 'ENCRYPT_DECRYPT'],
  ])('of %s has a word through Tencent’s API, and is listed by ALL', async (key_spec, key_usage, word) => {
    const id = await createThere({ key_spec, key_usage })
    expect((await seen(id)).tencent.KeyUsage).toBe(word)
    const { KeyMetadatas } = await keystead.ok('ListKeyDetail', { KeyUsage: 'ALL', Limit: 200 })
    expect(KeyMetadatas.some((key: Members) => key.KeyId === id && key.KeyUsage === word)).toBe(true)
  })

  it('of ML-KEM has a word through Huawei’s API', async () => {
    const id = await createKey(keystead, { KeyUsage: 'ASYMMETRIC_DECRYPT_KYBER_AES' })
    expect((await seen(id)).huawei).toMatchObject({ key_spec: 'ML_KEM_1024', key_usage: 'ENCRYPT_DECRYPT' })
  })
})

describe('a state', () => {
  it('shows through both APIs, whichever brought it about', async () => {
    const id = await createThere()
    expect(await states(id)).toEqual(['Enabled', '2'])
    await ok('disable-key', { key_id: id })
    expect(await states(id)).toEqual(['Disabled', '3'])
    await keystead.ok('EnableKey', { KeyId: id })
    expect(await states(id)).toEqual(['Enabled', '2'])
    expect(await states(await createThere({ origin: 'external' }))).toEqual(['PendingImport', '5'])
    const imported = await createImported(keystead)
    await ok('delete-imported-key-material', { key_id: imported })
    expect(await states(imported)).toEqual(['PendingImport', '5'])
  })

  it('of an archived key is disabled to Huawei’s clients: it decrypts and encrypts no more', async () => {
    const id = await createKey(keystead)
    const { cipher_text } = await ok('encrypt-data', { key_id: id, plain_text: 'hello' })
    await keystead.ok('ArchiveKey', { KeyId: id })
    expect(await states(id)).toEqual(['Archived', '3'])
    expect((await ok('decrypt-data', { cipher_text })).plain_text).toBe('hello')
    expect(await code('encrypt-data', { key_id: id, plain_text: 'hello' })).toBe('KMS.0209')
    expect(await code('disable-key', { key_id: id })).toBe('KMS.1301')
    await ok('enable-key', { key_id: id })
    expect(await states(id)).toEqual(['Enabled', '2'])
  })

  it('of an archived key whose deletion is cancelled is disabled, and archived no more', async () => {
    for (const cancel of ['Tencent', 'Huawei']) {
      const id = await archived()
      expect((await ok('schedule-key-deletion', { key_id: id, pending_days: '7' })).key_state).toBe('4')
      expect(await states(id)).toEqual(['PendingDelete', '4'])
      if (cancel === 'Tencent') await keystead.ok('CancelKeyDeletion', { KeyId: id })
      else await ok('cancel-key-deletion', { key_id: id })
      expect(await states(id)).toEqual(['Disabled', '3'])
    }
  })

  it('is left by each API’s own rule: only Tencent’s wants a key disabled before it is deleted', async () => {
    const id = await createKey(keystead)
    const { status } = await huawei('schedule-key-deletion', { key_id: await createKey(keystead), pending_days: '7' })
    expect(status).toBe(200)
    expect(await tencent('ScheduleKeyDeletion', id, { PendingWindowInDays: 7 })).toBe(
      'ResourceUnavailable.CmkShouldBeDisabled',
    )
  })

  it('of deletion has one date, also beyond what the other API would plan', async () => {
    const id = await createThere()
    await ok('schedule-key-deletion', { key_id: id, pending_days: '1096' })
    const { tencent: one, huawei: two } = await seen(id)
    expect(one.DeletionDate).toBe(Math.floor(Number(two.scheduled_deletion_date) / 1000))
    expect(one.DeletionDate - one.CreateTime).toBeGreaterThan(1095 * 86_400)
  })

  it('of rotation is one setting', async () => {
    const id = await createThere()
    await ok('enable-key-rotation', { key_id: id })
    await ok('update-key-rotation-interval', { key_id: id, rotation_interval: 30 })
    const { tencent: one } = await seen(id)
    expect([one.KeyRotationEnabled, one.RotateDays]).toEqual([true, 30])
    await keystead.ok('DisableKeyRotation', { KeyId: id })
    expect((await ok('get-key-rotation-status', { key_id: id })).key_rotation_enabled).toBe(false)
    expect((await seen(id)).huawei.key_rotation_enabled).toBe('false')
  })
})

describe('what only one API has', () => {
  it('a binding keeps a key from being disabled or deleted through either', async () => {
    const id = await createKey(keystead)
    await keystead.ok('BindCloudResource', { KeyId: id, ProductId: 'cbs', ResourceId: 'disk-1' })
    expect(await code('disable-key', { key_id: id })).toBe('KMS.0308')
    expect(await code('schedule-key-deletion', { key_id: id, pending_days: '7' })).toBe('KMS.0308')
    expect(await states(id)).toEqual(['Enabled', '2'])
  })

  it('a key in another region is there in neither', async () => {
    const id = await createKey(keystead, {}, { region: 'ap-shanghai' })
    expect(await code('describe-key', { key_id: id })).toBe('KMS.0207')
  })
})
