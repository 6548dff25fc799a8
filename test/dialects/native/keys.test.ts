import { createHash, createPublicKey, publicEncrypt, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addAccessKey, addAccount, addPrincipal } from '../../harness/access.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { clientOf, type NativeClient, signIn } from '../../harness/native.ts'

let keystead: TestKeystead
let root: NativeClient
let drawn = 0

beforeAll(async () => {
  keystead = await startKeystead()
  root = clientOf(keystead, await signIn(keystead))
})
afterAll(() => keystead.end())

const newKey = async (over: object = {}): Promise<Members> =>
  (await root.ok('key-create', { name: `key-${++drawn}`, ...over })).key
const show = async (key: string) => (await root.ok('key-show', { key })).key
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('a key', () => {
  test('is shown in the words of the core, and as each cloud shows it to its own clients', async () => {
    const tags = [{ key: 'team', value: 'blue' }]
    const made = await newKey({ description: 'of orders', tags, rotation: { enabled: true, periodDays: 30 } })
    expect(made).toMatchObject({
      state: 'active',
      usage: 'encryptDecrypt',
      algorithm: 'aes-256',
      origin: 'generated',
      region: 'guangzhou',
      primaryVersion: 1,
      revision: 1,
      tags,
      rotation: { enabled: true, periodDays: 30 },
    })
    const shown = await root.ok('key-show', { key: made.id })
    expect(shown.key).toEqual(made)
    const { KeyMetadata } = await keystead.ok('DescribeKey', { KeyId: made.id })
    expect(shown.clouds).toContainEqual({ cloud: 'tencent', members: KeyMetadata })
    const huawei = shown.clouds.find(({ cloud }: Members) => cloud === 'huawei').members
    expect(huawei).toMatchObject({
      key_id: made.id,
      key_alias: made.name,
      key_state: '2',
      key_rotation_enabled: 'true',
    })
  })

  test('goes through its states, changed only by who saw it as it is', async () => {
    const { id: key, revision } = await newKey()
    expect((await root.call('key-suspend', { key }, { 'If-Match': '"7"' })).status).toBe(412)
    await root.ok('key-suspend', { key }, { 'If-Match': `"${revision}"` })
    expect(await show(key)).toMatchObject({ state: 'suspended', revision: revision + 1 })
    for (const [name, state, members] of [
      ['key-resume', 'active', {}],
      ['key-deactivate', 'deactivated', {}],
      ['key-reactivate', 'active', {}],
      ['key-schedule-destruction', 'destructionScheduled', { days: 7 }],
      ['key-cancel-destruction', 'suspended', {}],
    ] as const) {
      await root.ok(name, { key, ...members })
      expect((await show(key)).state).toBe(state)
    }
    expect(await root.call('key-cancel-destruction', { key })).toMatchObject({
      status: 409,
      body: { type: 'conflict' },
    })
    expect((await root.call('key-show', { key: 'nothing' })).status).toBe(404)
  })

  test('has a name, tags, aliases, versions and a rotation that can be changed', async () => {
    const { id: key, name } = await newKey()
    const { id: other } = await newKey()
    await root.ok('key-change', { key, name: `${name}-b`, description: 'said' })
    expect((await root.call('key-change', { key: other, name: `${name}-b` })).status).toBe(409)
    await root.ok('key-tag', {
      key,
      tags: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    })
    await root.ok('key-untag', { key, tagKeys: ['a'] })
    await root.ok('alias-create', { name: 'main', key })
    expect((await root.ok('key-show', { key: 'alias:::main' })).key.id).toBe(key)
    expect(await root.ok('key-rotate', { key })).toEqual({ version: 2 })
    await root.ok('key-set-rotation', { key, enabled: true, periodDays: 90 })
    expect(await show(key)).toMatchObject({
      name: `${name}-b`,
      description: 'said',
      tags: [{ key: 'b', value: '2' }],
      aliases: ['main'],
      primaryVersion: 2,
      rotation: { enabled: true, periodDays: 90 },
    })
    await root.ok('key-set-rotation', { key, enabled: false })
    expect((await show(key)).rotation).toMatchObject({ enabled: false, nextAt: null })
    const { versions, next } = await root.ok('key-versions', { key, limit: 1 })
    expect(versions).toMatchObject([{ version: 2, primary: true, materialPresent: true }])
    const rest = await root.ok('key-versions', { key, limit: 1, cursor: next })
    expect(rest).toMatchObject({ versions: [{ version: 1, primary: false }], next: null })
    await root.ok('alias-move', { name: 'main', key: other })
    expect((await root.ok('alias-list', { key: other })).aliases).toMatchObject([{ name: 'main', key: other }])
    await root.ok('alias-delete', { name: 'main' })
    expect((await root.ok('alias-list', {})).aliases).toEqual([])
  })

  test('is made of what goes together, and named as both clouds can show it', async () => {
    for (const members of [
      { name: 'kms-x' },
      { name: 'x', usage: 'signVerify' },
      { name: 'x', algorithm: 'ed25519', usage: 'encryptDecrypt' },
      { name: 'x', algorithm: 'hmac-sha256', origin: 'imported' },
      { name: 'x', algorithm: 'rsa-2048', rotation: { enabled: true } },
    ])
      expect(await root.call('key-create', members)).toMatchObject({ status: 400, body: { type: 'invalidRequest' } })
  })

  test('is of its account and region, and of nobody else', async () => {
    const { id: key } = await newKey()
    const stranger = clientOf(keystead, await signIn(keystead, await addAccount(keystead)))
    expect((await stranger.call('key-show', { key })).status).toBe(404)
    expect((await root.call('key-show', { key }, { 'X-Keystead-Region': 'ap-shanghai' })).status).toBe(404)
    expect((await stranger.ok('key-list')).keys).toEqual([])
  })

  test('can be lent to one user by one statement, and no other key with it', async () => {
    const [{ id: one }, { id: other }] = [await newKey(), await newKey()]
    const resources = [{ kind: 'key', region: '*', creator: '*', id: one }]
    const policies = [{ statements: [{ effect: 'allow', rights: ['encrypt', 'describe'], resources }] }]
    const access = await addAccessKey(keystead, { principal: await addPrincipal(keystead, { policies }) })
    const user = clientOf(keystead, await signIn(keystead, access))
    await user.ok('encrypt', { key: one, plaintext: base64('x') })
    expect((await user.call('encrypt', { key: other, plaintext: base64('x') })).status).toBe(403)
    expect((await user.call('key-list')).status).toBe(403)
    expect((await user.call('key-suspend', { key: one })).status).toBe(403)
  })
})

