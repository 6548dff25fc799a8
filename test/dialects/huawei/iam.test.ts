import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultProject } from '../../../src/core/place.ts'
import { exchange } from '../../harness/http.ts'
import { type HuaweiAnswered, type HuaweiCallOptions, huaweiCall, huaweiOk, signIn } from '../../harness/huawei.ts'
import { sdkClient, sdkSend } from '../../harness/huawei-sdk.ts'
import { createKey } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { byToken, hourMs, may, newUser, refused, securityTokens } from './iam-ways.ts'

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
describe('the project of a region', () => {
  it('is one, called as the region, with the id that the account’s keys are in', async () => {
    const { huawei, tencent } = keystead.credentials
    const { projects, links } = await huaweiOk(keystead, `GET /v3/projects?name=${huawei.region}`)
    expect(projects).toHaveLength(1)
    const region = keystead.running.installation.house.regions.find(({ names }) => names.huawei === huawei.region)
    expect(projects[0].id).toBe(defaultProject(tencent.uin, region?.id ?? ''))
    expect(projects[0]).toEqual({
      id: huawei.projectId,
      name: huawei.region,
      domain_id: huawei.domainId,
      parent_id: huawei.domainId,
      is_domain: false,
      enabled: true,
      description: '',
      links: { self: `${keystead.endpoint}/v3/projects/${huawei.projectId}`, next: null, previous: null },
    })
    expect(links).toEqual({ self: `${keystead.endpoint}/v3/projects`, next: null, previous: null })
  })

  it('is found by any user, also with an empty object as the body of the GET', async () => {
    const { key } = await newUser(keystead)
    const { region } = keystead.credentials.huawei
    expect((await ask(`GET /v3/projects?name=${region}`, undefined, { key })).members.projects).toHaveLength(1)
    expect((await ask(`GET /v3/projects?name=${region}`, {}, { key })).status).toBe(200)
  })

  it.each([
    ['name=nowhere', 0],
    ['domain_id=other', 0],
    ['enabled=false', 0],
    ['is_domain=true', 0],
    ['page=1&per_page=2', 2],
  ])('is filtered by %s', async (query, count) => {
    expect((await huaweiOk(keystead, `GET /v3/projects?${query}`)).projects).toHaveLength(count)
  })

  it('is answered to whoever asks to create it, and no other is', async () => {
    const { region: name, domainId: domain_id, projectId } = keystead.credentials.huawei
    const made = await ask('POST /v3/projects', { project: { name, domain_id } })
    expect([made.status, made.members.project.id]).toEqual([201, projectId])
    refused(await ask('POST /v3/projects', { project: { name: 'nowhere', domain_id } }), 403, /not authorized/)
  })

  it('is found by the vendor’s SDK, which then calls KMS', async () => {
    // The SDK looks at the machine's clock for what it asks by itself.
    const other = await startKeystead()
    const client = sdkClient(other, { projectId: null })
    const id = await createKey(other)
    const { members, status } = await sdkSend(client, other, 'POST kms/describe-key', { key_id: id })
    expect([status, members.key_info?.key_id]).toEqual([200, id])
    const looked = other.audit().filter(({ action }) => action === 'KeystoneListProjects')
    expect(looked).toHaveLength(1)
    await other.end()
  })
})

