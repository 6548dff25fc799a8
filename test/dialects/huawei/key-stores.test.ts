import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { performDue } from '../../../src/core/schedule.ts'
import { addAccount } from '../../harness/access.ts'
import { type HuaweiCallOptions, huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { newAlias } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead, temporaryFolder } from '../../harness/keystead.ts'

const folder = temporaryFolder()
const rootFile = join(folder, 'second.key')

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead({ settings: { keyStore: [['vault-2', rootFile]] } })
})
afterAll(() => keystead.end())

const create = async (members: Members = {}): Promise<string> => {
  const asked = { keystore_alias: newAlias(), cluster_id: 'vault-2', ...members }
  return (await huaweiOk(keystead, 'POST keystores', asked)).keystore.keystore_id
}
const keyIn = async (keystore_id: string, members: Members = {}): Promise<string> =>
  (await huaweiOk(keystead, 'POST kms/create-key', { key_alias: newAlias(), keystore_id, ...members })).key_info.key_id
const code = async (call: string, members?: Members, options?: HuaweiCallOptions) =>
  (await huaweiCall(keystead, call, members, options)).code
const set = (id: string, to: 'enable' | 'disable') => huaweiCall(keystead, `POST keystores/${id}/${to}`)

describe('a key store', () => {
  it('is made over a configured root key, shown and listed', async () => {
    const keystore_alias = newAlias()
    const id = await create({ keystore_alias, keystore_type: 'DHSM', cluster_id: undefined, hsm_cluster_id: 'vault-2' })
    const record = {
      keystore_id: id,
      domain_id: keystead.credentials.huawei.domainId,
      keystore_alias,
      keystore_type: 'DHSM',
      hsm_cluster_id: 'vault-2',
      cluster_id: 'vault-2',
      create_time: expect.stringMatching(/^\d{13}$/),
    }
    expect(await huaweiOk(keystead, `GET keystores/${id}`)).toEqual({ keystore: record })
    const { total, keystores } = await huaweiOk(keystead, 'GET keystores?limit=1000')
    expect(keystores).toContainEqual(record)
    expect(total).toBe(keystores.length)
  })

  it('is listed page by page, and past the end is nothing', async () => {
    await create()
    await create()
    const { total } = await huaweiOk(keystead, 'GET keystores')
    const ids: string[] = []
    for (let offset = 0; ; offset++) {
      const page = await huaweiOk(keystead, `GET keystores?limit=1&offset=${offset}`)
      expect(page.total).toBe(total)
      if (page.keystores.length === 0) break
      ids.push(page.keystores[0].keystore_id)
    }
    expect(new Set(ids).size).toBe(total)
  })

  it('holds keys that work as others do, wrapped by its own root key', async () => {
    const id = await create()
    const key_id = await keyIn(id)
    const { key_info } = await huaweiOk(keystead, 'POST kms/describe-key', { key_id })
    expect(key_info.keystore_id).toBe(id)
    const sealed = await keystead.ok('Encrypt', { KeyId: key_id, Plaintext: 'aGVsbG8=' })
    expect((await keystead.ok('Decrypt', { CiphertextBlob: sealed.CiphertextBlob })).Plaintext).toBe('aGVsbG8=')
    const { store } = keystead.running.installation.house
    const rows = await store.reader.rows('domainKey', { limit: 1000 })
    const { generations } = JSON.parse(readFileSync(rootFile, 'utf8'))
    const own = rows.find((row) => row.id.endsWith(`.${id}`))
    expect(Buffer.from(own?.wrapped ?? []).includes(Buffer.from(generations[0].id, 'hex'))).toBe(true)
    const others = rows.filter((row) => row !== own && row.id.endsWith('.1'))
    expect(others.some((row) => Buffer.from(row.wrapped).includes(Buffer.from(generations[0].id, 'hex')))).toBe(false)
  })

  it('that is disabled lets none of its keys be used, from the answer on, and enabled again lets them', async () => {
    const id = await create()
    const [inside, outside] = [await keyIn(id), await keyIn('0')]
    const encrypt = async (KeyId: string) => (await keystead.call('Encrypt', { KeyId, Plaintext: 'aGk=' })).code
    expect(await encrypt(inside)).toBeUndefined()
    expect((await set(id, 'disable')).members).toEqual({ keystore: { keystore_id: id, keystore_state: '3' } })
    expect(await encrypt(inside)).toBe('ResourceUnavailable.CmkStateNotSupport')
    expect(await encrypt(outside)).toBeUndefined()
    expect(await code('POST kms/describe-key', { key_id: inside })).toBeUndefined()
    expect(await code('POST kms/create-key', { key_alias: newAlias(), keystore_id: id })).toBe('KMS.0209')
    expect((await set(id, 'enable')).members).toEqual({ keystore: { keystore_id: id, keystore_state: '2' } })
    expect(await encrypt(inside)).toBeUndefined()
    expect((await set(id, 'enable')).status).toBe(200)
  })

  it('is removed only when the last of its keys is destroyed', async () => {
    const id = await create()
    const key_id = await keyIn(id)
    const remove = () => huaweiCall(keystead, `DELETE keystores/${id}`)
    expect((await remove()).code).toBe('KMS.0308')
    await huaweiOk(keystead, 'POST kms/schedule-key-deletion', { key_id, pending_days: '7' })
    expect((await remove()).code).toBe('KMS.0308')
    const { house } = keystead.running.installation
    const row = await house.store.reader.rows('keyStore', { limit: 1000 })
    expect(row.find((one) => one.id === id)?.keys).toBe(1)
    keystead.clock.pass(86_400_000 * 8)
    for (let minute = 0; minute < 3; minute++) await performDue(house, 3_600_001, () => {})
    const { status, exchanged } = await remove()
    expect([status, exchanged.body]).toEqual([204, ''])
    expect(await code(`GET keystores/${id}`)).toBe('KMS.8003')
  })

  it('takes no imported keys, and its keys are neither rotated nor copied', async () => {
    const id = await create()
    const external = { key_alias: newAlias(), keystore_id: id, origin: 'external' }
    expect(await code('POST kms/create-key', external)).toBe('KMS.0339')
    const key_id = await keyIn(id)
    expect((await keystead.call('EnableKeyRotation', { KeyId: key_id })).code).toBe(
      'UnsupportedOperation.RotateNotSupported',
    )
    expect(await code('POST kms/enable-key-rotation', { key_id })).toBe('KMS.0338')
    const replica = { replica_region: 'cn-north-4', replica_project_id: 'a'.repeat(32), key_alias: newAlias() }
    expect(await code(`POST /v2/${keystead.credentials.huawei.projectId}/kms/keys/${key_id}/replicate`, replica)).toBe(
      'KMS.0308',
    )
  })

  it('keeps keys of its own for asymmetric ones too', async () => {
    const id = await create()
    const key_id = await keyIn(id, { key_spec: 'EC_P256' })
    const Digest = Buffer.alloc(32, 1).toString('base64')
    const signing = { KeyId: key_id, Algorithm: 'ECC_P256_R1', Message: Digest, MessageType: 'DIGEST' }
    expect((await keystead.call('SignByAsymmetricKey', signing)).code).toBeUndefined()
    await set(id, 'disable')
    expect((await keystead.call('SignByAsymmetricKey', signing)).code).toBe('ResourceUnavailable.CmkStateNotSupport')
  })
})