test('a grant lends a key to a user through every dialect, until it is revoked', async () => {
  const { id: key } = await newKey()
  const made = await root.ok('user-create', { name: 'lent' })
  const { id: secretId, secret: secretKey } = await root.ok('access-key-create', { user: 'lent' })
  const user = clientOf(keystead, await signIn(keystead, { secretId, secretKey }))
  const plaintext = base64('x')
  expect((await user.call('encrypt', { key, plaintext })).status).toBe(403)
  const { grant } = await root.ok('grant-create', { key, user: made.name, rights: ['encrypt', 'describe'] })
  const { ciphertext } = await user.ok('encrypt', { key, plaintext })
  await user.ok('key-show', { key })
  await keystead.ok('Encrypt', { KeyId: key, Plaintext: plaintext }, { key: { secretId, secretKey } })
  expect((await user.call('decrypt', { ciphertext })).status).toBe(403)
  expect((await user.call('key-suspend', { key })).status).toBe(403)
  const { grants, total } = await root.ok('grant-list', { key })
  expect([grants[0].id, grants[0].dialect, total]).toEqual([grant, 'native', 1])
  await root.ok('grant-revoke', { key, grant })
  expect((await user.call('encrypt', { key, plaintext })).status).toBe(403)
  expect((await root.call('grant-create', { key, user: 'lent', rights: ['createGrant'] })).status).toBe(400)
})

