import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../harness/huawei.ts'
import type { Members } from '../harness/keystead.ts'
import { credentialsOf } from '../server/child.ts'
import { newFolder } from '../server/folders.ts'
import { failed, policyFile, run, type Served, said, served, told } from './command.ts'

let server: Served
let data: string
beforeAll(async () => {
  server = await served()
  data = server.data
})
afterAll(() => server.stop())

const clock = { now: () => Date.now() }
/** What the harness needs of a server: this one runs in a process of its own. */
const there = () =>
  ({ endpoint: server.endpoint, credentials: credentialsOf(data), clock }) as Parameters<typeof huaweiOk>[0]

const signIn = async (name: string, password: string): Promise<[number, string | undefined]> => {
  const user = { name, password, domain: { name: 'keystead' } }
  const auth = { identity: { methods: ['password'], password: { user } } }
  const { status, exchanged } = await huaweiCall(there(), 'POST /v3/auth/tokens', { auth }, { token: null })
  return [status, exchanged.headers['x-subject-token'] as string | undefined]
}
const asks = async (token: string | undefined): Promise<number> =>
  (await huaweiCall(there(), 'GET /v3/projects', undefined, { token: token ?? '' })).status

describe('a user of Huawei Cloud', () => {
  it('is given a password by command, signs in by it, and is signed out when it changes', async () => {
    await said(data, 'user', 'create', 'dora')
    const { password } = await told(data, 'user', 'password', 'dora')
    expect(password).toMatch(/^[\w-]{24}$/)
    const [status, token] = await signIn('dora', password)
    expect([status, await asks(token)]).toEqual([201, 200])
    const file = join(newFolder(), 'password')
    writeFileSync(file, 'correct horse\nsecond line\n')
    expect(await said(data, 'user', 'password', 'dora', '--file', file)).toBe('dora has a new password\n')
    expect(await asks(token)).toBe(401)
    expect((await signIn('dora', password))[0]).toBe(401)
    expect((await signIn('dora', 'correct horse'))[0]).toBe(201)
    await said(data, 'user', 'password', 'dora', '--none')
    expect((await signIn('dora', 'correct horse'))[0]).toBe(401)
  })

  it('has no password that is too short, and a role has none', async () => {
    await said(data, 'user', 'create', 'ella')
    const file = join(newFolder(), 'password')
    writeFileSync(file, 'short')
    expect(await failed(data, 'user', 'password', 'ella', '--file', file)).toContain('at least 8 characters')
    expect(await failed(data, 'user', 'password', 'nobody')).toMatch(/no such user|not there|principal/i)
    expect((await run(data, 'user', 'password', 'ella', '--file', join(file, 'x'))).stderr).toContain('cannot be read')
  })

  it('is given an access key by command, and calls with it', async () => {
    await said(data, 'user', 'create', 'fred')
    const key = (await told(data, 'access-key', 'create', '--user', 'fred', '--dialect', 'huawei')) as Members & {
      accessKey: string
      secretKey: string
    }
    expect((await huaweiCall(there(), 'GET /v5/caller-identity', undefined, { key })).status).toBe(200)
  })

  it('is given the cloud’s own policies by their names, and documents in its language', async () => {
    await said(data, 'user', 'create', 'hugo')
    const key = (await told(data, 'access-key', 'create', '--user', 'hugo', '--dialect', 'huawei')) as never
    const status = async (call: string) =>
      (await huaweiCall(there(), call, call.endsWith('random') ? { random_data_length: '512' } : {}, { key })).status
    const attach = (...args: string[]) => [
      'policy',
      'attach',
      '--user',
      'hugo',
      '--name',
      'p',
      '--dialect',
      'huawei',
      ...args,
    ]
    expect(await status('POST kms/list-keys')).toBe(403)
    await said(data, ...attach('--preset', 'KMS CMKReadOnlyAccess'))
    expect([await status('POST kms/list-keys'), await status('POST kms/gen-random')]).toEqual([200, 403])
    await said(data, ...attach('--preset', 'KMS Administrator'))
    expect(await status('POST kms/gen-random')).toBe(200)
    const document = { Version: '5.0', Statement: [{ Effect: 'Allow', Action: ['kms:cmk:list'] }] }
    await said(data, ...attach('--file', policyFile(document)))
    expect([await status('POST kms/list-keys'), await status('POST kms/gen-random')]).toEqual([200, 403])
    expect(await failed(data, ...attach('--preset', 'KMS Wizard'))).toContain('is no policy of the cloud')
    expect(await failed(data, ...attach())).toBe('give either a --file or a --preset.')
    expect(await failed(data, ...attach('--file', policyFile({ Version: '5.0' })))).toContain('Statement is missing')
    const check = ['policy', 'check', '--user', 'hugo', '--dialect', 'huawei', '--action']
    expect(await said(data, ...check, 'kms:cmk:list')).toBe('allowed: statement 1 of policy p\n')
    expect(await said(data, ...check, 'kms:cmk:create')).toBe('denied: default\n')
  })

  it('takes a token and temporary keys of an agency that trusts its account, and nobody else does', async () => {
    await said(data, 'role', 'create', 'deploy', '--trust', 'keystead')
    const agency = { domain_name: 'keystead', agency_name: 'deploy' }
    const identity = { methods: ['assume_role'], assume_role: agency }
    const { exchanged, members } = await huaweiCall(there(), 'POST /v3/auth/tokens', { auth: { identity } })
    expect([exchanged.status, members.token.user.name]).toEqual([201, 'deploy'])
    const lives = Date.parse(members.token.expires_at) - Date.parse(members.token.issued_at)
    expect(lives).toBe(43_200_000)
    const token = String(exchanged.headers['x-subject-token'])
    const identified = await huaweiCall(there(), 'GET /v5/caller-identity', undefined, { token })
    expect(identified.members.principal_urn).toMatch(/:assumed-agency:deploy\/assume_role$/)
    const timed = { ...agency, duration_seconds: 900, session_user: { name: 'ci' } }
    const asked = { auth: { identity: { methods: ['assume_role'], assume_role: timed } } }
    const { credential } = await huaweiOk(there(), 'POST /v3.0/OS-CREDENTIAL/securitytokens', asked)
    const key = { accessKey: credential.access, secretKey: credential.secret }
    const by = { key, securityToken: credential.securitytoken }
    expect((await huaweiCall(there(), 'GET /v3/auth/domains', undefined, by)).status).toBe(200)
    const unknown = { methods: ['assume_role'], assume_role: { ...agency, agency_name: 'none' } }
    expect((await huaweiCall(there(), 'POST /v3/auth/tokens', { auth: { identity: unknown } })).status).toBe(403)
    await said(data, 'user', 'create', 'gina')
    const gina = await told(data, 'access-key', 'create', '--user', 'gina', '--dialect', 'huawei')
    const refused = await huaweiCall(there(), 'POST /v3/auth/tokens', { auth: { identity } }, { key: gina as never })
    expect(refused.status).toBe(403)
    await said(data, 'role', 'delete', 'deploy')
    expect(await asks(token)).toBe(401)
  })
})
