import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAccessKey, addPrincipal } from '../../harness/access.ts'
import { exchange } from '../../harness/http.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { clientOf, type NativeClient, post, signIn } from '../../harness/native.ts'

let keystead: TestKeystead
let root: NativeClient
const hourMs = 3_600_000

beforeAll(async () => {
  keystead = await startKeystead({ settings: { lockAccessKeys: true } })
  root = clientOf(keystead, await signIn(keystead))
})
afterAll(() => keystead.end())

const consoleHeaders = { 'X-Keystead-Console': '1', 'Sec-Fetch-Site': 'same-origin' }
const pair = () => ({
  accessKey: keystead.credentials.tencent.secretId,
  secretKey: keystead.credentials.tencent.secretKey,
})
const cookieOf = (headers: Readonly<Record<string, string | string[] | undefined>>): string =>
  String(headers['set-cookie']).split(';')[0] ?? ''

describe('signing in', () => {
  test('is with an access key of either cloud, or with a password, and tells who one is', async () => {
    const { huawei, tencent } = keystead.credentials
    for (const by of [
      pair(),
      { accessKey: huawei.accessKey, secretKey: huawei.secretKey },
      { user: huawei.userName, password: huawei.password },
      { account: tencent.uin, user: huawei.userName, password: huawei.password },
    ]) {
      const { status, body } = await post(keystead, 'session-create', by)
      expect(status).toBe(200)
      expect(body).toMatchObject({
        principal: { id: tencent.uin, name: 'administrator', root: true },
        account: { id: tencent.uin, name: 'keystead' },
        operator: true,
        region: 'guangzhou',
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      })
      const shown = await clientOf(keystead, body.token).ok('session-show')
      const { token: _token, ...rest } = body
      expect(shown).toEqual(rest)
    }
  })

  test('with what is wrong is one answer, whatever it is, and leaves nothing but a count in the record', async () => {
    const wrong = { accessKey: pair().accessKey, secretKey: 'no' }
    const before = keystead.audit().length
    for (const by of [
      wrong,
      { accessKey: 'AKIDnobodys', secretKey: 'no' },
      { user: 'administrator', password: 'no' },
      { user: 'nobody', password: 'no' },
    ])
      expect(await post(keystead, 'session-create', by)).toMatchObject({
        status: 401,
        body: { type: 'unauthenticated', detail: 'There is no such user, or the secret is wrong.' },
      })
    expect(keystead.audit().length).toBe(before)
  })

  test('locks an access key that failed five times in a row, where the installation asks for that', async () => {
    const key = await addAccessKey(keystead)
    for (let n = 0; n < 5; n++) await post(keystead, 'session-create', { accessKey: key.secretId, secretKey: 'no' })
    expect((await post(keystead, 'session-create', { accessKey: key.secretId, secretKey: key.secretKey })).status).toBe(
      429,
    )
  })

  test('takes no members that say two things, or nothing', async () => {
    for (const by of [
      {},
      { ...pair(), user: 'x' },
      { user: 'x' },
      { accessKey: 1, secretKey: 'a' },
      [],
      'null',
      '"a"',
      '{',
    ])
      expect((await post(keystead, 'session-create', by)).status).toBe(400)
  })
})

describe('a session', () => {
  test('ends after an hour, and can be renewed for twelve', async () => {
    let client = clientOf(keystead, await signIn(keystead))
    const begun = keystead.clock.now()
    keystead.clock.jump(hourMs + 1)
    expect((await client.call('session-show')).status).toBe(401)
    expect((await client.call('session-renew')).status).toBe(401)
    client = clientOf(keystead, await signIn(keystead))
    const signedInAt = keystead.clock.now()
    for (let n = 0; n < 12; n++) {
      keystead.clock.jump(hourMs - 60_000)
      client = clientOf(keystead, (await client.ok('session-renew')).token)
    }
    const { expiresAt, renewableUntil } = await client.ok('session-show')
    expect(Math.abs(Date.parse(renewableUntil) - signedInAt - 12 * hourMs)).toBeLessThan(10_000)
    expect(expiresAt).toBe(renewableUntil)
    keystead.clock.jump(begun - keystead.clock.now())
  })

  test('ends when its access key is disabled, all of them are ended, or its user is shut out', async () => {
    const principal = await addPrincipal(keystead, { external: {} })
    const take = async () => {
      const key = await addAccessKey(keystead, { principal })
      return { key, client: clientOf(keystead, await signIn(keystead, key)) }
    }
    const stands = async (client: NativeClient) => (await client.call('session-show')).status === 200
    const first = await take()
    const second = await take()
    expect([await stands(first.client), await stands(second.client)]).toEqual([true, true])
    await root.ok('access-key-disable', { id: first.key.secretId })
    expect([await stands(first.client), await stands(second.client)]).toEqual([false, true])
    await second.client.ok('session-end-all')
    expect(await stands(second.client)).toBe(false)
    const third = await take()
    await root.ok('user-change', { user: principal, disabled: true })
    expect(await stands(third.client)).toBe(false)
  })

  test('is not one of another dialect, nor the other way round', async () => {
    const { domainName: name, userName, password } = keystead.credentials.huawei
    const user = { name: userName, password, domain: { name } }
    const auth = { identity: { methods: ['password'], password: { user } }, scope: { domain: { name } } }
    const signed = await exchange(keystead.endpoint, { path: '/v3/auth/tokens', body: JSON.stringify({ auth }) })
    const theirs = String(signed.headers['x-subject-token'])
    expect([signed.status, theirs.length > 100]).toEqual([201, true])
    expect((await post(keystead, 'session-show', {}, { token: theirs })).status).toBe(401)
    const headers = { 'X-Auth-Token': root.token }
    expect((await exchange(keystead.endpoint, { method: 'GET', path: '/v3/projects', headers })).status).toBe(401)
    const { body } = await post(keystead, 'session-show', {}, { token: 'a.b' })
    expect(body).toMatchObject({ type: 'unauthenticated', status: 401, title: 'Nobody is signed in' })
    expect((await post(keystead, 'session-show')).status).toBe(401)
    expect((await post(keystead, 'session-show', {}, { headers: { Authorization: 'Basic eDp5' } })).status).toBe(401)
  })
})

