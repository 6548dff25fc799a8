import { execFileSync } from 'node:child_process'
import { constants, createHash, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addAccount } from '../../harness/access.ts'
import { type HuaweiCallOptions, huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { createKey } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const keySpace = '11111111-2222-4333-8444-555555555555'
const unknown = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'

let keystead: TestKeystead
let key: string
beforeAll(async () => {
  keystead = await startKeystead({ settings: { capsuleSignatures: true } })
  key = await createKey(keystead)
})
afterAll(() => keystead.end())

const code = async (call: string, members?: Members, options?: HuaweiCallOptions) =>
  (await huaweiCall(keystead, call, members, options)).code
const timeText = (offsetMs: number) => new Date(keystead.clock.now() + offsetMs).toISOString().replace(/\.\d{3}/, '')

const createAccessPoint = async (members: Members = {}): Promise<string> =>
  (
    await huaweiOk(keystead, 'POST kms/access-points', {
      keyspace_id: keySpace,
      access_point_name: 'a/point:1',
      type: 3,
      ...members,
    })
  ).access_point_id
const createPolicy = async (policy: Members, members: Members = {}): Promise<string> =>
  (
    await huaweiOk(keystead, 'POST kms/key-policies', {
      keyspace_id: keySpace,
      policy_name: 'a-policy',
      policy: JSON.stringify({ version: '1.0', ...policy }),
      ...members,
    })
  ).policy_id

interface Custom {
  readonly id: string
  readonly privateKey: string
  readonly publicKey: string
}

/** A Custom access point with its private key, taken as a client takes it. */
const customPoint = async (): Promise<Custom> => {
  const id = await createAccessPoint()
  const { private_key } = await huaweiOk(keystead, `POST kms/access-points/${id}/get-privatekey`)
  const file = join(mkdtempSync(join(tmpdir(), 'keystead-point-')), 'ap.pem')
  writeFileSync(file, private_key)
  const publicKey = execFileSync('openssl', ['pkey', '-in', file, '-pubout']).toString()
  return { id, privateKey: file, publicKey }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** As docs/spec/capsule.md says it, by openssl. */
const attest = (point: Custom, capsule: string, { publicKey = '', expires = timeText(60_000), key_id = key } = {}) => {
  const input = ['keystead capsule 1', key_id, expires, sha256(capsule), sha256(publicKey)].join('\n')
  const signature = execFileSync('openssl', ['dgst', '-sha256', '-sign', point.privateKey], { input })
  return {
    custom_signature: signature.toString('base64'),
    custom_public_key: point.publicKey.replace(/-----[A-Z ]+-----|\n/g, ''),
    expire_time: expires,
  }
}

const createCapsule = (members: Members) =>
  huaweiOk(keystead, 'POST kms/datakey-capsule/create', { key_id: key, datakey_length: '256', ...members })
const open = (datakey_capsule: string, attestation_document: Members, members: Members = {}) =>
  huaweiCall(keystead, 'POST kms/datakey-capsule/decrypt', {
    key_id: key,
    datakey_capsule,
    attestation_document,
    ...members,
  })
const termsFor = (point: Custom, more: Members = {}) =>
  JSON.stringify({ version: '1.0', allowed_access_point: [point.id], ...more })

describe('a capsule', () => {
  it('is opened to the access point that its policy names, by inline policy and by id', async () => {
    const point = await customPoint()
    const policy_id = await createPolicy({ allowed_access_point: [point.id] })
    for (const policy of [{ key_policy: termsFor(point) }, { policy_id }]) {
      const { datakey, datakey_capsule, key_id } = await createCapsule(policy)
      expect([key_id, Buffer.from(datakey, 'base64').length]).toEqual([key, 32])
      const { status, members } = await open(datakey_capsule, attest(point, datakey_capsule))
      expect([status, members]).toEqual([200, { key_id: key, instance_id: point.id, datakey }])
    }
  })

  it.each([
    ['128', 16],
    ['SM4', 16],
    ['AES_256', 32],
  ])('of %s bits has %d bytes, handed over to a public key where one is sent', async (datakey_length, bytes) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const public_key = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const point = await customPoint()
    const made = await createCapsule({ key_policy: termsFor(point), datakey_length, public_key })
    expect(made).not.toHaveProperty('datakey')
    const opened = (cipher: string) =>
      privateDecrypt(
        { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
        Buffer.from(cipher, 'base64'),
      )
    const dataKey = opened(made.datakey_cipher)
    expect(dataKey).toHaveLength(bytes)
    const attestation = attest(point, made.datakey_capsule, { publicKey: public_key })
    const { members } = await open(made.datakey_capsule, attestation, { public_key })
    expect(opened(members.datakey_cipher)).toEqual(dataKey)
    expect(members).not.toHaveProperty('datakey')
    // A signature for a public key releases nothing in clear.
    expect((await open(made.datakey_capsule, attestation)).code).toBe('KMS.3804')
  })

  it('is not opened where anything about the attestation is wrong', async () => {
    const [point, other] = [await customPoint(), await customPoint()]
    const { datakey_capsule: capsule } = await createCapsule({ key_policy: termsFor(point) })
    const right = attest(point, capsule)
    const { datakey_capsule: another } = await createCapsule({ key_policy: termsFor(point) })
    const wrong: Members[] = [
      attest(other, capsule),
      { ...right, custom_public_key: other.publicKey },
      { ...attest(other, capsule), custom_public_key: right.custom_public_key },
      attest(point, another),
      attest(point, capsule, { expires: timeText(-1000) }),
      attest(point, capsule, { expires: timeText(86_400_000 + 60_000) }),
      attest(point, capsule, { key_id: unknown }),
      { ...right, expire_time: timeText(120_000) },
      { ...right, expire_time: 'tomorrow' },
      { ...right, custom_signature: 'AAAA' },
      { ...right, custom_signature: '?' },
      { ...right, service_token: 'a token too' },
      { custom_signature: right.custom_signature },
      { ecs_signature: 'MIIB' },
      { service_token: 'eyJ' },
      {},
    ]
    for (const document of wrong)
      expect([document, (await open(capsule, document)).code]).toEqual([document, 'KMS.3804'])
    expect((await open(capsule, right)).status).toBe(200)
  })

  it('is not opened outside of its validity period, nor to an access point that is disabled or removed', async () => {
    const point = await customPoint()
    const period = (start: number, end: number) => ({
      validity_period: { start_time: timeText(start), end_time: timeText(end) },
    })
    const opens = async (terms: Members) => {
      const { datakey_capsule } = await createCapsule({ key_policy: termsFor(point, terms) })
      return (await open(datakey_capsule, attest(point, datakey_capsule))).code
    }
    expect(await opens(period(-60_000, 60_000))).toBeUndefined()
    expect(await opens(period(60_000, 120_000))).toBe('KMS.3804')
    expect(await opens(period(-120_000, -60_000))).toBe('KMS.3804')
    expect(await opens({ allowed_access_point: [], allowed_data_security_zone: ['zone'] })).toBe('KMS.3804')
    const change = async (call: string) => {
      const { status, exchanged } = await huaweiCall(keystead, call)
      expect([status, exchanged.body]).toEqual([204, ''])
    }
    await change(`POST kms/access-points/${point.id}/disable`)
    expect(await opens({})).toBe('KMS.3804')
    await change(`POST kms/access-points/${point.id}/enable`)
    expect(await opens({})).toBeUndefined()
    await change(`DELETE kms/access-points/${point.id}`)
    expect(await opens({})).toBe('KMS.3804')
  })

  it('follows its key policy from the answer of a change on', async () => {
    const point = await customPoint()
    const policy_id = await createPolicy({ allowed_access_point: [point.id] })
    const { datakey_capsule } = await createCapsule({ policy_id })
    const opens = async () => (await open(datakey_capsule, attest(point, datakey_capsule))).code
    expect(await opens()).toBeUndefined()
    const put = (policy: Members) =>
      huaweiOk(keystead, `PUT kms/key-policies/${policy_id}`, { policy: JSON.stringify({ version: '1', ...policy }) })
    await put({})
    expect(await opens()).toBe('KMS.3804')
    await put({ allowed_access_point: [point.id] })
    expect(await opens()).toBeUndefined()
    await huaweiCall(keystead, `DELETE kms/key-policies/${policy_id}`)
    expect(await opens()).toBe('KMS.3804')
  })

  it('is no ciphertext, and a ciphertext is no capsule', async () => {
    const point = await customPoint()
    const { datakey_capsule } = await createCapsule({ key_policy: termsFor(point) })
    const bytes = Buffer.from(datakey_capsule, 'base64')
    const sealed = bytes.subarray(4 + bytes.readUInt32BE(0)).toString('base64')
    expect((await keystead.call('Decrypt', { CiphertextBlob: sealed })).code).toBe(
      'InvalidParameterValue.InvalidCiphertext',
    )
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId: key, Plaintext: 'aGk=' })
    const terms = bytes.subarray(0, 4 + bytes.readUInt32BE(0))
    const forged = Buffer.concat([terms, Buffer.from(CiphertextBlob, 'base64')]).toString('base64')
    expect((await open(forged, attest(point, forged))).code).toBe('KMS.2201')
    // Terms cannot be exchanged, and a change of any byte is noticed.
    const { datakey_capsule: other } = await createCapsule({ key_policy: JSON.stringify({ version: '1' }) })
    const rest = Buffer.from(other, 'base64')
    const mixed = Buffer.concat([terms, rest.subarray(4 + rest.readUInt32BE(0))]).toString('base64')
    expect((await open(mixed, attest(point, mixed))).code).toBe('KMS.2201')
    for (const at of [0, 5, 40, bytes.length - 1]) {
      const damaged = Buffer.from(bytes)
      damaged[at] = (damaged[at] ?? 0) ^ 1
      const text = damaged.toString('base64')
      expect((await open(text, attest(point, text))).code).toBe('KMS.2201')
    }
  })

  it('is opened to nobody where the server was not told so', async () => {
    const closed = await startKeystead()
    try {
      const key_id = await createKey(closed)
      const key_policy = JSON.stringify({ version: '1' })
      const asked = { key_id, datakey_length: 256, key_policy }
      expect((await huaweiCall(closed, 'POST kms/datakey-capsule/create', asked)).code).toBe('KMS.0308')
      const made = await huaweiOk(closed, 'POST kms/datakey-capsule/create', { ...asked, datakey_length: '256' })
      const point = await customPoint()
      const { status, code: said } = await huaweiCall(closed, 'POST kms/datakey-capsule/decrypt', {
        key_id,
        datakey_capsule: made.datakey_capsule,
        attestation_document: attest(point, made.datakey_capsule, { key_id }),
      })
      expect([status, said]).toEqual([400, 'KMS.3804'])
    } finally {
      await closed.end()
    }
  })

  it('needs a key in use, and one that encrypts', async () => {
    const made = (key_id: string) =>
      code('POST kms/datakey-capsule/create', { key_id, datakey_length: '256', key_policy: '{"version":"1"}' })
    const disabled = await createKey(keystead)
    await keystead.ok('DisableKey', { KeyId: disabled })
    expect(await made(disabled)).toBe('KMS.0209')
    await keystead.ok('ScheduleKeyDeletion', { KeyId: disabled, PendingWindowInDays: 7 })
    expect(await made(disabled)).toBe('KMS.0210')
    expect(await made(await createKey(keystead, { Type: 2 }))).toBe('KMS.0308')
    expect(await made(unknown)).toBe('KMS.0207')
    expect(await made(await createKey(keystead, { KeyUsage: 'ASYMMETRIC_SIGN_VERIFY_ECC' }))).toMatch(/^KMS\.03/)
  })

  it.each([
    ['no policy', {}],
    ['two policies', { policy_id: unknown, key_policy: '{"version":"1"}' }],
    ['a policy that is not there', { policy_id: unknown }],
    ['a policy that is no JSON', { key_policy: '{' }],
    ['a policy with something else in it', { key_policy: '{"version":"1","deny":[]}' }],
    ['no RSA key', { key_policy: '{"version":"1"}', public_key: 'AAAA' }],
    ['another length', { key_policy: '{"version":"1"}', datakey_length: '512' }],
  ])('is not made with %s', async (_what, members) => {
    const asked = { key_id: key, datakey_length: '256', ...members }
    expect(await code('POST kms/datakey-capsule/create', asked)).toBe('KMS.0308')
  })
})