describe('a request that is wrong', () => {
  const alias = { keystore_alias: 'a-store' }

  it.each([
    ['an unknown root key', { ...alias, cluster_id: 'elsewhere' }, 'KMS.0340'],
    ['no root key', alias, 'KMS.0308'],
    ['two root keys', { ...alias, cluster_id: 'vault-2', hsm_cluster_id: 'vault-3' }, 'KMS.0308'],
    ['the built-in type', { ...alias, cluster_id: 'vault-2', keystore_type: 'DEFAULT' }, 'KMS.0308'],
    ['an unknown type', { ...alias, cluster_id: 'vault-2', keystore_type: 'HSM' }, 'KMS.0308'],
    ['no alias', { cluster_id: 'vault-2' }, 'KMS.0204'],
    ['a malformed alias', { keystore_alias: 'a b', cluster_id: 'vault-2' }, 'KMS.0308'],
  ])('create a key store with %s', async (_what, members, expected) => {
    expect(await code('POST keystores', members)).toBe(expected)
  })

  it('names an alias that is taken, and a store that is not there: 400, where clients look for it', async () => {
    const keystore_alias = newAlias()
    await create({ keystore_alias })
    expect(await code('POST keystores', { keystore_alias, cluster_id: 'vault-2' })).toBe('KMS.0318')
    const none = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
    for (const call of ['GET keystores/', 'DELETE keystores/']) {
      const { status, code: said } = await huaweiCall(keystead, `${call}${none}`)
      expect([call, status, said]).toEqual([call, 400, 'KMS.8003'])
      expect(await code(`${call}no-id`)).toBe('KMS.8003')
    }
    for (const call of ['enable', 'disable']) expect(await code(`POST keystores/${none}/${call}`, {})).toBe('KMS.8003')
    expect(await code('POST kms/create-key', { key_alias: newAlias(), keystore_id: none })).toBe('KMS.8003')
    expect(await code('GET keystores?limit=0')).toBe('KMS.0308')
  })

  it('of another account does not find the store', async () => {
    const id = await create()
    const { accessKey, secretKey, projectId: project } = (await addAccount(keystead)).huawei
    const options = { key: { accessKey, secretKey }, project }
    expect(await code(`GET keystores/${id}`, undefined, options)).toBe('KMS.8003')
    expect(await code(`DELETE keystores/${id}`, undefined, options)).toBe('KMS.8003')
    expect(await code('POST kms/create-key', { key_alias: newAlias(), keystore_id: id }, options)).toBe('KMS.8003')
    expect((await huaweiOk(keystead, 'GET keystores', undefined, options)).total).toBe(0)
  })
})

it('without its root key file the server does not start, and says which file is missing', async () => {
  const missing = { keyStore: [['vault-9', join(folder, 'missing.key')]] as const, init: false }
  const own = await startKeystead()
  await own.stop()
  await expect(startKeystead({ folder: own.folder, settings: missing })).rejects.toThrow(/missing\.key: the root key/)
})