describe('the list', () => {
  test('goes on past a total that is only a least one, and ends with a page that is not full', async () => {
    const { reader } = keystead.running.installation.house.store
    const row = (await newKey({ name: 'one-of-very-many' })).id
    const { rows } = await reader.keys(
      { account: keystead.credentials.tencent.uin, region: 'guangzhou', project: '' },
      { filter: { search: row }, order: 'newestFirst', offset: 0, limit: 1 },
      Date.now(),
    )
    const asked = vi.spyOn(reader, 'keys').mockResolvedValue({ total: 10_000, isLeast: true, rows: [...rows, ...rows] })
    const cursor = base64('10000')
    const full = await root.ok('key-list', { search: 'many', roughly: true, limit: 2, cursor })
    expect([full.total, full.isLeast, full.next]).toEqual([10_000, true, base64('10002')])
    expect(asked.mock.calls[0]?.[1]).toMatchObject({ roughly: true, offset: 10_000, limit: 2 })
    const last = await root.ok('key-list', { search: 'many', roughly: true, limit: 3, cursor })
    expect([last.isLeast, last.next]).toEqual([true, null])
    asked.mockRestore()
  })

  test('is searched, filtered, sorted and paged', async () => {
    const marker = `page-${Date.now()}`
    const made: string[] = []
    for (let n = 0; n < 5; n++)
      made.push((await newKey({ name: `${marker}-${n}`, tags: [{ key: 'n', value: `${n}` }] })).id)
    await root.ok('key-suspend', { key: made[0] })
    const seen: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await root.ok('key-list', {
        search: marker,
        limit: 2,
        sort: 'oldest',
        ...(cursor ? { cursor } : {}),
      })
      expect(page.total).toBe(5)
      seen.push(...page.keys.map(({ id }: Members) => id))
      if (page.next === null) break
      cursor = page.next
    }
    expect(seen).toEqual(made)
    const ids = async (asked: object) =>
      (await root.ok('key-list', { search: marker, ...asked })).keys.map(({ id }: Members) => id)
    expect(await ids({})).toEqual(made.toReversed())
    expect(await ids({ states: ['suspended'] })).toEqual([made[0]])
    expect(await ids({ tags: [{ key: 'n', values: ['1', '2'] }], sort: 'oldest' })).toEqual([made[1], made[2]])
    expect(await ids({ origins: ['imported'] })).toEqual([])
    expect(await ids({ usages: ['signVerify'] })).toEqual([])
    expect((await root.call('key-list', { cursor: base64('x') })).status).toBe(400)
  })
})