describe('the cookie of a console', () => {
  const sign = (headers: Readonly<Record<string, string>> = consoleHeaders) =>
    post(keystead, 'session-create', { ...pair(), console: true }, { headers })

  test('is out of reach of scripts and other sites, and no token is in the answer', async () => {
    const { status, body, headers } = await sign()
    expect(status).toBe(200)
    expect(body.token).toBeUndefined()
    expect(String(headers['set-cookie'])).toMatch(
      /^keystead_session=[^;]+; Path=\/api; Max-Age=3600; HttpOnly; SameSite=Strict$/,
    )
    expect(headers['cache-control']).toBe('no-store')
  })

  test('is kept to TLS where a trusted proxy says that it speaks it, and nobody else', async () => {
    const headers = { ...consoleHeaders, 'X-Forwarded-Proto': 'https' }
    expect(String((await sign(headers)).headers['set-cookie'])).not.toContain('Secure')
    const proxied = await startKeystead({ settings: { trustedProxy: ['127.0.0.0/8'] } })
    const { secretId: accessKey, secretKey } = proxied.credentials.tencent
    const signed = await post(proxied, 'session-create', { accessKey, secretKey, console: true }, { headers })
    expect(String(signed.headers['set-cookie'])).toMatch(/; SameSite=Strict; Secure$/)
    await proxied.end()
  })

  test('opens nothing without the header that only a page of this server can send', async () => {
    const Cookie = cookieOf((await sign()).headers)
    expect((await post(keystead, 'session-show', {}, { headers: { Cookie, ...consoleHeaders } })).status).toBe(200)
    for (const headers of [
      { Cookie },
      { Cookie, 'X-Keystead-Console': '0' },
      { Cookie, ...consoleHeaders, 'Sec-Fetch-Site': 'cross-site' },
      { Cookie, ...consoleHeaders, 'Sec-Fetch-Site': 'same-site' },
    ])
      expect((await post(keystead, 'session-show', {}, { headers })).status).toBe(403)
  })

  test('is given to nobody whose page is of another site', async () => {
    for (const headers of [{}, { ...consoleHeaders, 'Sec-Fetch-Site': 'cross-site' }]) {
      const answer = await sign(headers)
      expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined])
    }
  })

  test('is renewed as a cookie, and taken away at the end', async () => {
    const Cookie = cookieOf((await sign()).headers)
    const renewed = await post(keystead, 'session-renew', {}, { headers: { Cookie, ...consoleHeaders } })
    expect([renewed.status, renewed.body.token]).toEqual([200, undefined])
    expect(cookieOf(renewed.headers)).toMatch(/^keystead_session=.+/)
    const ended = await post(keystead, 'session-end', {}, { headers: { Cookie, ...consoleHeaders } })
    expect(String(ended.headers['set-cookie'])).toMatch(/^keystead_session=; Path=\/api; Max-Age=0;/)
  })
})

test('what is no action, and what is no JSON, are problems', async () => {
  expect(await root.call('nothing')).toMatchObject({ status: 404, body: { type: 'notFound', title: 'Not found' } })
  expect(await root.call('session-show', '{')).toMatchObject({ status: 400, body: { member: 'body' } })
  expect(await root.call('session-show', { x: 1 })).toMatchObject({ status: 400, body: { member: 'x' } })
  expect((await root.call('session-show', {}, { 'If-Match': 'x' })).status).toBe(400)
  expect((await root.call('session-show', {}, { 'X-Keystead-Region': 'nowhere' })).status).toBe(400)
  expect((await root.ok('session-show', {}, { 'X-Keystead-Region': 'cn-east-3' })).region).toBe('shanghai')
})
