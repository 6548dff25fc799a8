import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultProject } from '../../../src/core/place.ts'
import { performDue } from '../../../src/core/schedule.ts'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { makeDefaultKey, makeKey, moveInto } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const create = 'POST kms/aliases'
const associate = 'POST kms/alias/associate'
const remove = 'DELETE kms/aliases'
const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

let made = 0
const newName = () => `name-${++made}`
const named = async (alias = `alias/${newName()}`, of: Members = {}) => {
  const key_id = await makeKey(keystead, of)
  await huaweiOk(keystead, create, { key_id, alias })
  return { key_id, alias, name: alias.replace('alias/', '') }
}
const urnOf = (name: string) => `kms:cn-south-1:${keystead.credentials.huawei.domainId}:alias:${name}`
const encrypt = (key_id: string) => huaweiCall(keystead, 'POST kms/encrypt-data', { key_id, plain_text: 'a' })
const listed = async (query = '', headers: Record<string, string> = {}) =>
  (await huaweiCall(keystead, `GET kms/aliases${query}`, undefined, { headers })).members

describe('create-alias', () => {
  it.each(['alias/orders', 'kms-1234'])('makes %s, and answers 201 with its record', async (alias) => {
    const key_id = await makeKey(keystead)
    const { status, members } = await huaweiCall(keystead, create, { key_id, alias })
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const domain_id = keystead.credentials.huawei.domainId
    const alias_urn = urnOf(alias.replace('alias/', ''))
    expect(status).toBe(201)
    expect(members).toEqual({ domain_id, key_id, alias, alias_urn, create_time: time, update_time: time })
    expect(members.create_time).toBe(members.update_time)
  })

  it('takes a name with or without its prefix for the same, and once in a region', async () => {
    const { name } = await named()
    for (const alias of [name, `alias/${name}`])
      expectError(await huaweiCall(keystead, create, { key_id: await makeKey(keystead), alias }), 400, 'KMS.1104')
  })

  it('leaves the names of keys to keys', async () => {
    const { name } = await named()
    await makeKey(keystead, { key_alias: name })
  })

  it('gives a key 50 and no more', async () => {
    const key_id = await makeKey(keystead)
    for (let count = 0; count < 50; count++) await huaweiOk(keystead, create, { key_id, alias: newName() })
    expectError(await huaweiCall(keystead, create, { key_id, alias: newName() }), 400, 'KMS.1105')
    const { alias } = await named()
    expectError(await huaweiCall(keystead, associate, { alias, target_key_id: key_id }), 400, 'KMS.1105')
  })

  it.each([
    ['no alias', { alias: undefined }, 400, 'KMS.0204'],
    ['an empty alias', { alias: '' }, 400, 'KMS.1101'],
    ['the prefix alone', { alias: 'alias/' }, 400, 'KMS.1101'],
    ['a space', { alias: 'a b' }, 400, 'KMS.1101'],
    ['256 characters', { alias: 'a'.repeat(256) }, 400, 'KMS.1101'],
    ['an unknown key', { key_id: unknownId }, 404, 'KMS.0207'],
    ['an alias for the key', { key_id: 'alias/x' }, 400, 'KMS.0205'],
    ['an undeclared member', { colour: 'red' }, 400, 'KMS.0308'],
  ])('refuses %s', async (_what, wrong, status, code) => {
    const asked = { key_id: await makeKey(keystead), alias: newName(), ...wrong }
    expectError(await huaweiCall(keystead, create, asked), status, code)
  })

  it('refuses a default key', async () => {
    const asked = { key_id: await makeDefaultKey(keystead), alias: newName() }
    expectError(await huaweiCall(keystead, create, asked), 400, 'KMS.0211')
  })
})