describe('cryptography', () => {
  test('opens what it sealed, under every version, and what another dialect sealed', async () => {
    const { id: key } = await newKey()
    const context = { order: '7' }
    const plaintext = base64('hello')
    const first = await root.ok('encrypt', { key, plaintext, context })
    expect(first).toMatchObject({ keyId: key, keyVersion: 1 })
    await root.ok('key-rotate', { key })
    const { ciphertext } = first
    expect(await root.ok('decrypt', { ciphertext, context })).toEqual({ plaintext, keyId: key, keyVersion: 1 })
    expect((await root.call('decrypt', { ciphertext })).status).toBe(422)
    const moved = await root.ok('re-encrypt', { ciphertext, context, newContext: { order: '8' } })
    expect(moved.keyVersion).toBe(2)
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId: key, Plaintext: plaintext })
    expect((await root.ok('decrypt', { ciphertext: CiphertextBlob })).plaintext).toBe(plaintext)
  })

  test('of several items tells of each, and records each by itself', async () => {
    const { id: key } = await newKey()
    const before = keystead.audit().length
    const items = [{ key, plaintext: base64('a') }, { key: 'nothing', plaintext: base64('b') }, { key }, 'x']
    expect((await root.call('batch-encrypt', { items })).status).toBe(400)
    const { results } = await root.ok('batch-encrypt', { items: items.slice(0, 3) })
    expect(results).toMatchObject([
      { keyId: key },
      { problem: { type: 'notFound', status: 404 } },
      { problem: { type: 'invalidRequest', member: 'plaintext' } },
    ])
    const entries = keystead.audit().slice(before)
    expect(entries.filter(({ action }) => action === 'encrypt').map(({ outcome }) => outcome)).toEqual(
      expect.arrayContaining(['success', 'refused', 'refused']),
    )
    const opened = await root.ok('batch-decrypt', { items: [{ ciphertext: results[0].ciphertext }] })
    expect(opened.results[0].plaintext).toBe(base64('a'))
    expect((await root.call('batch-encrypt', { items: Array(101).fill(items[0]) })).status).toBe(400)
  })

  test('signs what others verify, and authenticates', async () => {
    const { id: key } = await newKey({ algorithm: 'ec-p256', usage: 'signVerify' })
    const message = base64('a message')
    const { signature } = await root.ok('sign', { key, message, scheme: 'ecdsaSha256' })
    const { publicKey } = await root.ok('key-public', { key })
    expect(verify('sha256', Buffer.from('a message'), publicKey, Buffer.from(signature, 'base64'))).toBe(true)
    expect((await root.ok('verify', { key, message, scheme: 'ecdsaSha256', signature })).valid).toBe(true)
    const digest = createHash('sha256').update('a message').digest('base64')
    expect((await root.ok('verify', { key, digest, scheme: 'ecdsaSha256', signature })).valid).toBe(true)
    expect((await root.call('sign', { key, scheme: 'ecdsaSha256' })).status).toBe(400)
    const { id: macKey } = await newKey({ algorithm: 'hmac-sha256' })
    const { mac } = await root.ok('mac', { key: macKey, message })
    expect((await root.ok('verify-mac', { key: macKey, message, mac })).valid).toBe(true)
    expect((await root.call('mac', { key, message })).status).toBe(422)
    expect(Buffer.from((await root.ok('random', { bytes: 7 })).bytes, 'base64')).toHaveLength(7)
    const { id: data } = await newKey()
    const made = await root.ok('generate-data-key', { key: data })
    expect((await root.ok('decrypt', { ciphertext: made.ciphertext })).plaintext).toBe(made.plaintext)
  })

  test('with material that was brought opens and seals, until that is taken away', async () => {
    const { id: key } = await newKey({ origin: 'imported' })
    const ticket = await root.ok('key-import-prepare', { key, wrapping: 'oaepSha256' })
    const wrapping = { key: createPublicKey(ticket.wrappingKey), oaepHash: 'sha256' }
    const wrapped = publicEncrypt(wrapping, Buffer.alloc(32, 5)).toString('base64')
    await root.ok('key-import', { key, ticket: ticket.ticket, wrapped })
    expect((await show(key)).state).toBe('active')
    await root.ok('encrypt', { key, plaintext: base64('x') })
    await root.ok('key-delete-material', { key })
    expect((await show(key)).state).toBe('preActive')
  })
})

test('data keys and bindings that the clouds made are listed, and data keys taken out of use', async () => {
  const { id: key } = await newKey()
  await keystead.ok('BindCloudResource', { KeyId: key, ProductId: 'cbs', ResourceId: 'disk-1' })
  expect((await root.ok('binding-list', { key })).bindings).toMatchObject([{ product: 'cbs', resource: 'disk-1' }])
  const made = await keystead.ok('GenerateDataKey', {
    KeyId: key,
    KeySpec: 'AES_256',
    IsHostedByKms: 1,
    DataKeyName: 'hosted',
  })
  const { dataKeys } = await root.ok('data-key-list', { key })
  expect(dataKeys).toMatchObject([{ id: made.DataKeyId, name: 'hosted', state: 'active', key, bytes: 32 }])
  await root.ok('data-key-suspend', { dataKey: made.DataKeyId })
  expect((await root.ok('data-key-list', { key })).dataKeys[0].state).toBe('suspended')
})
