import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultProject } from '../../../src/core/place.ts'
import { performDue } from '../../../src/core/schedule.ts'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { createImported, createKey, newAlias } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

/** Where the tests speak to, and where copies go: by each cloud's name. */
const home = { huawei: 'cn-south-1', tencent: 'ap-guangzhou' }
const away = { huawei: 'cn-north-4', tencent: 'ap-beijing', id: 'beijing' }
const third = { huawei: 'cn-east-3', tencent: 'ap-shanghai', id: 'shanghai' }

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const projectIn = ({ id }: { id: string }) => defaultProject(keystead.credentials.tencent.uin, id)
const asked = (to: typeof away, members: Members = {}): Members => ({
  replica_region: to.huawei,
  replica_project_id: projectIn(to),
  key_alias: newAlias(),
  ...members,
})
const replicate = (key_id: string, members: Members) =>
  huaweiCall(keystead, `POST /v2/${keystead.credentials.huawei.projectId}/kms/keys/${key_id}/replicate`, members)
const copied = async (key_id: string, to = away): Promise<string> => {
  const { members, exchanged } = await replicate(key_id, asked(to))
  expect(exchanged.status, exchanged.body).toBe(200)
  return members.key_id
}
const makePrimary = (key_id: string, primary_region: string, project = keystead.credentials.huawei.projectId) =>
  huaweiCall(keystead, `PUT /v2/${project}/kms/keys/${key_id}/update-primary-region`, { primary_region })

const seal = async (KeyId: string, region: string) =>
  (await keystead.ok('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' }, { region })).CiphertextBlob
const opens = async (CiphertextBlob: string, region: string) =>
  (await keystead.call('Decrypt', { CiphertextBlob }, { region })).response.Plaintext === 'aGVsbG8='

