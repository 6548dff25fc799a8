import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAccessKey, addAccount, addPrincipal } from '../../harness/access.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { clientOf, type NativeClient, signIn } from '../../harness/native.ts'

let keystead: TestKeystead
let root: NativeClient

beforeAll(async () => {
  keystead = await startKeystead()
  root = clientOf(keystead, await signIn(keystead))
})
afterAll(() => keystead.end())

const cam = (effect: string, action: string, resource = '*') =>
  JSON.stringify({ version: '2.0', statement: [{ effect, action, resource }] })

describe('policies', () => {
  test('are simulated by the one that judges, and every statement that decides is named', async () => {
    const { id: key } = (await root.ok('key-create', { name: 'simulated' })).key
    await root.ok('user-create', { name: 'sim' })
    const simulate = (action: string, over: object = {}) =>
      root.ok('policy-simulate', { principal: 'sim', action, ...over })
    expect(await simulate('kms:Encrypt', { key })).toEqual({
      allowed: false,
      decidedBy: [{ rule: 'default', effect: 'deny' }],
      why: 'No statement allows it.',
    })
    await root.ok('policy-attach', {
      user: 'sim',
      name: 'one',
      language: 'tencent',
      document: cam('allow', 'kms:Encrypt'),
    })
    const allowed = { rule: 'statement', policy: 'one', language: 'tencent', statement: 0, effect: 'allow' }
    const why = 'Statement 1 of policy one allows it.'
    for (const [word, dialect] of [
      ['kms:Encrypt', 'tencent'],
      ['key:encrypt', 'native'],
    ] as const)
      expect(await simulate(word, { key, dialect })).toEqual({ allowed: true, decidedBy: [allowed], why })
    expect((await simulate('key:decrypt', { key, dialect: 'native' })).allowed).toBe(false)
    await root.ok('policy-attach', { user: 'sim', name: 'two', language: 'tencent', document: cam('deny', 'kms:*') })
    expect((await simulate('kms:Encrypt', { key })).decidedBy).toEqual([
      { rule: 'statement', policy: 'two', language: 'tencent', statement: 0, effect: 'deny' },
    ])
    expect(await root.ok('policy-simulate', { principal: 'administrator', action: 'kms:Encrypt' })).toMatchObject({
      allowed: true,
      decidedBy: [{ rule: 'root', effect: 'allow' }],
    })
    expect((await root.call('policy-simulate', { principal: 'sim', action: 'kms:Nothing' })).body.member).toBe('action')
    expect((await root.ok('policy-list', { user: 'sim' })).policies.map(({ name }: Members) => name)).toEqual([
      'one',
      'two',
    ])
    await root.ok('policy-detach', { user: 'sim', policy: 'two' })
    expect((await simulate('kms:Encrypt', { key })).allowed).toBe(true)
  })

  test('say what the simulator said they would', async () => {
    const { id: key } = (await root.ok('key-create', { name: 'said' })).key
    const resources = [{ kind: 'key', region: '*', creator: '*', id: key }]
    const policies = [{ statements: [{ effect: 'allow', rights: ['encrypt', 'describe'], resources }] }]
    const principal = await addPrincipal(keystead, { policies })
    const client = clientOf(keystead, await signIn(keystead, await addAccessKey(keystead, { principal })))
    const plaintext = Buffer.from('x').toString('base64')
    for (const [word, name, members] of [
      ['key:encrypt', 'encrypt', { key, plaintext }],
      ['key:show', 'key-show', { key }],
      ['key:suspend', 'key-suspend', { key }],
      ['key:rotate', 'key-rotate', { key }],
      ['key:uses', 'key-impact', { key }],
    ] as const) {
      const { allowed } = await root.ok('policy-simulate', { principal, action: word, dialect: 'native', key })
      expect((await client.call(name, members)).status === 200, word).toBe(allowed)
    }
  })

  test('are validated, and what is wrong is told with its place', async () => {
    const validate = (language: string, document: string) => root.ok('policy-validate', { language, document })
    expect(await validate('tencent', cam('allow', 'kms:Encrypt'))).toEqual({ valid: true, faults: [] })
    const wrong = await validate('tencent', cam('allow', 'kms:Encript'))
    expect(wrong).toMatchObject({ valid: false, faults: [{ message: expect.stringContaining('unknown action') }] })
    expect((await validate('rights', '{')).faults[0].message).toMatch(/JSON/)
    expect((await root.call('policy-validate', { language: 'x', document: '' })).status).toBe(400)
  })
})

