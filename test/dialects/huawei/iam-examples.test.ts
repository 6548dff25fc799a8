/** Every published example of the identity service, asked with our own ids, has the documented members and status. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from '../../harness/http.ts'
import { type HuaweiCallOptions, huaweiCall, signIn } from '../../harness/huawei.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import published from '../../vendor/huawei-iam.json' with { type: 'json' }

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const { examples } = published as unknown as {
  examples: Readonly<Record<string, { status: number; headers: readonly string[]; body: Members }>>
}

const nobody = { token: null }
const user = (password?: string): Members => {
  const { userName: name, domainName, password: own } = keystead.credentials.huawei
  return { domain: { name: domainName }, name, password: password ?? own }
}
const tokens = (password?: string): Members => ({
  auth: {
    identity: { methods: ['password'], password: { user: user(password) } },
    scope: { project: { name: keystead.credentials.huawei.region } },
  },
})
const userId = async () => (await huaweiCall(keystead, 'GET /v5/caller-identity')).members.principal_id

type Ask = () => Promise<{ call: string; members?: Members | string; options?: HuaweiCallOptions }>

/** How each is asked here. */
const asked: Readonly<Record<string, Ask>> = {
  'POST /v3/auth/tokens (password, project scope)': async () => ({
    call: 'POST /v3/auth/tokens',
    members: tokens(),
    options: nobody,
  }),
  'POST /v3/auth/tokens (wrong password)': async () => ({
    call: 'POST /v3/auth/tokens',
    members: tokens('wrong'),
    options: nobody,
  }),
  'POST /v3/auth/tokens (bad body)': async () => ({ call: 'POST /v3/auth/tokens', members: '{', options: nobody }),
  'GET /v3/projects?name=cn-north-4': async () => ({ call: 'GET /v3/projects?name=cn-north-4' }),
  'GET /v3/auth/domains': async () => ({ call: 'GET /v3/auth/domains' }),
  'GET /v3/auth/catalog': async () => ({ call: 'GET /v3/auth/catalog' }),
  'GET /v3/regions': async () => ({ call: 'GET /v3/regions' }),
  'POST /v3/projects': async () => ({
    call: 'POST /v3/projects',
    members: { project: { name: 'cn-north-4', domain_id: keystead.credentials.huawei.domainId } },
  }),
  'GET /v3': async () => ({ call: 'GET /v3', options: nobody }),
  'GET / on the IAM host': async () => ({
    call: 'GET /',
    options: { ...nobody, headers: { Host: 'iam.myhuaweicloud.com' } },
  }),
  'POST /v3.0/OS-CREDENTIAL/securitytokens': async () => ({
    call: 'POST /v3.0/OS-CREDENTIAL/securitytokens',
    members: { auth: { identity: { methods: ['token'], token: { duration_seconds: 900 } } } },
    options: { token: await signIn(keystead) },
  }),
  'POST /v3.0/OS-CREDENTIAL/credentials': async () => ({
    call: 'POST /v3.0/OS-CREDENTIAL/credentials',
    members: { credential: { description: 'IAMDescription', user_id: await userId() } },
  }),
}

const named = (value: string): unknown => expect.stringMatching(value === '' ? /^/ : /./)

/** The same members, all the way down, of the same types; of a list at least one entry like the published one. */
const alike = (value: unknown): unknown => {
  if (Array.isArray(value)) return expect.arrayContaining(value.map(alike))
  if (typeof value === 'string') return named(value)
  if (typeof value !== 'object' || value === null) return value
  return expect.objectContaining(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, alike(each)])))
}

describe('a published example', () => {
  it('is asked here, whichever there is', () => {
    expect(Object.keys(asked).sort()).toEqual(Object.keys(examples).sort())
  })

  it.each(Object.entries(examples))('%s', async (name, { status, headers, body }) => {
    const { call, members, options } = await (asked[name] as Ask)()
    const answered = await huaweiCall(keystead, call, members, options)
    expect([answered.status, answered.members]).toEqual([status, alike(body)])
    for (const header of headers) expect(answered.exchanged.headers).toHaveProperty(header.toLowerCase())
  })
})

describe('any body', () => {
  it('of a call is answered or refused, and is never a defect', async () => {
    const word = fc.constantFrom('password', 'token', 'assume_role', 'totp', '', 'x', 'keystead', 'administrator')
    const leaf = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null), fc.array(word, { maxLength: 2 }))
    const names = fc.constantFrom(
      'auth',
      'identity',
      'methods',
      'password',
      'token',
      'user',
      'scope',
      'id',
      'project',
      'credential',
      'domain',
      '__proto__',
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 6, withCrossShrink: true }, leaf, fc.dictionary(names, tie('tree'), { maxKeys: 4 })),
    }))
    const path = fc.constantFrom(
      '/v3/auth/tokens',
      '/v3.0/OS-CREDENTIAL/securitytokens',
      '/v3.0/OS-CREDENTIAL/credentials',
      '/v3/projects',
      '/v3.0/OS-AUTH/id-token/tokens',
    )
    const token = await signIn(keystead)
    await fc.assert(
      fc.asyncProperty(path, tree, fc.boolean(), async (at, value, signed) => {
        const { status } = await huaweiCall(keystead, `POST ${at}`, JSON.stringify(value) ?? '', {
          token: signed ? token : null,
        })
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 200 },
    )
  })

  it('that is larger than such a body can be is refused before it is read', async () => {
    const body = 'x'.repeat(70_000)
    const { status } = await exchange(keystead.endpoint, { path: '/v3/auth/tokens', body })
    expect(status).toBe(413)
  })
})

describe('passwords that are asked for all at once', () => {
  it('are checked as far as there are threads for it, and the others are told to come back', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async (_none, n) => {
        const who = { ...user(), name: `nobody ${n}` }
        const auth = { identity: { methods: ['password'], password: { user: who } } }
        return (await huaweiCall(keystead, 'POST /v3/auth/tokens', { auth }, nobody)).status
      }),
    )
    expect(new Set(statuses)).toEqual(new Set([401, 503]))
    expect((await huaweiCall(keystead, 'POST /v3/auth/tokens', tokens(), nobody)).status).toBe(201)
  })
})
