/** Policies of this cloud over HTTP: what they give and take, and what narrows temporary access keys. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addAccessKey, addPrincipal } from '../../harness/access.ts'
import { type HuaweiCallOptions, type HuaweiKey, huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { newAlias } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { byToken, securityTokens } from './iam-ways.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const statement = (Effect: string, Action: string | readonly string[], rest: Members = {}) => ({
  Effect,
  Action,
  ...rest,
})
const policy = (Version: string, ...Statement: Members[]) => ({ Version, Statement })

const newUser = async (...policies: object[]): Promise<HuaweiKey> => {
  const principal = await addPrincipal(keystead, { policies, language: 'huawei' })
  const { secretId, secretKey } = await addAccessKey(keystead, { principal, dialect: 'huawei' })
  return { accessKey: secretId, secretKey }
}

/** The error code of a call, `ok` where there is none. */
const ask = async (options: HuaweiCallOptions, call: string, members: Members = {}): Promise<string> =>
  (await huaweiCall(keystead, `POST kms/${call}`, members, options)).code ?? 'ok'

const denied = 'KMS.0307'

describe('a policy', () => {
  it('gives nothing to whom nothing was given, and then exactly what it says', async () => {
    const [key_id, other] = [await makeKey(keystead), await makeKey(keystead)]
    const nobody = await newUser()
    expect(await ask({ key: nobody }, 'describe-key', { key_id })).toBe(denied)
    const key = await newUser(
      policy('1.1', statement('Allow', ['kms:cmk:get', 'kms:cmk:crypto'], { Resource: [`KMS:*:*:KeyId:${key_id}`] })),
    )
    expect(await ask({ key }, 'describe-key', { key_id })).toBe('ok')
    expect(await ask({ key }, 'encrypt-data', { key_id, plain_text: 'a' })).toBe('ok')
    expect(await ask({ key }, 'encrypt-data', { key_id: other, plain_text: 'a' })).toBe(denied)
    expect(await ask({ key }, 'disable-key', { key_id })).toBe(denied)
    expect(await ask({ key }, 'list-keys')).toBe(denied)
  })

  it('that cannot be read denies everything', async () => {
    const key_id = await makeKey(keystead)
    const key = await newUser(policy('1.1', statement('Allow', '*')), { Version: '7' })
    expect(await ask({ key }, 'describe-key', { key_id })).toBe(denied)
  })

  it('decides by what a key is, and by what one will be', async () => {
    const Condition = { StringEquals: { 'kms:KeySpec': ['AES_256'] } }
    const key = await newUser(policy('5.0', statement('Allow', 'kms:*', { Condition })))
    const [aes, hmac] = [await makeKey(keystead), await makeKey(keystead, { key_spec: 'HMAC_256' })]
    expect([
      await ask({ key }, 'describe-key', { key_id: aes }),
      await ask({ key }, 'describe-key', { key_id: hmac }),
    ]).toEqual(['ok', denied])
    const create = (key_spec: string) => ask({ key }, 'create-key', { key_alias: newAlias(), key_spec })
    expect([await create('AES_256'), await create('HMAC_256')]).toEqual(['ok', denied])
    expect(await ask({ key }, 'list-keys')).toBe(denied)
  })

  it('decides by the context of a plaintext, and by the algorithm of a MAC', async () => {
    const condition = (key: string, value: string) => ({ Condition: { StringEquals: { [key]: value } } })
    const shop = await newUser(
      policy('5.0', statement('Allow', 'kms:*', condition('kms:EncryptionContext/app', 'shop'))),
    )
    const key_id = await makeKey(keystead)
    const make = (encryption_context?: object) =>
      ask({ key: shop }, 'create-datakey', { key_id, ...(encryption_context ? { encryption_context } : {}) })
    expect([await make({ app: 'shop' }), await make({ app: 'other' }), await make()]).toEqual(['ok', denied, denied])
    const macs = await newUser(
      policy('5.0', statement('Allow', 'kms:*', condition('kms:MacAlgorithm', 'HMAC_SHA_256'))),
    )
    const sign = {
      mac_algorithm: 'HMAC_SHA_256',
      message: 'AAAA',
      key_id: await makeKey(keystead, { key_spec: 'HMAC_256' }),
    }
    expect(await ask({ key: macs }, 'generate-mac', sign)).toBe('ok')
    expect(await ask({ key: macs }, 'describe-key', { key_id })).toBe(denied)
  })

  it('decides by the aliases of a key, and by the one that it is named by', async () => {
    const [alias, Action] = [newAlias(), 'kms:cmk:encryptData']
    const key_id = await makeKey(keystead)
    await huaweiOk(keystead, 'POST kms/aliases', { key_id, alias })
    const only = (key: string) =>
      newUser(
        policy(
          '5.0',
          statement('Allow', Action, { Condition: { 'ForAnyValue:StringEquals': { [key]: `alias/${alias}` } } }),
        ),
      )
    const encrypt = (key: HuaweiKey, named: string) => ask({ key }, 'encrypt-data', { key_id: named, plain_text: 'a' })
    const [has, says] = [await only('kms:ResourceAliases'), await only('kms:RequestAlias')]
    expect([await encrypt(has, key_id), await encrypt(has, await makeKey(keystead))]).toEqual(['ok', denied])
    expect([await encrypt(says, `alias/${alias}`), await encrypt(says, key_id)]).toEqual(['ok', denied])
  })

  it('of everything of one service gives nothing of the other', async () => {
    const users = (key: HuaweiKey) => huaweiCall(keystead, 'GET /v3/users', undefined, { key })
    const all = (Resource: string) => newUser(policy('5.0', statement('Allow', '*', { Resource })))
    const [keys, people] = [await all('kms:*:*:*:*'), await all('iam:*:*:*:*')]
    const key_id = await makeKey(keystead)
    const asked = async (key: HuaweiKey) => [
      await ask({ key }, 'describe-key', { key_id }),
      await ask({ key }, 'list-keys'),
      (await huaweiCall(keystead, 'GET keystores', undefined, { key })).code ?? 'ok',
      (await users(key)).status,
    ]
    expect(await asked(keys)).toEqual(['ok', 'ok', 'ok', 403])
    expect(await asked(people)).toEqual([denied, denied, denied, 200])
  })

  it('lets a user read others of its account, and denies it its own access keys', async () => {
    const reader = await newUser(policy('5.0', statement('Allow', 'iam:users:listUsers')))
    expect((await huaweiCall(keystead, 'GET /v3/users', undefined, { key: reader })).status).toBe(200)
    const path = '/v3.0/OS-CREDENTIAL/credentials'
    expect((await huaweiCall(keystead, `GET ${path}`, undefined, { key: reader })).status).toBe(200)
    const refused = await newUser(policy('1.1', statement('Deny', 'iam:credentials:*')))
    expect((await huaweiCall(keystead, `GET ${path}`, undefined, { key: refused })).status).toBe(403)
  })
})