describe('the record', () => {
  test('is told the newest first, page by page, without a gap or a repetition', async () => {
    const marker = `page-${Date.now()}`
    for (let n = 0; n < 7; n++) await root.call('user-show', { user: marker })
    const all = (await root.ok('audit-search', { action: 'user-show', limit: 200 })).entries
    expect(all.length).toBeGreaterThanOrEqual(7)
    const seen: Members[] = []
    for (let cursor: string | null = null; ; ) {
      const asked: object = { action: 'user-show', limit: 2, ...(cursor === null ? {} : { cursor }) }
      const page = await root.ok('audit-search', asked)
      seen.push(...page.entries)
      if (page.next === null) break
      cursor = page.next
    }
    expect(seen).toEqual(all)
    expect(all.map(({ at }: Members) => at)).toEqual(
      all
        .map(({ at }: Members) => at)
        .toSorted()
        .toReversed(),
    )
    expect(all[0]).toMatchObject({ type: 'entry', dialect: 'native', outcome: 'refused', action: 'user-show' })
  })

  test('is searched by what is in it', async () => {
    const { id: key } = (await root.ok('key-create', { name: 'searched' })).key
    await keystead.ok('DescribeKey', { KeyId: key })
    const found = async (asked: object) =>
      (await root.ok('audit-search', asked)).entries.map(({ action }: Members) => action)
    expect(await found({ key })).toEqual(['DescribeKey', 'key-create'])
    expect(await found({ key, dialect: 'tencent' })).toEqual(['DescribeKey'])
    expect(await found({ key, outcome: 'refused' })).toEqual([])
    expect(await found({ text: key, action: 'key-create' })).toEqual(['key-create'])
    expect(await found({ key, to: '2020-01-01T00:00:00Z' })).toEqual([])
    expect((await root.call('audit-search', { cursor: 'eA==' })).status).toBe(400)
  })

  test('is followed from one answer to the next', async () => {
    const first = await root.ok('audit-tail')
    expect(first.entries).toEqual([])
    await root.ok('random', { bytes: 1 })
    const second = await root.ok('audit-tail', { cursor: first.next, action: 'random' })
    expect(second.entries).toMatchObject([{ action: 'random' }])
    expect((await root.ok('audit-tail', { cursor: second.next, action: 'random' })).entries).toEqual([])
  })

  test('of an account is for whom that account lets, of all for who may operate', async () => {
    const other = await addAccount(keystead)
    const stranger = clientOf(keystead, await signIn(keystead, other))
    await stranger.ok('random', { bytes: 2 })
    const { entries } = await stranger.ok('audit-search')
    expect(new Set(entries.map(({ account }: Members) => account))).toEqual(new Set([other.uin]))
    expect((await stranger.call('audit-search', { account: '*' })).status).toBe(403)
    expect((await stranger.call('audit-search', { account: 'keystead' })).status).toBe(403)
    const everything = await root.ok('audit-search', { account: '*', limit: 200 })
    expect(new Set(everything.entries.map(({ account }: Members) => account)).size).toBeGreaterThan(1)
    const user = await addAccessKey(keystead, { principal: await addPrincipal(keystead) })
    expect((await clientOf(keystead, await signIn(keystead, user)).call('audit-search')).status).toBe(403)
  })
})

test('how the installation is, and what may be held, is told', async () => {
  expect(await root.ok('nodes')).toEqual({ nodes: expect.any(Array) })
  expect(await root.ok('canaries')).toMatchObject({ checked: 0, failed: [] })
  expect(await root.ok('limits')).toMatchObject({ keysMax: null, whiteBoxKeysMax: 50, keys: expect.any(Number) })
  const { points } = await root.ok('metrics-series', { minutes: 3 })
  expect(points).toHaveLength(3)
  const answered = points.reduce((sum: number, { requests }: Members) => sum + requests, 0)
  expect(answered).toBeGreaterThan(10)
  const busy = points.find(({ requests }: Members) => requests > 0)
  expect(busy.p50Ms).toBeGreaterThan(0)
  expect(busy.p99Ms).toBeGreaterThanOrEqual(busy.p50Ms)
  expect(busy.byDialect.native).toBeGreaterThan(0)
})
