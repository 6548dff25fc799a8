/** Who may ask what: nobody, a user, the root of another account, of the first one, and whoever has the socket. */
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calls } from '../../../src/dialects/huawei/iam/calls.ts'
import { actions } from '../../../src/dialects/native/actions.ts'
import { isOfAccounts, isOfInstallation, isOnMachine, isOperators } from '../../../src/dialects/native/ours.ts'
import { addAccessKey, addAccount, addPrincipal } from '../../harness/access.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { clientOf, type NativeClient, post, signIn } from '../../harness/native.ts'
import { turnedAway } from '../../harness/unavailable.ts'
import huaweiVendor from '../../vendor/huawei.json' with { type: 'json' }

let keystead: TestKeystead
let root: NativeClient
let stranger: NativeClient
let strangers = ''

beforeAll(async () => {
  keystead = await startKeystead()
  root = clientOf(keystead, await signIn(keystead))
  const account = await addAccount(keystead)
  strangers = account.uin
  stranger = clientOf(keystead, await signIn(keystead, account))
})
afterAll(() => keystead.end())

const statement = (effect: string, rights: readonly string[], over: object = {}) => ({
  statements: [{ effect, rights, resources: [{ kind: '*', region: '*', creator: '*', id: '*', ...over }] }],
})
/** A user of the first account with these policies. */
const userWith = async (...policies: readonly object[]) => {
  const principal = await addPrincipal(keystead, { policies })
  const key = await addAccessKey(keystead, { principal })
  return { principal, client: clientOf(keystead, await signIn(keystead, key)) }
}