describe('temporary access keys', () => {
  const narrowed = async (written: object, options: HuaweiCallOptions = {}) => {
    const answered = await huaweiCall(keystead, securityTokens, byToken({}, { policy: written }), options)
    const { access, secret, securitytoken } = answered.members.credential ?? {}
    return { answered, by: { key: { accessKey: access, secretKey: secret }, securityToken: securitytoken } }
  }
  const reading = policy('1.1', statement('Allow', 'kms:cmk:get'))

  it('may do what their policy and their user both may, also of the administrator', async () => {
    const key_id = await makeKey(keystead)
    const { by } = await narrowed(reading)
    expect(await ask(by, 'describe-key', { key_id })).toBe('ok')
    expect(await ask(by, 'encrypt-data', { key_id, plain_text: 'a' })).toBe(denied)
    const listing = await newUser(policy('1.1', statement('Allow', 'kms:cmk:list')))
    const { by: both } = await narrowed(reading, { key: listing })
    expect([await ask(both, 'describe-key', { key_id }), await ask(both, 'list-keys')]).toEqual([denied, denied])
  })

  it('make neither keys nor tokens that may do more', async () => {
    const { by } = await narrowed(reading)
    const user_id = (await huaweiCall(keystead, 'GET /v5/caller-identity', undefined, by)).members.principal_id
    const made = await huaweiCall(keystead, 'POST /v3.0/OS-CREDENTIAL/credentials', { credential: { user_id } }, by)
    expect(made.status).toBe(403)
    const project = { name: keystead.credentials.huawei.region }
    const auth = { identity: { methods: ['token'] }, scope: { project } }
    const { exchanged } = await huaweiCall(keystead, 'POST /v3/auth/tokens', { auth }, by)
    const token = String(exchanged.headers['x-subject-token'])
    expect(await ask({ token }, 'list-keys')).toBe(denied)
    const { answered } = await narrowed(policy('1.1', statement('Allow', '*')), by)
    expect(answered.status).toBe(403)
  })

  it('are not made with a policy that cannot be read, or that is too long', async () => {
    const broken = await narrowed({ Version: '1.1', Statement: [statement('Allow', 'kms:cmk:fly')] })
    expect([broken.answered.status, broken.answered.members.error.message]).toEqual([
      400,
      expect.stringContaining('unknown action'),
    ])
    const twice = '{"Version":"5.0","Statement":[{"Effect":"Deny","Effect":"Allow","Action":"kms:*"}]}'
    const body = JSON.stringify(byToken({}, { policy: 'P' })).replace('"P"', twice)
    expect((await huaweiCall(keystead, securityTokens, body)).status).toBe(400)
    const words = ['constructor', 'toString', '__proto__', 'allow', ['Allow']]
    for (const Effect of words)
      expect((await narrowed(policy('5.0', { Effect, Action: 'kms:*' }))).answered.status).toBe(400)
    for (const Version of words)
      expect((await narrowed({ Version, Statement: [statement('Allow', 'kms:*')] })).answered.status).toBe(400)
    const Resource = 'kms:*:*:constructor:x'
    expect((await narrowed(policy('5.0', statement('Allow', 'kms:*', { Resource })))).answered.status).toBe(400)
    const long = policy('1.1', statement('Allow', '*', { Resource: Array(60).fill(`KMS:*:*:KeyId:${'a'.repeat(36)}`) }))
    expect((await narrowed(long)).answered.status).toBe(400)
  })
})

it('a key policy that says something twice is refused', async () => {
  const id = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
  const made = (policy: string) =>
    huaweiCall(keystead, 'POST kms/key-policies', { keyspace_id: id, policy_name: 'p', policy })
  expect((await made(`{"version":"1","allowed_access_point":["${id}"]}`)).status).toBe(201)
  expect((await made(`{"version":"1","allowed_access_point":[],"allowed_access_point":["${id}"]}`)).code).toBe(
    'KMS.0308',
  )
})
