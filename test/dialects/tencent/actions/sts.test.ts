/** Temporary keys over HTTP: what they may do, how they end, and that nothing makes more of them than was given. */
import { kms, sts } from 'tencentcloud-sdk-nodejs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { administer } from '../../../../src/cli/admin.ts'
import { createKey, newAlias } from '../../../harness/keys.ts'
import {
  type AccessKey,
  type CallOptions,
  type Members,
  startKeystead,
  type TestKeystead,
} from '../../../harness/keystead.ts'

let keystead: TestKeystead
let KeyId: string
let uin: string
beforeAll(async () => {
  keystead = await startKeystead()
  KeyId = await createKey(keystead)
  uin = keystead.credentials.tencent.uin
})
afterAll(() => keystead.end())

const native = (action: string, members: Members) => administer(keystead.folder, action, members)
const service = { service: 'sts' } as const

/** An access key, or a temporary one with its token. */
interface Keys {
  readonly key: AccessKey
  readonly headers?: Readonly<Record<string, string | undefined>>
}

const asked = (action: string, members: Members, keys?: Keys, options: CallOptions = {}) =>
  keystead.call(action, members, { ...keys, ...options })
const askedSts = (action: string, members: Members, keys?: Keys) => asked(action, members, keys, service)

const keysOf = ({ Credentials: { Token, TmpSecretId, TmpSecretKey } }: Members): Keys => ({
  key: { secretId: TmpSecretId, secretKey: TmpSecretKey },
  headers: { 'X-TC-Token': Token },
})

const encrypt = async (keys: Keys) => (await asked('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' }, keys)).code
const describeKey = async (keys: Keys) => (await asked('DescribeKey', { KeyId }, keys)).code

const policy = (effect: string, action: string | readonly string[], resource: string | readonly string[] = '*') =>
  JSON.stringify({ version: '2.0', statement: [{ effect, action, resource }] })

const attach = (who: Members, name: string, document: string) => native('policy-attach', { ...who, name, document })

let made = 0
const newUser = async (account?: string): Promise<{ user: string; keys: Keys }> => {
  const user = `user-${++made}`
  const inAccount = account === undefined ? {} : { account }
  await native('user-create', { name: user, ...inAccount })
  const { id, secret } = await native('access-key-create', { user, dialect: 'tencent', ...inAccount })
  return { user, keys: { key: { secretId: String(id), secretKey: String(secret) } } }
}

const newRole = async (trusts: readonly string[], allowed = policy('allow', 'kms:Encrypt'), more: Members = {}) => {
  const name = `role-${++made}`
  const { id } = await native('role-create', { name, trusts, ...more })
  await attach({ role: name }, 'use', allowed)
  return { name, id: String(id), arn: `qcs::cam::uin/${uin}:roleName/${name}` }
}

const assume = async (RoleArn: string, keys?: Keys, members: Members = {}) =>
  askedSts('AssumeRole', { RoleArn, RoleSessionName: 'tests', ...members }, keys)

const assumed = async (RoleArn: string, keys?: Keys, members: Members = {}): Promise<Keys> => {
  const { response, code } = await assume(RoleArn, keys, members)
  expect(code).toBeUndefined()
  return keysOf(response)
}

