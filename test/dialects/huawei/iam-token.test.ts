import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { administer } from '../../../src/cli/admin.ts'
import { addAccount } from '../../harness/access.ts'
import { type HuaweiAnswered, type HuaweiCallOptions, huaweiCall, huaweiOk, signIn } from '../../harness/huawei.ts'
import { createKey } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { byToken, hourMs, newUser, refused, securityTokens } from './iam-ways.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const ask = (call: string, members?: Members | string, options?: HuaweiCallOptions) =>
  huaweiCall(keystead, call, members, options)
const describeKey = async (options: HuaweiCallOptions): Promise<HuaweiAnswered> =>
  ask('POST kms/describe-key', { key_id: await createKey(keystead) }, options)

const nobody = { token: null }
const passwordOf = (user: Members, scope?: Members) => ({
  auth: { identity: { methods: ['password'], password: { user } }, ...(scope ? { scope } : {}) },
})
const administrator = () => {
  const { userName: name, password, domainName } = keystead.credentials.huawei
  return { name, password, domain: { name: domainName } }
}
const project = () => ({ project: { name: keystead.credentials.huawei.region } })
const requestToken = (user: Members, scope?: Members, query = '') =>
  ask(`POST /v3/auth/tokens${query}`, passwordOf(user, scope), nobody)