describe('a copy of a key', () => {
  it('is a key of its own in the other region, and opens what the key sealed, and the other way round', async () => {
    const key = await createKey(keystead)
    const before = await seal(key, home.tencent)
    expect(await opens(before, away.tencent)).toBe(false)
    const { members } = await replicate(
      key,
      asked(away, { key_description: 'a copy', tags: [{ key: 'team', value: 'red' }] }),
    )
    expect(members).toEqual({
      key_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      domain_id: keystead.credentials.huawei.domainId,
      region: away.huawei,
    })
    const copy = members.key_id
    expect(copy).not.toBe(key)
    const options = { project: projectIn(away) }
    const { key_info } = await huaweiOk(keystead, 'POST kms/describe-key', { key_id: copy }, options)
    expect(key_info).toMatchObject({ key_id: copy, key_state: '2', key_description: 'a copy', realm: away.huawei })
    expect((await huaweiOk(keystead, `GET kms/${copy}/tags`, undefined, options)).tags).toEqual([
      { key: 'team', value: 'red' },
    ])
    expect(await opens(before, away.tencent)).toBe(true)
    expect(await opens(await seal(copy, away.tencent), home.tencent)).toBe(true)
    expect(await opens(before, third.tencent)).toBe(false)
    expect((await huaweiCall(keystead, 'POST kms/describe-key', { key_id: key }, options)).code).toBe('KMS.0207')
  })

  it('is the destination in its region of a ciphertext that is moved to no other key', async () => {
    const key = await createKey(keystead)
    const copy = await copied(key)
    const CiphertextBlob = await seal(key, home.tencent)
    const moved = await keystead.ok('ReEncrypt', { CiphertextBlob }, { region: away.tencent })
    expect([moved.KeyId, moved.SourceKeyId]).toEqual([copy, copy])
  })

  it('has a state of its own', async () => {
    const key = await createKey(keystead)
    const copy = await copied(key)
    const blob = await seal(key, home.tencent)
    await keystead.ok('DisableKey', { KeyId: copy }, { region: away.tencent })
    expect([await opens(blob, home.tencent), await opens(blob, away.tencent)]).toEqual([true, false])
  })

  it('follows every rotation of the primary one, and older versions too', async () => {
    const key = await createKey(keystead)
    const one = await seal(key, home.tencent)
    await keystead.ok('EnableKeyRotation', { KeyId: key })
    await keystead.ok('RotateKey', { KeyId: key })
    const [beijing, shanghai] = [await copied(key), await copied(key, third)]
    keystead.clock.pass(3_600_000 * 25)
    await keystead.ok('RotateKey', { KeyId: key })
    const three = await seal(key, home.tencent)
    for (const region of [away.tencent, third.tencent])
      expect([await opens(one, region), await opens(three, region)]).toEqual([true, true])
    for (const [copy, region] of [
      [beijing, away.tencent],
      [shanghai, third.tencent],
    ] as const)
      expect(await opens(await seal(copy, region), home.tencent)).toBe(true)
  })

  it('is not rotated by itself, until its region is made the primary one', async () => {
    const key = await createKey(keystead)
    await keystead.ok('EnableKeyRotation', { KeyId: key, RotateDays: 30 })
    const copy = await copied(key)
    const rotate = async (KeyId: string, region: string) =>
      (await keystead.call('EnableKeyRotation', { KeyId }, { region })).code
    expect(await rotate(copy, away.tencent)).toBe('UnsupportedOperation.RotateNotSupported')
    const { status, members } = await makePrimary(key, away.huawei)
    expect([status, members]).toEqual([200, { key_id: key, primary_region: away.huawei }])
    expect(await rotate(key, home.tencent)).toBe('UnsupportedOperation.RotateNotSupported')
    const status2 = await keystead.ok('GetKeyRotationStatus', { KeyId: copy }, { region: away.tencent })
    expect(status2.KeyRotationEnabled).toBe(true)
    keystead.clock.pass(86_400_000 * 31)
    await performDue(keystead.running.installation.house, 3_600_001, () => {})
    await performDue(keystead.running.installation.house, 3_600_001, () => {})
    const described = await keystead.ok('DescribeKey', { KeyId: copy }, { region: away.tencent })
    expect(described.KeyMetadata.LastRotateTime).toBeGreaterThan(0)
    expect(await opens(await seal(copy, away.tencent), home.tencent)).toBe(true)
    expect((await makePrimary(key, home.huawei)).code).toBe('KMS.0106')
    expect((await makePrimary(copy, home.huawei, projectIn(away))).status).toBe(200)
  })

  it('outlives the key that was made first, which ends only when another one is the primary', async () => {
    const key = await createKey(keystead)
    const copy = await copied(key)
    const blob = await seal(key, home.tencent)
    const deletion = { key_id: key, pending_days: '7' }
    expect((await huaweiCall(keystead, 'POST kms/schedule-key-deletion', deletion)).code).toBe('KMS.0308')
    await makePrimary(key, away.huawei)
    await huaweiOk(keystead, 'POST kms/schedule-key-deletion', deletion)
    keystead.clock.pass(86_400_000 * 8)
    const { house } = keystead.running.installation
    for (let minute = 0; minute < 3; minute++) await performDue(house, 3_600_001, () => {})
    expect(await opens(blob, home.tencent)).toBe(false)
    expect(await opens(blob, away.tencent)).toBe(true)
    const rows = await house.store.reader.rows('key', { limit: 1000 })
    expect(rows.find(({ id }) => id === copy)?.copies).toBeNull()
    expect(rows.some(({ id }) => id === key)).toBe(false)
  })

  it('follows a copy too, once the key that was made first is gone, and may come back to where that was', async () => {
    const key = await createKey(keystead)
    const beijing = await copied(key)
    await makePrimary(key, away.huawei)
    await huaweiOk(keystead, 'POST kms/schedule-key-deletion', { key_id: key, pending_days: '7' })
    keystead.clock.pass(86_400_000 * 8)
    const { house } = keystead.running.installation
    for (let minute = 0; minute < 3; minute++) await performDue(house, 3_600_001, () => {})
    const from = (id: string, place: typeof away, to: Members) =>
      huaweiOk(keystead, `POST /v2/${projectIn(place)}/kms/keys/${id}/replicate`, to)
    const shanghai = (await from(beijing, away, asked(third))).key_id
    expect((await makePrimary(beijing, third.huawei, projectIn(away))).status).toBe(200)
    const back = asked(away, { replica_region: home.huawei, replica_project_id: keystead.credentials.huawei.projectId })
    const again = (await from(shanghai, third, back)).key_id
    await keystead.ok('EnableKeyRotation', { KeyId: shanghai }, { region: third.tencent })
    await keystead.ok('RotateKey', { KeyId: shanghai }, { region: third.tencent })
    const blob = await seal(shanghai, third.tencent)
    expect([await opens(blob, away.tencent), await opens(blob, home.tencent)]).toEqual([true, true])
    expect((await makePrimary(shanghai, home.huawei, projectIn(third))).status).toBe(200)
    expect((await makePrimary(again, away.huawei)).status).toBe(200)
    expect((await makePrimary(beijing, third.huawei, projectIn(away))).status).toBe(200)
  })

  it('follows a key that came back to where it was made, while the others never were without one another', async () => {
    const key = await createKey(keystead)
    const [beijing] = [await copied(key), await copied(key, third)]
    await makePrimary(key, away.huawei)
    await huaweiOk(keystead, 'POST kms/schedule-key-deletion', { key_id: key, pending_days: '7' })
    keystead.clock.pass(86_400_000 * 8)
    const { house } = keystead.running.installation
    for (let minute = 0; minute < 3; minute++) await performDue(house, 3_600_001, () => {})
    const back = asked(away, { replica_region: home.huawei, replica_project_id: keystead.credentials.huawei.projectId })
    await huaweiOk(keystead, `POST /v2/${projectIn(away)}/kms/keys/${beijing}/replicate`, back)
    await keystead.ok('EnableKeyRotation', { KeyId: beijing }, { region: away.tencent })
    await keystead.ok('RotateKey', { KeyId: beijing }, { region: away.tencent })
    const blob = await seal(beijing, away.tencent)
    expect([await opens(blob, home.tencent), await opens(blob, third.tencent)]).toEqual([true, true])
  })

  it('does not become the primary one while its deletion is planned: the others would have nobody to follow', async () => {
    const key = await createKey(keystead)
    const [beijing] = [await copied(key), await copied(key, third)]
    const deletion = { key_id: beijing, pending_days: '7' }
    await huaweiOk(keystead, 'POST kms/schedule-key-deletion', deletion, { project: projectIn(away) })
    expect((await makePrimary(key, away.huawei)).code).toBe('KMS.0210')
    await huaweiOk(keystead, 'POST kms/cancel-key-deletion', { key_id: beijing }, { project: projectIn(away) })
    expect((await makePrimary(key, away.huawei)).status).toBe(200)
  })

  it('of a pair signs with the same private half', async () => {
    const key = await createKey(keystead, { KeyUsage: 'ASYMMETRIC_SIGN_VERIFY_ECC' })
    const copy = await copied(key)
    const publicKey = async (KeyId: string, region: string) =>
      (await keystead.ok('GetPublicKey', { KeyId }, { region })).PublicKey
    expect(await publicKey(copy, away.tencent)).toBe(await publicKey(key, home.tencent))
    const signing = { Algorithm: 'ECC_P256_R1', Message: Buffer.alloc(32, 3).toString('base64'), MessageType: 'DIGEST' }
    const { Signature } = await keystead.ok(
      'SignByAsymmetricKey',
      { KeyId: copy, ...signing },
      { region: away.tencent },
    )
    const verify = { KeyId: key, ...signing, SignatureValue: Signature }
    expect((await keystead.ok('VerifyByAsymmetricKey', verify)).SignatureValid).toBe(true)
  })
})