describe('AssumeRole', () => {
  test('gives keys that may do what the role may, and nothing else, until they end', async () => {
    const role = await newRole(['keystead'])
    const { response } = await assume(role.arn, undefined, { DurationSeconds: 3600 })
    const now = Math.floor(keystead.clock.now() / 1000)
    expect(response.ExpiredTime - now).toBeGreaterThan(3590)
    expect(Date.parse(response.Expiration) / 1000).toBe(response.ExpiredTime)
    expect(response.Credentials.Token.length).toBeLessThanOrEqual(4096)
    const keys = keysOf(response)
    expect(await encrypt(keys)).toBeUndefined()
    expect(await describeKey(keys)).toBe('UnauthorizedOperation')
    keystead.clock.pass(3_601_000)
    expect(await encrypt(keys)).toBe('AuthFailure.TokenFailure')
  })

  test('takes the role by its name, its whole name, or its id', async () => {
    const role = await newRole(['keystead'])
    for (const arn of [role.name, role.arn, `qcs::cam::uin/${uin}:role/${role.id}`])
      expect(await encrypt(await assumed(arn))).toBeUndefined()
  })

  test('is what a policy of the caller must allow, for this role', async () => {
    const { user, keys } = await newUser()
    const [one, other] = [await newRole(['keystead']), await newRole(['keystead'])]
    expect((await assume(one.arn, keys)).code).toBe('UnauthorizedOperation')
    await attach({ user }, 'assume', policy('allow', 'sts:AssumeRole', `qcs::cam::uin/${uin}:roleName/${one.name}`))
    expect(await encrypt(await assumed(one.arn, keys))).toBeUndefined()
    expect((await assume(other.arn, keys)).code).toBe('UnauthorizedOperation')
  })

  test('is refused to whom the role does not trust, whatever a policy says', async () => {
    const [trusted, stranger] = [await newUser(), await newUser()]
    for (const { user } of [trusted, stranger]) await attach({ user }, 'all', policy('allow', '*'))
    const role = await newRole([`keystead/${trusted.user}`])
    expect(await encrypt(await assumed(role.arn, trusted.keys))).toBeUndefined()
    expect((await assume(role.arn, stranger.keys)).code).toBe('UnauthorizedOperation')
  })

  test('crosses accounts where the role trusts the other account and names what it may', async () => {
    const account = `other-${++made}`
    await native('account-create', { name: account })
    const { user, keys } = await newUser(account)
    const role = await newRole([account])
    await attach({ user, account }, 'all', policy('allow', '*'))
    expect((await assume(role.arn, keys)).code).toBe('UnauthorizedOperation')
    await attach({ user, account }, 'role', policy('allow', 'sts:AssumeRole', role.arn))
    const session = await assumed(role.arn, keys)
    expect(await encrypt(session)).toBeUndefined()
    expect(await encrypt(keys)).toBe('ResourceUnavailable.CmkNotFound')
  })

  test('asks for what the role asks beside', async () => {
    const role = await newRole(['keystead'], policy('allow', 'kms:Encrypt'), { externalId: 'a-secret-word' })
    expect((await assume(role.arn)).code).toBe('UnauthorizedOperation')
    expect((await assume(role.arn, undefined, { ExternalId: 'another' })).code).toBe('UnauthorizedOperation')
    expect(await encrypt(await assumed(role.arn, undefined, { ExternalId: 'a-secret-word' }))).toBeUndefined()
  })

  test('narrows a session by a policy: it may do what both allow', async () => {
    const role = await newRole(['keystead'], policy('allow', ['kms:Encrypt', 'kms:DescribeKey']))
    const narrow = encodeURIComponent(policy('allow', ['kms:DescribeKey', 'kms:DisableKey']))
    const keys = await assumed(role.arn, undefined, { Policy: narrow })
    expect(await describeKey(keys)).toBeUndefined()
    expect(await encrypt(keys)).toBe('UnauthorizedOperation')
    expect((await asked('DisableKey', { KeyId }, keys)).code).toBe('UnauthorizedOperation')
  })

  test.each([
    ['a role that is not there', { RoleArn: 'nobody' }, 'ResourceNotFound.RoleNotFound'],
    ['a user instead of a role', { RoleArn: 'administrator' }, 'ResourceNotFound.RoleNotFound'],
    ['a name that is none', { RoleArn: 'qcs::cam::uin/x:roleName/y' }, 'InvalidParameter.ResouceError'],
    ['a session name that is too short', { RoleSessionName: 'x' }, 'InvalidParameter.ParamError'],
    ['too long a life', { DurationSeconds: 43_201 }, 'InvalidParameter.OverTimeError'],
    ['a policy that is none', { Policy: '%7B' }, 'InvalidParameter.StrategyFormatError'],
    ['a policy that is not encoded', { Policy: '%' }, 'InvalidParameter.StrategyFormatError'],
    ['too long a policy', { Policy: `{${' '.repeat(2048)}}` }, 'InvalidParameter.ExtendStrategyOverSize'],
    ['a code of a second factor', { TokenCode: '123456' }, 'InvalidParameter.TempCodeNotAvaliable'],
    ['session tags', { Tags: [] }, 'UnknownParameter'],
  ])('is refused for %s', async (_name, members, code) => {
    const role = await newRole(['keystead'])
    expect((await assume(role.arn, undefined, members)).code).toBe(code)
  })

  test('gives no longer a life than the role lets', async () => {
    const role = await newRole(['keystead'], undefined, { sessionSecondsMax: 900 })
    expect((await assume(role.arn)).code).toBe('InvalidParameter.OverTimeError')
    expect((await assume(role.arn, undefined, { DurationSeconds: 900 })).code).toBeUndefined()
  })

  test('makes keys by which the session is known as their creator', async () => {
    const role = await newRole(['keystead'], policy('allow', ['kms:CreateKey', 'kms:DescribeKey']))
    const keys = await assumed(role.arn)
    const created = (await asked('CreateKey', { Alias: newAlias() }, keys)).response
    const { response } = await asked('DescribeKey', { KeyId: created.KeyId }, keys)
    expect(response.KeyMetadata.CreatorUinString).toBe(role.id)
    const recorded = keystead.audit().find(({ request }) => request === created.RequestId)
    expect(recorded).toMatchObject({ principal: role.id, credential: keys.key.secretId })
  })
})