describe('a password', () => {
  it('of the first administrator gives a token for one project, in the documented form', async () => {
    const { status, members, exchanged } = await requestToken(administrator(), project())
    const { huawei } = keystead.credentials
    expect(status).toBe(201)
    expect(exchanged.headers['x-subject-token']).toMatch(/^[\w.-]{100,4096}$/)
    const domain = { id: huawei.domainId, name: huawei.domainName }
    const { token } = members
    expect(token.project).toEqual({ id: huawei.projectId, name: huawei.region, domain })
    expect(token.user).toEqual({ id: expect.any(String), name: huawei.userName, domain, password_expires_at: '' })
    expect([token.methods, token.roles, token.domain]).toEqual([
      ['password'],
      [{ id: '0', name: 'te_admin' }],
      undefined,
    ])
    expect(token.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    expect(Date.parse(token.expires_at) - Date.parse(token.issued_at)).toBe(24 * hourMs)
    const [kms] = token.catalog
    expect(kms).toMatchObject({ type: 'kms', name: 'kms' })
    const { region } = huawei
    const url = `${keystead.endpoint}/v1.0`
    expect(kms.endpoints).toEqual([{ id: expect.any(String), interface: 'public', region, region_id: region, url }])
    expect(exchanged.body).not.toContain(huawei.password)
  })

  it('is taken by user id, for a project by id, for the account by name, and without a catalog', async () => {
    const { domainId, domainName, password, projectId } = keystead.credentials.huawei
    const { id } = (await requestToken(administrator())).members.token.user
    const byId = await requestToken({ id, password }, { project: { id: projectId, domain: { id: domainId } } })
    expect(byId.members.token.project.id).toBe(projectId)
    const ofAccount = await requestToken({ id, password }, { domain: { name: domainName } }, '?nocatalog=true')
    expect(ofAccount.members.token).toMatchObject({ domain: { id: domainId, name: domainName }, catalog: [] })
    const both = await requestToken({ id, password }, { ...project(), domain: { id: domainId } })
    expect(both.members.token.project.id).toBe(projectId)
  })

  it('that is wrong, of an unknown user, of a user without one, in another account: all are told the same', async () => {
    const { principal } = await newUser(keystead)
    for (const user of [
      { ...administrator(), password: 'wrong' },
      { ...administrator(), name: 'nobody' },
      { ...administrator(), domain: { name: 'nowhere' } },
      { id: 'f'.repeat(32), password: 'x' },
      { id: principal, password: 'x' },
      { name: 'administrator', password: 'x' },
    ])
      refused(await requestToken(user), 401, /^The username or password is wrong\.$/)
  })

  it('takes the same time for a user who is not there', async () => {
    const timed = async (user: Members) => {
      const started = performance.now()
      await requestToken(user)
      return performance.now() - started
    }
    const [known, unknown] = [
      await timed({ ...administrator(), password: 'a' }),
      await timed({ id: 'e'.repeat(32), password: 'a' }),
    ]
    expect(unknown).toBeGreaterThan(known / 3)
  })

  it('gives no token for a project or an account that is not the user’s', async () => {
    for (const scope of [
      { project: { name: 'nowhere' } },
      { project: { id: 'f'.repeat(32) } },
      { project: { name: keystead.credentials.huawei.region, domain: { name: 'other' } } },
      { project: {} },
      { domain: { name: 'other' } },
    ])
      refused(await requestToken(administrator(), scope), 401, /scope/)
  })

  it('with a second factor, of no method, or in a body that is no request, is refused', async () => {
    const token = (members: Members | string) => ask('POST /v3/auth/tokens', members, nobody)
    const { auth } = passwordOf(administrator())
    const methods = ['password', 'totp']
    refused(await token({ auth: { identity: { ...auth.identity, methods } } }), 400, /Multi-factor/)
    for (const body of ['{', '[]', '{}', '{"auth":null}', '{"auth":{"identity":{"methods":["magic"]}}}'])
      refused(await token(body), 400, /^The request body is invalid/)
    refused(await token({ auth: { ...auth, colour: 'red' } }), 400, /colour/)
    refused(await token(passwordOf({ ...administrator(), password: 7 })), 400, /^The request body is invalid/)
  })

  it('that fails again and again is answered later and later', async () => {
    const user = { ...administrator(), name: 'slowed', password: 'x' }
    const timed = async () => {
      const started = performance.now()
      await requestToken(user)
      return performance.now() - started
    }
    for (let n = 0; n < 5; n++) await timed()
    expect(await timed()).toBeGreaterThan(400)
  })
})

describe('a token', () => {
  it('authenticates every call of its project, of KMS and of the identity service', async () => {
    const token = await signIn(keystead, project())
    expect((await describeKey({ token })).status).toBe(200)
    expect((await ask('GET /v3/auth/domains', undefined, { token })).status).toBe(200)
    expect(keystead.audit().at(-1)).toMatchObject({
      dialect: 'huawei',
      action: 'KeystoneListAuthDomains',
      outcome: 'success',
    })
  })

  it('reads large bodies, as an access key does', async () => {
    const token = await signIn(keystead, project())
    const body = { key_id: await createKey(keystead), filler: 'x'.repeat(100_000) }
    expect((await ask('POST kms/describe-key', body, { token })).code).toBe('KMS.0308')
    expect((await ask('POST kms/describe-key', body, { token: 'x' })).code).toBe('APIGW.0301')
  })

  it('of one project is refused for another with KMS.0321, and of an account for KMS at all with KMS.0305', async () => {
    const token = await signIn(keystead, project())
    const other = (await huaweiOk(keystead, 'GET /v3/projects')).projects.find(
      ({ id }: Members) => id !== keystead.credentials.huawei.projectId,
    )
    expect((await describeKey({ token, project: other.id })).code).toBe('KMS.0321')
    expect((await describeKey({ project: other.id })).code).toBe('KMS.0207')
    expect((await describeKey({ token: await signIn(keystead) })).code).toBe('KMS.0305')
  })

  it('that is empty, unknown, damaged or expired is refused, and says whether a new one helps', async () => {
    const text = async (token: string) => {
      const { status, members } = await describeKey({ token })
      return [status, members.error_code, members.error_msg]
    }
    const token = await signIn(keystead, project())
    const begins = 'Incorrect IAM authentication information: '
    expect((await text('')).slice(0, 2)).toEqual([403, 'KMS.0301'])
    for (const wrong of [
      'x',
      'a.b',
      `${token}A`,
      token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      token.slice(0, -8),
    ])
      expect(await text(wrong), wrong).toEqual([401, 'APIGW.0301', `${begins}decrypt token fail`])
    keystead.clock.pass(23 * hourMs)
    expect((await text(token))[0]).toBe(200)
    keystead.clock.pass(hourMs)
    expect(await text(token)).toEqual([401, 'APIGW.0301', `${begins}The token must be updated`])
    refused(await ask('GET /v3/projects', undefined, { token }), 401, /The token must be updated$/)
  })

  it('is exchanged for one of another project, which ends with it', async () => {
    const token = await signIn(keystead)
    keystead.clock.pass(hourMs)
    const asked = { auth: { identity: { methods: ['token'], token: { id: token } }, scope: project() } }
    const { members, exchanged } = await ask('POST /v3/auth/tokens', asked, nobody)
    expect(members.token.methods).toEqual(['token'])
    const first = (await validate(token, token)).members.token
    expect(members.token.expires_at).toBe(first.expires_at)
    const second = String(exchanged.headers['x-subject-token'])
    expect((await describeKey({ token: second })).status).toBe(200)
  })

  it('is not the token of temporary access keys, nor the other way round', async () => {
    const { credential } = await huaweiOk(keystead, securityTokens, byToken({}))
    refused(await ask('GET /v3/projects', undefined, { token: credential.securitytoken }), 401, /decrypt token fail$/)
    const bearer = await signIn(keystead, project())
    const key = { accessKey: credential.access, secretKey: '' }
    expect((await describeKey({ key, securityToken: bearer })).status).toBe(401)
  })

  const validate = (token: string, subject: string) =>
    ask('GET /v3/auth/tokens', undefined, { token, headers: { 'X-Subject-Token': subject } })

  it('ends when what it rests on changes: its access key, or what its user may do', async () => {
    const asked = { auth: { identity: { methods: ['token'] }, scope: project() } }
    const { principal, key } = await newUser(keystead)
    const take = async () =>
      String((await ask('POST /v3/auth/tokens', asked, { key })).exchanged.headers['x-subject-token'])
    const status = async (token: string) => (await ask('GET /v3/auth/domains', undefined, { token })).status
    const first = await take()
    expect(await status(first)).toBe(200)
    const document = JSON.stringify({ Version: '5.0', Statement: [{ Effect: 'Allow', Action: 'kms:*' }] })
    await administer(keystead.folder, 'policy-attach', { user: principal, name: 'p', language: 'huawei', document })
    expect(await status(first)).toBe(401)
    const second = await take()
    expect(await status(second)).toBe(200)
    await administer(keystead.folder, 'access-key-disable', { id: key.accessKey })
    expect(await status(second)).toBe(401)
  })

  it('is told of to whose it is and to the administrator, and to nobody else', async () => {
    const { key } = await newUser(keystead)
    const own = await ask(
      'POST /v3/auth/tokens',
      { auth: { identity: { methods: ['token'] }, scope: project() } },
      { key },
    )
    expect(own.status).toBe(201)
    const ofUser = String(own.exchanged.headers['x-subject-token'])
    const ofRoot = await signIn(keystead, project())
    const told = await validate(ofRoot, ofUser)
    expect([told.status, told.exchanged.headers['x-subject-token']]).toEqual([200, ofUser])
    expect(told.members.token).toEqual(own.members.token)
    expect((await validate(ofUser, ofUser)).status).toBe(200)
    refused(await validate(ofUser, ofRoot), 404, /could not be found/)
    refused(await validate(ofRoot, 'unknown'), 404, /could not be found/)
  })
})

it('an agency of another account is not there for whom it does not trust, whatever else is wrong with the request', async () => {
  await administer(keystead.folder, 'role-create', { name: 'hidden', trusts: ['keystead'] })
  const { huawei: key } = await addAccount(keystead)
  const assuming = (agency_name: string, rest: Members = {}) => ({
    methods: ['assume_role'],
    assume_role: { domain_name: 'keystead', agency_name },
    ...rest,
  })
  const told = async (call: string, auth: Members) => {
    const { status, members } = await ask(call, { auth }, { key })
    return [status, members.error.message]
  }
  const scope = { project: { name: 'nowhere' } }
  const policy = { Version: '7' }
  for (const name of ['hidden', 'none']) {
    const token = await told('POST /v3/auth/tokens', { identity: assuming(name), scope })
    const keys = await told(securityTokens, { identity: assuming(name, { policy }) })
    expect([name, token, keys[0]]).toEqual([name, [403, expect.stringMatching('not authorized')], 400])
  }
  const auth = { identity: assuming('hidden'), scope }
  expect((await ask('POST /v3/auth/tokens', { auth })).status).toBe(401)
})