describe('the other calls', () => {
  it('tell the account, the regions, the catalog, the projects of a token and the caller', async () => {
    const { huawei } = keystead.credentials
    const { domains } = await huaweiOk(keystead, 'GET /v3/auth/domains')
    expect(domains).toEqual([
      {
        id: huawei.domainId,
        name: huawei.domainName,
        description: '',
        enabled: true,
        links: { self: `${keystead.endpoint}/v3/domains/${huawei.domainId}` },
      },
    ])
    const { regions } = await huaweiOk(keystead, 'GET /v3/regions')
    expect(regions.map(({ id }: Members) => id)).toContain(huawei.region)
    for (const { type } of regions) expect(type).toBe('public')
    const { catalog } = await huaweiOk(keystead, 'GET /v3/auth/catalog')
    expect(catalog.map(({ type }: Members) => type)).toEqual(['kms', 'iam'])
    expect(catalog[0].endpoints).toHaveLength(regions.length)
    const inProject = await ask('GET /v3/auth/catalog', undefined, { headers: { 'X-Project-Id': huawei.projectId } })
    expect(inProject.members.catalog[0].endpoints).toHaveLength(1)
    expect((await huaweiOk(keystead, 'GET /v3/auth/projects')).projects).toHaveLength(regions.length)
    const identity = await huaweiOk(keystead, 'GET /v5/caller-identity')
    expect(identity).toMatchObject({
      account_id: huawei.domainId,
      principal_urn: `iam::${huawei.domainId}:user:administrator`,
    })
  })

  it('list users to the administrator, and to whom a policy lets', async () => {
    const { users } = await huaweiOk(keystead, 'GET /v3/users?name=administrator')
    expect(users).toEqual([expect.objectContaining({ name: 'administrator', enabled: true })])
    const { key } = await newUser(keystead)
    refused(await ask('GET /v3/users', undefined, { key }), 403, /not authorized/)
    const reader = await newUser(keystead, [may('allow', 'listPrincipals')])
    expect((await ask('GET /v3/users', undefined, { key: reader.key })).members.users.length).toBeGreaterThan(2)
  })

  it('of the versions answer anybody, each service under its own host', async () => {
    const get = async (path: string, host: string) => {
      const { status, body } = await exchange(keystead.endpoint, { method: 'GET', path, headers: { Host: host } })
      return [status, JSON.parse(body)]
    }
    const [kmsStatus, kms] = await get('/', 'kms.keystead.test')
    expect([kmsStatus, kms.versions[0].id]).toEqual([200, 'v1.0'])
    expect(kms.versions[0].links).toEqual([{ href: 'http://kms.keystead.test/v1.0', rel: 'self' }])
    expect((await get('/v1.0', 'kms.keystead.test'))[1].version).toEqual(kms.versions[0])
    expect(await get('/v1.9', 'kms.keystead.test')).toMatchObject([400, { error_code: 'KMS.0201' }])
    const [iamStatus, iam] = await get('/', 'iam.keystead.test:443')
    expect([iamStatus, iam.versions.values[0].id]).toEqual([300, 'v3.6'])
    expect((await get('/v3', 'iam.keystead.test'))[1].version.links).toEqual([
      { rel: 'self', href: 'http://iam.keystead.test/v3/' },
    ])
    const before = keystead.audit().length
    await get('/v3/', 'kms.keystead.test')
    expect(keystead.audit()).toHaveLength(before)
  })

  it('say that no identity provider is configured, and what is no call', async () => {
    const asked = { auth: { id_token: { id: 'x' } } }
    const answered = await ask('POST /v3.0/OS-AUTH/id-token/tokens', asked, {
      ...nobody,
      headers: { 'X-Idp-Id': 'okta' },
    })
    refused(answered, 400, /^No identity provider is configured$/)
    const node = 'POST /v3/OS-FEDERATION/identity_providers/okta/protocols/oidc/auth'
    refused(await ask(node, {}, { ...nobody, headers: { Authorization: 'Bearer x' } }), 400, /identity provider/)
    refused(await ask('GET /v3/nothing'), 404, /could not be found/)
    expect((await ask('PUT /v3/projects', {})).status).toBe(405)
    refused(await ask('GET /v3/projects', undefined, nobody), 401, /x-auth-token not found$/)
    refused(
      await ask('GET /v3/projects', undefined, { key: { accessKey: 'NONE', secretKey: 'x' } }),
      401,
      /ak not exist$/,
    )
  })
})