describe('a replication that is wrong', () => {
  it.each([
    ['an unknown region', { replica_region: 'mars-1' }, 'KMS.0308'],
    ["somebody else's project", { replica_project_id: 'a'.repeat(32) }, 'KMS.0308'],
    ['a malformed project', { replica_project_id: 'x' }, 'KMS.0308'],
    ['a malformed alias', { key_alias: 'a b' }, 'KMS.1101'],
    ['no alias', { key_alias: undefined }, 'KMS.0204'],
  ])('names %s', async (_what, members, code) => {
    const key = await createKey(keystead)
    expect((await replicate(key, { ...asked(away), ...members })).code).toBe(code)
  })

  it('is refused a second time to the same region, of a copy, of an imported key, and under a name that is taken', async () => {
    const key = await createKey(keystead)
    const copy = await copied(key)
    expect((await replicate(key, asked(away))).code).toBe('KMS.0308')
    expect((await replicate(key, { ...asked(away), replica_region: home.huawei })).code).toBe('KMS.0308')
    const again = `POST /v2/${projectIn(away)}/kms/keys/${copy}/replicate`
    expect((await huaweiCall(keystead, again, asked(third))).code).toBe('KMS.0106')
    expect((await replicate(await createImported(keystead), asked(away))).code).toBe('KMS.0308')
    const other = await createKey(keystead)
    const { key_info } = await huaweiOk(
      keystead,
      'POST kms/describe-key',
      { key_id: copy },
      { project: projectIn(away) },
    )
    expect((await replicate(other, asked(away, { key_alias: key_info.key_alias }))).code).toBe('KMS.1104')
    expect((await makePrimary(other, away.huawei)).code).toBe('KMS.0308')
  })
})

it('the regions of the installation are listed, page by page, and past the end are none', async () => {
  const list = async (query: string) =>
    (await huaweiOk(keystead, `GET /v2/${keystead.credentials.huawei.projectId}/kms/regions${query}`)).regions
  const all = await list('')
  expect(all).toEqual(expect.arrayContaining([home.huawei, away.huawei]))
  expect(await list('?limit=2&offset=1')).toEqual(all.slice(1, 3))
  expect(await list('?offset=1000')).toEqual([])
})