describe('associate-alias', () => {
  it('lets the alias name the other key from its answer on, and keeps the time of its making', async () => {
    const { alias, key_id, name } = await named()
    const target_key_id = await makeKey(keystead)
    expect((await encrypt(alias)).members.key_id).toBe(key_id)
    keystead.clock.pass(60_000)
    const { status, members } = await huaweiCall(keystead, associate, { alias: name, target_key_id })
    expect([status, members.key_id, members.alias]).toEqual([200, target_key_id, alias])
    expect(members.update_time > members.create_time).toBe(true)
    expect((await encrypt(alias)).members.key_id).toBe(target_key_id)
    expect((await listed(`?key_id=${key_id}`)).aliases).toEqual([])
    expect((await listed(`?key_id=${target_key_id}`)).aliases).toEqual([members])
  })

  it('does nothing where the alias names the key already', async () => {
    const { alias, key_id } = await named()
    const { status, members } = await huaweiCall(keystead, associate, { alias, target_key_id: key_id })
    expect([status, members.key_id]).toEqual([200, key_id])
  })

  it('refuses an alias or a key that is not there, a default key, and what is malformed', async () => {
    const { alias } = await named()
    const target_key_id = await makeKey(keystead)
    expectError(await huaweiCall(keystead, associate, { alias: newName(), target_key_id }), 404, 'KMS.0207')
    expectError(await huaweiCall(keystead, associate, { alias, target_key_id: unknownId }), 404, 'KMS.0207')
    const ofProduct = { alias, target_key_id: await makeDefaultKey(keystead) }
    expectError(await huaweiCall(keystead, associate, ofProduct), 400, 'KMS.0211')
    expectError(await huaweiCall(keystead, associate, { alias, target_key_id: 'x' }), 400, 'KMS.0205')
    expectError(await huaweiCall(keystead, associate, { alias: 'a b', target_key_id }), 400, 'KMS.1101')
  })

  it('refuses a key that is to be deleted', async () => {
    const { alias } = await named()
    const target_key_id = await makeKey(keystead)
    await moveInto(keystead, target_key_id, '4')
    expectError(await huaweiCall(keystead, associate, { alias, target_key_id }), 400, 'KMS.0210')
  })
})

describe('delete-alias', () => {
  it('takes several, answers 204 without a body, and they name nothing any more', async () => {
    const { alias, key_id } = await named()
    const other = newName()
    await huaweiOk(keystead, create, { key_id, alias: other })
    const { status, exchanged } = await huaweiCall(keystead, remove, { key_id, aliases: [alias, other, alias] })
    expect([status, exchanged.body]).toEqual([204, ''])
    expectError(await encrypt(alias), 404, 'KMS.0207')
    expect((await listed(`?key_id=${key_id}`)).aliases).toEqual([])
    await huaweiOk(keystead, create, { key_id, alias })
  })

  it('takes none where one is not of the key', async () => {
    const [one, two] = [await named(), await named()]
    const aliases = [one.alias, two.alias]
    expectError(await huaweiCall(keystead, remove, { key_id: one.key_id, aliases }), 404, 'KMS.0207')
    expect((await encrypt(one.alias)).status).toBe(200)
    expectError(await huaweiCall(keystead, remove, { key_id: one.key_id, aliases: [newName()] }), 404, 'KMS.0207')
  })

  it.each([
    ['no list', { aliases: undefined }, 400, 'KMS.0204'],
    ['an empty list', { aliases: [] }, 400, 'KMS.0308'],
    ['51 aliases', { aliases: Array.from({ length: 51 }, (_, at) => `a${at}`) }, 400, 'KMS.0308'],
    ['a malformed alias', { aliases: ['a b'] }, 400, 'KMS.1101'],
    ['an unknown key', { key_id: unknownId }, 404, 'KMS.0207'],
  ])('refuses %s', async (_what, wrong, status, code) => {
    const { alias, key_id } = await named()
    expectError(await huaweiCall(keystead, remove, { key_id, aliases: [alias], ...wrong }), status, code)
  })
})

describe('list-aliases', () => {
  it('lists those of a key by name, page by page', async () => {
    const key_id = await makeKey(keystead)
    for (const alias of ['zz-c', 'alias/zz-a', 'zz-b']) await huaweiOk(keystead, create, { key_id, alias })
    const first = await listed(`?key_id=${key_id}&limit=2`)
    expect(first.aliases.map(({ alias }: Members) => alias)).toEqual(['alias/zz-a', 'zz-b'])
    expect(first.page_info).toEqual({ next_marker: 'zz-b', current_count: 2 })
    const second = await listed(`?key_id=${key_id}&limit=2&marker=${first.page_info.next_marker}`)
    expect(second.aliases.map(({ alias }: Members) => alias)).toEqual(['zz-c'])
    expect(second.page_info).toEqual({ next_marker: '', current_count: 1 })
    const all = (await listed('?limit=1000')).aliases.map(({ alias }: Members) => alias)
    expect(all).toEqual(expect.arrayContaining(['alias/zz-a', 'zz-b', 'zz-c', 'kms-1234']))
  })

  it.each([
    ['huaweicloud-usdk-go/3.0', true],
    ['huaweicloud-usdk-java/3.0 os/Linux', true],
    ['huaweicloud-usdk-python/3.0', false],
    ['terraform-provider-huaweicloud huaweicloud-usdk-go', false],
  ])('answers the client %s with an array: %s', async (agent, inArray) => {
    const answered = await listed('', { 'User-Agent': agent })
    expect(Array.isArray(answered)).toBe(inArray)
    expect(inArray ? answered[0] : answered).toHaveProperty('page_info.current_count')
  })

  it.each([
    ['?limit=0', 400, 'KMS.1601'],
    ['?limit=1001', 400, 'KMS.1601'],
    ['?limit=x', 400, 'KMS.1601'],
    ['?marker=a%20b', 400, 'KMS.1602'],
    ['?key_id=x', 400, 'KMS.0205'],
    [`?key_id=${unknownId}`, 404, 'KMS.0207'],
    ['?colour=red', 400, 'KMS.0308'],
  ])('refuses %s', async (query, status, code) => {
    expectError(await huaweiCall(keystead, `GET kms/aliases${query}`), status, code)
  })
})