describe('temporary access keys', () => {
  const use = async ({ access, secret, securitytoken }: Members) =>
    (await describeKey({ key: { accessKey: access, secretKey: secret }, securityToken: securitytoken })).status

  it('are made of a signature or a token, for as long as is asked, and need their security token', async () => {
    const { credential } = await huaweiOk(keystead, securityTokens, byToken({ duration_seconds: 1800 }))
    expect(Date.parse(credential.expires_at) - keystead.clock.now()).toBeLessThanOrEqual(1_800_000)
    expect(await use(credential)).toBe(200)
    const key = { accessKey: credential.access, secretKey: credential.secret }
    expect((await describeKey({ key })).status).toBe(401)
    expect((await describeKey({ securityToken: credential.securitytoken })).status).toBe(401)
    keystead.clock.pass(1_800_001)
    expect(await use(credential)).toBe(401)
    const token = await signIn(keystead)
    expect(await use((await ask(securityTokens, byToken({}), { token })).members.credential)).toBe(200)
    for (const duration_seconds of [899, 86_401])
      refused(await ask(securityTokens, byToken({ duration_seconds })), 400, /duration_seconds/)
  })

  it('live no longer than the token that they are made of', async () => {
    const token = await signIn(keystead)
    keystead.clock.pass(23.5 * hourMs)
    const { credential } = (await ask(securityTokens, byToken({ duration_seconds: 7200 }), { token })).members
    expect(Date.parse(credential.expires_at) - keystead.clock.now()).toBeLessThanOrEqual(hourMs / 2)
  })

  it('of the vendor’s SDK sign with the security token', async () => {
    const { credential } = await huaweiOk(keystead, securityTokens, byToken({}))
    const key = { accessKey: credential.access, secretKey: credential.secret }
    const client = sdkClient(keystead, { key, securityToken: credential.securitytoken })
    const id = await createKey(keystead)
    expect((await sdkSend(client, keystead, 'POST kms/describe-key', { key_id: id })).status).toBe(200)
  })
})

describe('permanent access keys', () => {
  const path = '/v3.0/OS-CREDENTIAL/credentials'
  const userIdOf = async (key: HuaweiCallOptions['key']) =>
    (await ask('GET /v5/caller-identity', undefined, key ? { key } : {})).members.principal_id
  const make = async (key: HuaweiCallOptions['key'], of?: string) =>
    ask(
      `POST ${path}`,
      { credential: { user_id: of ?? (await userIdOf(key)), description: 'mine' } },
      key ? { key } : {},
    )

  it('are made, listed, read, taken out of use and deleted by the user whose they are', async () => {
    const { key } = await newUser(keystead)
    const made = await make(key)
    expect(made.status).toBe(201)
    const { access, secret, ...record } = made.members.credential
    const user_id = await userIdOf(key)
    expect(record).toMatchObject({ user_id, description: 'mine', status: 'active' })
    const listed = (await ask(`GET ${path}`, undefined, { key })).members.credentials
    expect(listed.map((one: Members) => one.access)).toEqual(expect.arrayContaining([key.accessKey, access]))
    expect((await ask(`GET ${path}/${access}`, undefined, { key })).members.credential).toEqual({ access, ...record })
    const mine = { key: { accessKey: access, secretKey: secret } }
    expect((await ask('GET /v3/auth/domains', undefined, mine)).status).toBe(200)
    const put = (credential: Members) => ask(`PUT ${path}/${access}`, { credential }, { key })
    expect((await put({ status: 'inactive' })).members.credential).toMatchObject({
      status: 'inactive',
      description: 'mine',
    })
    expect((await ask('GET /v3/auth/domains', undefined, mine)).status).toBe(401)
    expect((await put({ status: 'active', description: 'new' })).members.credential).toMatchObject({
      description: 'new',
    })
    expect((await ask('GET /v3/auth/domains', undefined, mine)).status).toBe(200)
    const deleted = await ask(`DELETE ${path}/${access}`, undefined, { key })
    expect([deleted.status, deleted.exchanged.body]).toEqual([204, ''])
    refused(await ask(`GET ${path}/${access}`, undefined, { key }), 404, /could not be found/)
  })

  it('of others are for the administrator, and a deny takes away one’s own', async () => {
    const [one, other] = [await newUser(keystead), await newUser(keystead)]
    refused(await ask(`GET ${path}/${other.key.accessKey}`, undefined, { key: one.key }), 403, /not authorized/)
    refused(await ask(`DELETE ${path}/${other.key.accessKey}`, undefined, { key: one.key }), 403, /not authorized/)
    expect((await ask(`GET ${path}/${other.key.accessKey}`)).status).toBe(200)
    const denied = await newUser(keystead, [may('deny', 'createCredential')])
    refused(await make(denied.key), 403, /not authorized/)
    refused(await make(one.key, 'f'.repeat(32)), 404, /could not be found/)
  })

  it('are made for another user of the account by the administrator alone', async () => {
    await keystead.running.installation.house.store.reader.holder({
      account: '',
      region: '',
      kind: 'account',
      name: '',
    })
    const root = (await ask('GET /v3/users?name=administrator')).members.users[0].id
    const { key } = await newUser(keystead)
    refused(await make(key, root), 403, /not authorized/)
    expect((await make(undefined, root)).status).toBe(201)
  })
})
