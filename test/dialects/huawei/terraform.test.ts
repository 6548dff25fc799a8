/**
 * What the vendor's Terraform provider and golangsdk insist on: each is a test, with the members and in the order in
 * which they send them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HuaweiCallOptions, huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { keyRecord, makeImported, makeKey, moveInto } from '../../harness/huawei-keys.ts'
import { importParameters, materialOf, newAlias, wrapMaterial } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

/** golangsdk adds the project after signing, and its body ends with a newline. */
const asProvider: HuaweiCallOptions = { headers: { 'X-Project-Id': 'unsigned' } }
const call = (what: string, members?: Members) =>
  huaweiCall(keystead, what, members && `${JSON.stringify(members)}\n`, asProvider)
const kms = (name: string, members: Members) => call(`POST kms/${name}`, members)

describe('the provider', () => {
  it('sees by 404 that a key is not there', async () => {
    expect((await kms('describe-key', { key_id: unknownId })).status).toBe(404)
  })

  it('takes state 4 for gone, and schedule-key-deletion answers it', async () => {
    const key_id = await makeKey(keystead)
    const { status, members } = await kms('schedule-key-deletion', { key_id, pending_days: '7' })
    expect([status, members.key_state]).toEqual([200, '4'])
    expect((await kms('describe-key', { key_id })).members.key_info.key_state).toBe('4')
  })

  it('creates a key and polls until it is enabled: it is so at once, and never transient', async () => {
    const created = await kms('create-key', {
      key_alias: newAlias(),
      key_spec: 'AES_256',
      key_description: '',
      enterprise_project_id: '0',
      origin: 'kms',
      keystore_id: '0',
    })
    expect(created.status).toBe(200)
    const { key_id } = created.members.key_info
    expect((await kms('describe-key', { key_id })).members.key_info.key_state).toBe('2')
  })

  it('polls an external key until it is pending import', async () => {
    const key_id = await makeKey(keystead, { origin: 'external' })
    expect((await keyRecord(keystead, key_id)).key_state).toBe('5')
  })

  it('sets whether a key is enabled, its tags and its rotation by further calls, none of which answers 204 but tag writes', async () => {
    const key_id = await makeKey(keystead)
    const statuses = {
      rotation: (await kms('enable-key-rotation', { key_id })).status,
      interval: (await kms('update-key-rotation-interval', { key_id, rotation_interval: 200 })).status,
      tags: (await kms(`${key_id}/tags/action`, { action: 'create', tags: [{ key: 'a', value: 'b' }] })).status,
      disable: (await kms('disable-key', { key_id })).status,
      alias: (await kms('update-key-alias', { key_id, key_alias: newAlias() })).status,
      description: (await kms('update-key-description', { key_id, key_description: 'd' })).status,
      off: (await kms('disable-key-rotation', { key_id })).status,
    }
    expect(statuses).toEqual({
      rotation: 200,
      interval: 200,
      tags: 204,
      disable: 200,
      alias: 200,
      description: 200,
      off: 200,
    })
  })

  it('reads the times and the key store of a record as text, also where there are none', async () => {
    const record = await keyRecord(keystead, await makeKey(keystead))
    for (const member of ['creation_date', 'expiration_time', 'scheduled_deletion_date', 'keystore_id'])
      expect(record[member], member).toBeTypeOf('string')
    expect(Number(record.creation_date) / 1000).toBeGreaterThan(1_600_000_000)
  })

  it('reads the rotation of a disabled key, whose switch is a boolean', async () => {
    const key_id = await makeKey(keystead)
    await kms('enable-key-rotation', { key_id })
    await moveInto(keystead, key_id, '3')
    const { status, members } = await kms('get-key-rotation-status', { key_id })
    expect([status, members.key_rotation_enabled]).toEqual([200, true])
  })

  it('reads both forms of a plaintext from decrypt-data', async () => {
    const key_id = await makeKey(keystead)
    const { members } = await kms('encrypt-data', {
      key_id,
      plain_text: 'hello',
      encryption_algorithm: 'SYMMETRIC_DEFAULT',
    })
    const decrypted = await kms('decrypt-data', { cipher_text: members.cipher_text })
    expect(decrypted.members).toMatchObject({ plain_text: 'hello', plain_text_base64: 'aGVsbG8=' })
  })

  it('reads the end of import parameters as a number, and imports with an end in text and an answer that is an object', async () => {
    const key_id = await makeKey(keystead, { origin: 'external' })
    const asked = { key_id, wrapping_algorithm: 'RSAES_OAEP_SHA_256' }
    const { members } = await kms('get-parameters-for-import', asked)
    expect(members.expiration_time).toBeTypeOf('number')
    const loaded = await kms('import-key-material', {
      key_id,
      import_token: members.import_token,
      encrypted_key_material: wrapMaterial(members.public_key, materialOf(1)),
      expiration_time: String(members.expiration_time),
    })
    expect([loaded.status, loaded.exchanged.body]).toEqual([200, '{}'])
    const gone = await kms('delete-imported-key-material', { key_id })
    expect([gone.status, gone.exchanged.body]).toEqual([200, '{}'])
  })

  it('lists keys with the number 2000 for a limit until next_marker is empty', async () => {
    await makeKey(keystead)
    const ids: string[] = []
    let marker = ''
    for (let pages = 0; pages < 10; pages++) {
      const { members } = await kms('list-keys', { limit: 2000, marker, key_spec: 'ALL' })
      ids.push(...members.keys)
      marker = members.next_marker
      if (marker === '') break
    }
    expect(marker).toBe('')
    expect(ids).toHaveLength((await huaweiOk(keystead, 'POST kms/list-keys', { key_spec: 'ALL' })).total)
  })

  it('lists grants in the same way', async () => {
    const key_id = await makeKey(keystead)
    const lent = { key_id, grantee_principal: 'c0ffee'.padEnd(32, '0'), operations: ['describe-key'] }
    await kms('create-grant', lent)
    const { members } = await kms('list-grants', { key_id, limit: 2000, marker: '' })
    expect(members).toMatchObject({ grants: [{ key_id }], next_marker: '', total: 1 })
  })

  it('looks for tags with the text 1000 for a limit and a number for an offset, and reads a number and an object', async () => {
    const key_id = await makeKey(keystead)
    await kms(`${key_id}/tags/action`, { action: 'create', tags: [{ key: 'sought', value: 'by-provider' }] })
    const { status, members } = await kms('resource_instances/action', {
      action: 'filter',
      limit: '1000',
      offset: 0,
      tags: [{ key: 'sought', values: ['by-provider'] }],
    })
    expect([status, members.total_count]).toEqual([200, 1])
    expect(Array.isArray(members.resources[0].resource_detail)).toBe(false)
    expect(members.resources[0].resource_detail.key_id).toBe(key_id)
  })

  it('writes tags and reads 204, and reads tags with 200', async () => {
    const key_id = await makeKey(keystead)
    const written = await kms(`${key_id}/tags/action`, { action: 'create', tags: [{ key: 'a', value: 'b' }] })
    expect([written.status, (await call(`GET kms/${key_id}/tags`)).status]).toEqual([204, 200])
    const removed = await kms(`${key_id}/tags/action`, { action: 'delete', tags: [{ key: 'a' }] })
    expect(removed.status).toBe(204)
  })

  it('pages key stores and regions by their offset until a list is empty', async () => {
    const stores = await call('GET keystores?limit=10&offset=1000')
    expect([stores.status, stores.members.keystores]).toEqual([200, []])
    const { projectId } = keystead.credentials.huawei
    const regions = await call(`GET /v2/${projectId}/kms/regions?limit=10&offset=1000`)
    expect([regions.status, regions.members.regions]).toEqual([200, []])
  })

  it('sees by KMS.8003 with 400 that a key store is not there', async () => {
    const answered = await call(`GET keystores/${unknownId}`)
    expect([answered.status, answered.members.error.error_code]).toEqual([400, 'KMS.8003'])
  })

  it('names the new primary region alone in update-primary-region', async () => {
    const { projectId } = keystead.credentials.huawei
    const path = `PUT /v2/${projectId}/kms/keys/${unknownId}/update-primary-region`
    const answered = await call(path, { primary_region: 'cn-north-4' })
    expect(answered.code).toBe('KMS.0207')
  })

  it('makes an alias with its prefix, finds it in an object, and takes it by a DELETE with a body', async () => {
    const key_id = await makeKey(keystead)
    const alias = `alias/${newAlias()}`
    expect((await kms('aliases', { key_id, alias })).status).toBe(201)
    const { members } = await call(`GET kms/aliases?key_id=${key_id}`)
    expect(members).toMatchObject({ aliases: [{ alias, key_id }], page_info: { next_marker: '', current_count: 1 } })
    expect((await call('DELETE kms/aliases', { key_id, aliases: [alias] })).status).toBe(204)
  })

  it('imports into a key of the other cloud as into one of its own', async () => {
    const key_id = await makeImported(keystead)
    await moveInto(keystead, key_id, '5')
    const { ImportToken: import_token, PublicKey } = await importParameters(keystead, key_id)
    const encrypted_key_material = wrapMaterial(PublicKey, materialOf(7))
    expect((await kms('import-key-material', { key_id, import_token, encrypted_key_material })).status).toBe(200)
  })
})