describe('a key by its alias', () => {
  it('encrypts, decrypts and makes data keys, by its short form and by its resource name', async () => {
    const { alias, key_id, name } = await named()
    for (const ref of [alias, urnOf(name)]) {
      const { members } = await encrypt(ref)
      expect(members.key_id).toBe(key_id)
      const decrypted = await huaweiOk(keystead, 'POST kms/decrypt-data', { ...members, key_id: ref })
      expect(decrypted).toMatchObject({ key_id, plain_text: 'a' })
      const dataKey = await huaweiOk(keystead, 'POST kms/create-datakey', { key_id: ref })
      expect(dataKey.key_id).toBe(key_id)
      const opened = { key_id: ref, cipher_text: dataKey.cipher_text, datakey_cipher_length: '32' }
      expect((await huaweiOk(keystead, 'POST kms/decrypt-datakey', opened)).data_key).toBe(dataKey.plain_text)
      const plain_text = Buffer.concat([Buffer.of(7), createHash('sha256').update(Buffer.of(7)).digest()])
      const own = { key_id: ref, plain_text: plain_text.toString('hex'), datakey_plain_length: '1' }
      expect((await huaweiOk(keystead, 'POST kms/encrypt-datakey', own)).key_id).toBe(key_id)
    }
  })

  it('signs, verifies, makes MACs and shows its public half', async () => {
    const signer = await named(undefined, { key_spec: 'EC_P256' })
    const asked = { key_id: signer.alias, signing_algorithm: 'ECDSA_SHA_256', message: 'AAAA', message_type: 'RAW' }
    const { key_id, signature } = await huaweiOk(keystead, 'POST kms/sign', asked)
    expect(key_id).toBe(signer.key_id)
    const verified = await huaweiOk(keystead, 'POST kms/verify', { ...asked, signature })
    expect(verified).toMatchObject({ key_id: signer.key_id, signature_valid: 'true' })
    const shown = await huaweiOk(keystead, 'POST kms/get-publickey', { key_id: signer.alias })
    expect(shown.key_id).toBe(signer.key_id)
    const maker = await named(undefined, { key_spec: 'HMAC_256' })
    const mac = { key_id: maker.alias, mac_algorithm: 'HMAC_SHA_256', message: 'AAAA' }
    expect((await huaweiOk(keystead, 'POST kms/generate-mac', mac)).key_id).toBe(maker.key_id)
  })

  it('is not found by a name of another region or account, nor by one that is malformed', async () => {
    const { name } = await named()
    const { domainId } = keystead.credentials.huawei
    expectError(await encrypt(`kms:cn-north-4:${domainId}:alias:${name}`), 404, 'KMS.0207')
    expectError(await encrypt(`kms:cn-south-1:${'f'.repeat(32)}:alias:${name}`), 404, 'KMS.0207')
    for (const ref of [name, 'alias/', 'alias/a b', `kms:cn-south-1:${domainId}:key:${name}`, `alias:::${name}`])
      expectError(await encrypt(ref), 400, 'KMS.0205')
  })

  it('is not found in another region under the same name', async () => {
    const { alias } = await named()
    const elsewhere = { project: defaultProject(keystead.credentials.tencent.uin, 'beijing') }
    expect((await huaweiCall(keystead, 'GET kms/aliases', undefined, elsewhere)).members.aliases).toEqual([])
    const asked = { key_id: alias, plain_text: 'a' }
    expectError(await huaweiCall(keystead, 'POST kms/encrypt-data', asked, elsewhere), 404, 'KMS.0207')
  })

  it('is refused by calls that take an id alone', async () => {
    const { alias } = await named()
    expectError(await huaweiCall(keystead, 'POST kms/describe-key', { key_id: alias }), 400, 'KMS.0205')
  })

  it('loses its aliases when it is destroyed, and their names are free', async () => {
    const { alias, key_id } = await named()
    await moveInto(keystead, key_id, '4')
    keystead.clock.pass(7 * 86_400_000 + 1)
    expectError(await encrypt(alias), 404, 'KMS.0207')
    for (const elapsed of [1, 3_600_001])
      await performDue(keystead.running.installation.house, elapsed, (fault) => {
        throw fault
      })
    await named(alias)
  })
})