const ask = (action: string, members: Members = {}, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; body: Members }>((resolve, reject) => {
    const socketPath = join(keystead.folder, 'admin.sock')
    const sent = request({ socketPath, path: `/api/v1/${action}`, method: 'POST', headers }, async (response) => {
      let text = ''
      for await (const piece of response) text += piece
      resolve({ status: response.statusCode ?? 0, body: text.startsWith('{') ? JSON.parse(text) : {} })
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(members))
  })

const names = (of: (action: (typeof actions)[number]) => boolean) => actions.filter(of).map(({ name }) => name)

describe('the whole installation', () => {
  const ofInstallation = names(isOfInstallation)

  test('is looked after by what is declared for it, none of which uses material', () => {
    expect(ofInstallation).toEqual(expect.arrayContaining(['account-create', 'status', 'seal-rotate', 'backup']))
    const using = actions.filter(({ operation }) => operation.mode === 'use')
    expect(using.filter(isOperators).filter((one) => !isOfInstallation(one))).toEqual([])
  })

  test.each(ofInstallation)('by %s: not for a user, nor for the root of another account', async (name) => {
    const { client } = await userWith(statement('allow', ['encrypt', 'createPrincipal', 'attachPolicy']))
    for (const one of [client, stranger])
      expect(await one.call(name)).toMatchObject({ status: 403, body: { type: 'permissionDenied' } })
    expect((await post(keystead, name)).status).toBe(401)
  })

  test('is for the root of the first account, and for whom a policy of that account lets operate', async () => {
    expect((await root.ok('status')).status).toMatchObject({ sealed: false })
    const { client } = await userWith(statement('allow', ['operate']))
    expect((await client.ok('account-list')).accounts).toHaveLength(2)
    expect((await client.ok('session-show')).operator).toBe(true)
    const denied = await userWith(statement('allow', ['operate']), statement('deny', ['operate']))
    expect((await denied.client.call('account-list')).status).toBe(403)
    expect((await stranger.ok('session-show')).operator).toBe(false)
  })
})

test('what handles the seal or every row at once is for the machine, also for who may operate', async () => {
  const onMachine = names(isOnMachine)
  expect(onMachine).toHaveLength(8)
  for (const name of onMachine) expect((await root.call(name)).status, name).toBe(403)
  expect((await root.ok('seal-status')).sealed).toBe(false)
  expect((await ask('seal-settle')).status).toBe(200)
})

describe('an account', () => {
  test('is looked after by its own root, and that of no other', async () => {
    const made = await stranger.ok('user-create', { name: 'ann' })
    expect(made).toMatchObject({ name: 'ann', account: strangers, disabled: false, revision: 1 })
    expect((await stranger.ok('user-list')).users.map(({ name }: Members) => name)).toContain('ann')
    for (const account of ['keystead', keystead.credentials.tencent.uin])
      for (const [name, members] of [
        ['user-list', { account }],
        ['user-show', { user: 'nobody', account }],
        ['user-show', { user: 'nobody', account: 'no-such-account' }],
        ['user-create', { name: 'eve', account }],
        ['access-key-create', { user: 'administrator', account }],
        [
          'policy-attach',
          { user: 'administrator', name: 'p', language: 'rights', document: '{"statements":[]}', account },
        ],
      ] as const)
        expect((await stranger.call(name, members)).status, name).toBe(403)
  })

  test('is looked after by whoever may operate, where it is named', async () => {
    const made = await root.ok('user-create', { name: 'bob', account: strangers })
    expect(made.account).toBe(strangers)
    expect((await root.ok('user-list')).users.map(({ name }: Members) => name)).not.toContain('bob')
    const { client } = await userWith(statement('allow', ['operate']))
    await client.ok('user-delete', { user: 'bob', account: strangers })
  })

  test('can be looked after by its users, as far as their policies say', async () => {
    const { client } = await userWith(statement('allow', ['createPrincipal', 'listPrincipals']))
    await client.ok('user-create', { name: 'carl' })
    expect((await client.call('user-delete', { user: 'carl' })).status).toBe(403)
    expect((await client.call('user-password', { user: 'carl', password: 'a long one' })).status).toBe(403)
  })

  const all = ['attachPolicy', 'detachPolicy', 'setPassword', 'createCredential', 'changeCredential', 'deletePrincipal']

  test('has a root that nobody else becomes, and operators that none but operators become', async () => {
    const { client, principal } = await userWith(statement('allow', [...all, 'changePrincipal', 'deleteCredential']))
    const operator = await userWith(statement('allow', ['operate']))
    const document = JSON.stringify(statement('allow', ['operate']))
    const { secretId: id } = keystead.credentials.tencent
    for (const user of [keystead.credentials.tencent.uin, operator.principal])
      for (const [name, members] of [
        ['user-password', { user, password: 'a long one' }],
        ['access-key-create', { user }],
        ['user-change', { user, disabled: true }],
        ['user-delete', { user }],
      ] as const)
        expect((await client.call(name, members)).status, `${name} ${user}`).toBe(403)
    expect((await client.call('access-key-delete', { id })).status).toBe(403)
    expect((await client.call('access-key-disable', { id })).status).toBe(403)
    const attach = { user: principal, name: 'more', language: 'rights', document }
    expect((await client.call('policy-attach', attach)).status).toBe(403)
    expect((await client.ok('session-show')).operator).toBe(false)
    await root.ok('policy-attach', attach)
    expect((await client.call('session-show')).status).toBe(401)
  })

  test('has a root that is not shut out, and a user that is, with its sessions', async () => {
    const { client, principal } = await userWith()
    expect((await root.call('user-change', { user: 'administrator', disabled: true })).status).toBe(409)
    expect((await root.ok('user-change', { user: principal, disabled: true })).disabled).toBe(true)
    expect((await client.call('session-show')).status).toBe(401)
    await root.ok('user-change', { user: principal, disabled: false })
    await root.ok('user-delete', { user: principal })
    expect((await root.call('user-show', { user: principal })).status).toBe(404)
  })

  test('is not changed by who looked at an older revision', async () => {
    const { principal: user } = await userWith()
    const { revision } = await root.ok('user-show', { user })
    const change = { user, disabled: true }
    expect(await root.call('user-change', change, { 'If-Match': `"${revision + 1}"` })).toMatchObject({
      status: 412,
      body: { type: 'preconditionFailed' },
    })
    expect((await root.ok('user-change', change, { 'If-Match': `"${revision}"` })).revision).toBe(revision + 1)
  })
})

describe('the admin socket', () => {
  test('lets its operator ask what is of the installation or of an account that is named, and no more', async () => {
    expect((await ask('user-list')).status).toBe(200)
    const others = names((one) => !isOperators(one) && one.name !== 'session-create')
    expect(others.length).toBeGreaterThan(2)
    for (const name of others) expect((await ask(name)).status, name).toBe(403)
    expect(names(isOfAccounts)).not.toContain('session-create')
  })

  test('knows who signed in, and gives them no more than the network does', async () => {
    const Authorization = `Bearer ${stranger.token}`
    expect((await ask('session-show', {}, { Authorization })).body.account.id).toBe(strangers)
    expect((await ask('status', {}, { Authorization })).status).toBe(403)
  })
})

test('an installation that is sealed says so over the network to everybody, and its socket goes on', async () => {
  const why = { reason: 'notServing', state: 'sealed', told: 'The root key is sealed.' } as const
  await turnedAway(keystead, why, async () => {
    for (const answer of [await root.call('key-list'), await post(keystead, 'session-create', {})]) {
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.body.type).not.toBe('internal')
    }
    expect(await root.call('key-list')).toMatchObject({ status: 503, body: { type: 'unavailable', detail: why.told } })
    expect((await ask('seal-status')).status).toBe(200)
    expect((await ask('user-list')).status).toBe(503)
  })
})

test('no path of a cloud is taken', () => {
  const paths = [...Object.values(huaweiVendor.actions), ...calls].map(({ path }) => path)
  expect(paths.length).toBeGreaterThan(90)
  expect(['/', ...paths].filter((path) => path.startsWith('/api') || path === '/openapi.json')).toEqual([])
})

test('what is done is recorded with who did it', async () => {
  await stranger.ok('user-create', { name: 'zoe' })
  expect(keystead.audit().at(-1)).toMatchObject({
    dialect: 'native',
    action: 'user-create',
    principal: strangers,
    account: strangers,
    outcome: 'success',
  })
})