describe('a session ends', () => {
  const ended = async (end: (role: { name: string }, user: string, keys: Keys) => Promise<unknown>) => {
    const { user, keys } = await newUser()
    const role = await newRole(['keystead'])
    await attach({ user }, 'assume', policy('allow', 'sts:AssumeRole', `qcs::cam::uin/${uin}:roleName/${role.name}`))
    const session = await assumed(role.arn, keys)
    expect(await encrypt(session)).toBeUndefined()
    await end(role, user, keys)
    return encrypt(session)
  }

  test.each<[string, Parameters<typeof ended>[0]]>([
    ['when its role is given a policy', ({ name }) => attach({ role: name }, 'more', policy('allow', 'kms:Decrypt'))],
    ['when its role loses a policy', ({ name }) => native('policy-detach', { role: name, policy: 'use' })],
    ['when its role is deleted', ({ name }) => native('role-delete', { name })],
    ['when the user who took it is given a policy', (_role, user) => attach({ user }, 'x', policy('deny', 'kms:*'))],
    ['when the user who took it loses one', (_role, user) => native('policy-detach', { user, policy: 'assume' })],
    [
      'when the access key that took it is disabled',
      (_role, _user, { key }) => native('access-key-disable', { id: key.secretId }),
    ],
    [
      'when the access key that took it is deleted',
      (_role, _user, { key }) => native('access-key-delete', { id: key.secretId }),
    ],
  ])('%s', async (_name, end) => {
    expect(await ended(end)).toBe('AuthFailure.TokenFailure')
  })

  test('and a policy of the role that is replaced is what its sessions go by at once', async () => {
    const role = await newRole(['keystead'])
    const session = await assumed(role.arn)
    await attach({ role: role.name }, 'use', policy('deny', 'kms:Encrypt'))
    expect(await encrypt(session)).toBe('UnauthorizedOperation')
  })
})

describe('a token', () => {
  test('is wanted, the right one, and for no other keys', async () => {
    const role = await newRole(['keystead'])
    const [one, other] = [await assumed(role.arn), await assumed(role.arn)]
    const token = String(one.headers?.['X-TC-Token'])
    const code = (key: AccessKey, sent?: string) => encrypt({ key, headers: { 'X-TC-Token': sent } })
    expect(await code(one.key)).toBe('AuthFailure.TokenFailure')
    expect(await code(one.key, String(other.headers?.['X-TC-Token']))).toBe('AuthFailure.TokenFailure')
    expect(await code(keystead.credentials.tencent, token)).toBe('AuthFailure.TokenFailure')
    expect(await code({ ...one.key, secretKey: other.key.secretKey }, token)).toBe('AuthFailure.SignatureFailure')
    expect(await code(one.key, token)).toBeUndefined()
  })

  test('that was changed anywhere, or is of another account, is none', async () => {
    const role = await newRole(['keystead'])
    const { key, headers } = await assumed(role.arn)
    const token = String(headers?.['X-TC-Token'])
    const { id: other } = await native('account-create', { name: `account-${++made}` })
    const wrong = [
      `${other}${token.slice(token.indexOf('.'))}`,
      '.',
      'x',
      `${token}A`,
      token.slice(0, -1),
      'a'.repeat(5000),
    ]
    for (let at = token.indexOf('.') + 1; at < token.length; at += 97)
      wrong.push(`${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`)
    for (const sent of wrong)
      expect(await encrypt({ key, headers: { 'X-TC-Token': sent } })).toBe('AuthFailure.TokenFailure')
  })
})