describe('an access point', () => {
  it('is listed with its state, and with the member that the API misspells', async () => {
    const keyspace_id = 'AAAAAAAA-2222-4333-8444-555555555555'
    const id = await createAccessPoint({ keyspace_id, type: 1, identity: 'i-123', description: 'an ECS' })
    const list = () => huaweiOk(keystead, `GET kms/access-points?keyspace_id=${keyspace_id}`)
    const { access_points, page_info } = await list()
    expect(page_info).toEqual({ next_marker: '', current_count: 1 })
    expect(access_points).toEqual([
      {
        access_point_id: id,
        keyspace_id: keyspace_id.toLowerCase(),
        access_point_name: 'a/point:1',
        state: 1,
        type: 1,
        created_by: expect.stringMatching(/^[0-9a-f]{32}$/),
        create_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        lsat_modify_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    ])
    await huaweiCall(keystead, `POST kms/access-points/${id}/disable`, {})
    expect((await list()).access_points[0].state).toBe(0)
  })

  it('and key policies are listed page by page by their markers', async () => {
    const keyspace_id = 'bbbbbbbb-2222-4333-8444-555555555555'
    for (let count = 0; count < 3; count++) {
      await createAccessPoint({ keyspace_id })
      await createPolicy({}, { keyspace_id })
    }
    for (const [path, rows] of [
      ['access-points', 'access_points'],
      ['key-policies', 'keyspace_policies'],
    ] as const) {
      const page = (marker: string) =>
        huaweiOk(keystead, `GET kms/${path}?keyspace_id=${keyspace_id}&limit=2&marker=${marker}`)
      const first = await page('')
      const second = await page(first.page_info.next_marker)
      expect([first[rows].length, second[rows].length, second.page_info.next_marker]).toEqual([2, 1, ''])
      expect(await code(`GET kms/${path}?keyspace_id=${keyspace_id}&limit=101`)).toBe('KMS.1601')
      expect(await code(`GET kms/${path}?keyspace_id=${keyspace_id}&marker=7`)).toBe('KMS.1602')
      expect(await code(`GET kms/${path}`)).toBe('KMS.0204')
    }
  })

  it('hands its private key out once, and is not in the database in clear', async () => {
    const id = await createAccessPoint()
    const first = await huaweiCall(keystead, `POST kms/access-points/${id}/get-privatekey`, {})
    expect(first.members).toEqual({
      access_point_id: id,
      private_key: expect.stringMatching(/^-----BEGIN PRIVATE KEY/),
    })
    expect(await code(`POST kms/access-points/${id}/get-privatekey`, {})).toBe('KMS.0308')
    const ecs = await createAccessPoint({ type: 1, identity: 'i-1' })
    expect(await code(`POST kms/access-points/${ecs}/get-privatekey`, {})).toBe('KMS.0308')
    expect(JSON.stringify(keystead.audit())).not.toContain('PRIVATE KEY')
  })

  it.each([
    ['no key space', { keyspace_id: undefined }, 'KMS.0204'],
    ['a key space that is no UUID', { keyspace_id: 'x' }, 'KMS.0308'],
    ['an unknown type', { type: 4 }, 'KMS.0308'],
    ['an ECS without its id', { type: 1 }, 'KMS.0308'],
    ['a CCE without its cluster', { type: 2, identity: 'key' }, 'KMS.0308'],
    ['an ECS with a cluster', { type: 1, identity: 'i-1', cluster_id: 'c' }, 'KMS.0308'],
    ['a Custom one with an identity', { identity: 'i-1' }, 'KMS.0308'],
    ['a malformed name', { access_point_name: 'a b' }, 'KMS.0308'],
  ])('is not made with %s', async (_what, members, expected) => {
    const asked = { keyspace_id: keySpace, access_point_name: 'p', type: 3, ...members }
    expect(await code('POST kms/access-points', asked)).toBe(expected)
  })
})

describe('a key policy', () => {
  const period = { start_time: '2026-01-01T00:00:00Z', end_time: '2027-01-01T00:00:00Z' }

  it('is made, shown, listed in camel case, changed and removed', async () => {
    const keyspace_id = 'cccccccc-2222-4333-8444-555555555555'
    const policy = { version: '1.0', validity_period: period, allowed_access_point: [unknown] }
    const asked = { keyspace_id, policy_name: 'p:1', policy: JSON.stringify(policy), description: 'one' }
    const made = await huaweiCall(keystead, 'POST kms/key-policies', asked)
    expect(made.status).toBe(201)
    const id = made.members.policy_id
    const shown = await huaweiOk(keystead, `GET kms/key-policies/${id}`)
    expect(shown).toMatchObject({ policy_id: id, policy_name: 'p:1', keyspace_id, policy, description: 'one' })
    const { keyspace_policies } = await huaweiOk(keystead, `GET kms/key-policies?keyspace_id=${keyspace_id}`)
    const inCamelCase = { version: '1.0', validityPeriod: period, allowedAccessPoint: [unknown] }
    expect(keyspace_policies).toEqual([{ ...shown, policy: { ...inCamelCase, allowed_data_security_zone: [] } }])
    keystead.clock.pass(2000)
    const next = { version: '2.0', allowed_data_security_zone: ['z'] }
    const updated = await huaweiOk(keystead, `PUT kms/key-policies/${id}`, { policy: JSON.stringify(next) })
    expect(updated).toMatchObject({ policy_id: id, policy: { ...next, allowed_access_point: [] }, description: 'one' })
    expect(updated.last_modify_time > shown.last_modify_time).toBe(true)
    const { status, exchanged } = await huaweiCall(keystead, `DELETE kms/key-policies/${id}`)
    expect([status, exchanged.body]).toEqual([204, ''])
    expect(await code(`GET kms/key-policies/${id}`)).toBe('KMS.0308')
  })

  it.each([
    [
      'that ends before it begins',
      { validity_period: { start_time: period.end_time, end_time: period.start_time } },
      'KMS.2801',
    ],
    ['with half a period', { validity_period: { start_time: period.start_time } }, 'KMS.0308'],
    ['with a time in another form', { validity_period: { ...period, end_time: '2027-01-01' } }, 'KMS.0308'],
    ['with a day that there is not', { validity_period: { ...period, end_time: '2026-02-30T00:00:00Z' } }, 'KMS.0308'],
    ['with an access point that is no id', { allowed_access_point: ['x'] }, 'KMS.0308'],
    ['with an unknown member', { allowed: [] }, 'KMS.0308'],
    ['without a version', { version: undefined }, 'KMS.0308'],
  ])('%s is refused, when it is made and when it is changed', async (_what, changed, expected) => {
    const policy = JSON.stringify({ version: '1', ...changed })
    expect(await code('POST kms/key-policies', { keyspace_id: keySpace, policy_name: 'p', policy })).toBe(expected)
    const id = await createPolicy({})
    expect(await code(`PUT kms/key-policies/${id}`, { policy })).toBe(expected)
  })
})

it('nothing of another account is found', async () => {
  const [point, policy] = [await createAccessPoint(), await createPolicy({})]
  const { accessKey, secretKey, projectId: project } = (await addAccount(keystead)).huawei
  const options = { key: { accessKey, secretKey }, project }
  const policyText = '{"version":"1"}'
  expect(await code(`GET kms/key-policies/${policy}`, undefined, options)).toBe('KMS.0308')
  expect(await code(`PUT kms/key-policies/${policy}`, { policy: policyText }, options)).toBe('KMS.0308')
  expect(await code(`DELETE kms/key-policies/${policy}`, undefined, options)).toBe('KMS.0308')
  for (const call of ['enable', 'disable', 'get-privatekey'])
    expect(await code(`POST kms/access-points/${point}/${call}`, {}, options)).toBe('KMS.0308')
  expect(await code(`DELETE kms/access-points/${point}`, undefined, options)).toBe('KMS.0308')
  const { access_points } = await huaweiOk(
    keystead,
    `GET kms/access-points?keyspace_id=${keySpace}`,
    undefined,
    options,
  )
  expect(access_points).toEqual([])
})