describe('GetFederationToken', () => {
  const federate = (members: Members, keys?: Keys) =>
    askedSts('GetFederationToken', { Name: 'tests', ...members }, keys)

  test('gives keys that may do what both the caller and the policy allow, the root of an account too', async () => {
    const keys = keysOf((await federate({ Policy: encodeURIComponent(policy('allow', 'kms:Encrypt')) })).response)
    expect(await encrypt(keys)).toBeUndefined()
    expect(await describeKey(keys)).toBe('UnauthorizedOperation')
    const { user, keys: own } = await newUser()
    await attach({ user }, 'some', policy('allow', ['kms:Encrypt', 'sts:GetFederationToken']))
    const narrow = policy('allow', ['kms:DescribeKey', 'kms:Encrypt'])
    const users = keysOf((await federate({ Policy: narrow }, own)).response)
    expect(await encrypt(users)).toBeUndefined()
    expect(await describeKey(users)).toBe('UnauthorizedOperation')
  })

  test('is not for temporary keys: a second policy must not take the place of the first', async () => {
    const keys = keysOf((await federate({ Policy: policy('allow', ['kms:Encrypt', 'sts:*']) })).response)
    expect((await federate({ Policy: policy('allow', '*') }, keys)).code).toBe('UnauthorizedOperation')
  })

  test('bounds the life: 7200 seconds for the root of an account, 129600 for a user', async () => {
    const Policy = policy('allow', 'kms:Encrypt')
    expect((await federate({ Policy, DurationSeconds: 7201 })).code).toBe('InvalidParameter.OverTimeError')
    const { user, keys } = await newUser()
    await attach({ user }, 'federate', policy('allow', 'sts:GetFederationToken'))
    expect((await federate({ Policy, DurationSeconds: 129_600 }, keys)).code).toBeUndefined()
    expect((await federate({ Policy, DurationSeconds: 129_601 }, keys)).code).toBe('InvalidParameter.OverTimeError')
  })

  test('is refused to a user without a right to it, and without a policy', async () => {
    const { keys } = await newUser()
    expect((await federate({ Policy: policy('allow', '*') }, keys)).code).toBe('UnauthorizedOperation')
    expect((await federate({})).code).toBe('MissingParameter')
  })
})

describe('GetCallerIdentity', () => {
  const identity = async (keys?: Keys) => (await askedSts('GetCallerIdentity', {}, keys)).response

  test('tells the root of an account, a user, a session of a role, and a federated user apart', async () => {
    const { user, keys } = await newUser()
    await attach({ user }, 'federate', policy('allow', 'sts:GetFederationToken'))
    const role = await newRole(['keystead'])
    const own = (await identity(keys)).UserId
    expect(await identity()).toMatchObject({ Arn: `qcs::cam::uin/${uin}:root`, AccountId: uin, UserId: uin })
    expect(await identity(keys)).toMatchObject({ Arn: `qcs::cam::uin/${uin}:uin/${own}`, AccountId: uin })
    expect(await identity(await assumed(role.arn))).toMatchObject({
      Arn: `qcs::cam::uin/${uin}:role/${role.id}`,
      UserId: `${role.id}:tests`,
    })
    const federated = await askedSts('GetFederationToken', { Name: 'fed', Policy: policy('allow', 'kms:*') }, keys)
    expect(await identity(keysOf(federated.response))).toMatchObject({ UserId: `${own}:fed`, PrincipalId: own })
  })
})

test('an access key of a role is not to be had', async () => {
  const role = await newRole(['keystead'])
  await expect(native('access-key-create', { user: role.id, dialect: 'tencent' })).rejects.toThrow()
})

test('the official SDK takes a role and uses its keys', async () => {
  const { tencent } = keystead.credentials
  const { host } = new URL(keystead.endpoint)
  const profile = { httpProfile: { endpoint: host, protocol: 'http://' } }
  const client = new sts.v20180813.Client({ credential: tencent, region: tencent.region, profile })
  const role = await newRole(['keystead'])
  // The SDK signs by the machine's clock.
  keystead.clock.pass(-keystead.clock.skew)
  const { Credentials } = await client.AssumeRole({ RoleArn: role.arn, RoleSessionName: 'sdk' })
  const { TmpSecretId = '', TmpSecretKey = '', Token = '' } = Credentials ?? {}
  const credential = { secretId: TmpSecretId, secretKey: TmpSecretKey, token: Token }
  const temporary = new kms.v20190118.Client({ credential, region: tencent.region, profile })
  expect((await temporary.Encrypt({ KeyId, Plaintext: 'aGVsbG8=' })).KeyId).toBe(KeyId)
})
