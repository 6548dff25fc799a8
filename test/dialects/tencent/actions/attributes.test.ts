import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAccessKey, addPrincipal } from '../../../harness/access.ts'
import { bringInto, createImported, createKey, importMaterial, newAlias, stateOf } from '../../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../../harness/keystead.ts'
import vendor from '../../../vendor/tencent.json' with { type: 'json' }

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const code = async (action: string, members: Members) => (await keystead.call(action, members)).code
const metadata = async (KeyId: string): Promise<Members> => (await keystead.ok('DescribeKey', { KeyId })).KeyMetadata
const seconds = () => Math.floor(keystead.clock.now() / 1000)
const dayS = 86_400
const yearS = 365 * dayS

describe('an alias', () => {
  const taken = 'InvalidParameterValue.AliasAlreadyExists'
  const invalid = 'InvalidParameterValue.InvalidAlias'

  test.each(['a', '0', 'A_b-C', 'x'.repeat(60), 'kms', 'kmsmine', 'mine-kms-', 'K-ms'])('%s is one', async (Alias) => {
    expect((await keystead.ok('CreateKey', { Alias })).Alias).toBe(Alias)
  })

  test.each([
    ['61 characters', 'x'.repeat(61)],
    ['a hyphen at the start', '-mine'],
    ['an underscore at the start', '_mine'],
    ['a space', 'my key'],
    ['a dot', 'my.key'],
    ['a letter beyond ASCII', 'clé'],
    ['a line end', 'mine\n'],
    ['the prefix of cloud products', 'kms-mine'],
    ['that prefix in capital letters', 'KMS-mine'],
    ['that prefix in mixed letters', 'kMs-'],
  ])('%s makes none', async (_why, Alias) => {
    const KeyId = await createKey(keystead)
    expect(await code('CreateKey', { Alias })).toBe(invalid)
    expect(await code('UpdateAlias', { KeyId, Alias })).toBe(invalid)
  })

  test('is held by one key of an account and region, letter by letter', async () => {
    const Alias = newAlias()
    const KeyId = await createKey(keystead, { Alias })
    const other = await createKey(keystead)
    expect(await code('CreateKey', { Alias })).toBe(taken)
    expect(await code('UpdateAlias', { KeyId: other, Alias })).toBe(taken)
    expect(await code('CreateKey', { Alias: Alias.toUpperCase() })).toBeUndefined()
    await createKey(keystead, { Alias }, { region: 'ap-shanghai' })
    expect((await metadata(KeyId)).Alias).toBe(Alias)
  })

  test('may be set to what it is, and a changed one is free for others at once', async () => {
    const Alias = newAlias()
    const KeyId = await createKey(keystead, { Alias })
    await keystead.ok('UpdateAlias', { KeyId, Alias })
    await keystead.ok('UpdateAlias', { KeyId, Alias: `${Alias}-2` })
    expect((await metadata(KeyId)).Alias).toBe(`${Alias}-2`)
    await createKey(keystead, { Alias })
    expect(await code('UpdateAlias', { KeyId, Alias })).toBe(taken)
  })

  test('of a key that waits for its deletion stays taken', async () => {
    const Alias = newAlias()
    const KeyId = await createKey(keystead, { Alias })
    await bringInto(keystead, KeyId, 'PendingDelete')
    expect(await code('CreateKey', { Alias })).toBe(taken)
    await keystead.ok('CancelKeyDeletion', { KeyId })
    expect((await metadata(KeyId)).Alias).toBe(Alias)
  })

  test('asked for by many at once is given to one', async () => {
    const Alias = newAlias()
    const answers = await Promise.all(Array.from({ length: 16 }, () => code('CreateKey', { Alias })))
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(1)
    expect(answers.filter((answer) => answer === taken)).toHaveLength(15)
  })

  test('is not taken for a key id', async () => {
    const Alias = newAlias()
    await createKey(keystead, { Alias })
    expect(await code('DescribeKey', { KeyId: Alias })).toBe('InvalidParameterValue.InvalidKeyId')
  })
})

describe('a description', () => {
  test('has at most 1024 bytes in UTF-8', async () => {
    const KeyId = await createKey(keystead)
    for (const Description of ['x'.repeat(1024), `${'钥'.repeat(341)}x`, '🔑'.repeat(256)]) {
      await keystead.ok('UpdateKeyDescription', { KeyId, Description })
      expect((await metadata(KeyId)).Description).toBe(Description)
      expect((await keystead.ok('CreateKey', { Alias: newAlias(), Description })).Description).toBe(Description)
      expect(await code('UpdateKeyDescription', { KeyId, Description: `${Description}x` })).toBe('InvalidParameter')
      expect(await code('CreateKey', { Alias: newAlias(), Description: `${Description}x` })).toBe('InvalidParameter')
    }
  })

  test('is any text, and empty when none was given', async () => {
    const KeyId = await createKey(keystead)
    expect((await metadata(KeyId)).Description).toBe('')
    for (const Description of ['<script>\'";--', 'a\nb\tc', '\u0000', '']) {
      expect([Description, await code('UpdateKeyDescription', { KeyId, Description })]).toEqual([
        Description,
        undefined,
      ])
      expect((await metadata(KeyId)).Description).toBe(Description)
    }
  })
})

describe('the metadata of a key', () => {
  test('have every documented member, with the values of a key that was just made', async () => {
    const { uin, appId } = keystead.credentials.tencent
    const before = seconds()
    const [Alias, Description] = [newAlias(), 'for the members']
    const created = await keystead.ok('CreateKey', { Alias, Description })
    const { KeyId, CreateTime, RequestId, ...rest } = created
    expect(rest).toEqual({
      Alias,
      Description,
      KeyState: 'Enabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      TagCode: 0,
      TagMsg: '',
      HsmClusterId: '',
    })
    expect(RequestId).not.toBe(KeyId)
    expect(CreateTime).toBeGreaterThanOrEqual(before)
    expect(CreateTime).toBeLessThanOrEqual(seconds())
    const found = await metadata(KeyId)
    expect(Object.keys(found).sort()).toEqual([...vendor.keyMetadata].sort())
    expect(found).toEqual({
      KeyId,
      Alias,
      CreateTime,
      Description,
      KeyState: 'Enabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      Type: 2,
      CreatorUin: Number(uin),
      KeyRotationEnabled: false,
      Owner: 'user',
      NextRotateTime: CreateTime + yearS,
      DeletionDate: 0,
      Origin: 'TENCENT_KMS',
      ValidTo: 0,
      ResourceId: `creatorUin/${uin}/${KeyId}`,
      HsmClusterId: '',
      RotateDays: 365,
      LastRotateTime: 0,
      IsSyncReplica: 0,
      SourceRegion: '',
      SyncStatus: 0,
      SyncMessages: '',
      SyncStartTime: 0,
      SyncEndTime: 0,
      SourceHsmClusterId: '',
      AccountAppId: Number(appId),
      AccountUin: Number(uin),
      AccountName: 'keystead',
      CreatorUinString: uin,
    })
  })

  test('name whoever made the key', async () => {
    const resources = [{ kind: '*', region: '*', creator: '*', id: '*' }]
    const policies = [{ statements: [{ effect: 'allow', rights: ['create', 'describe'], resources }] }]
    const principal = await addPrincipal(keystead, { policies })
    const key = await addAccessKey(keystead, { principal })
    const KeyId = await createKey(keystead, {}, { key })
    const found = await metadata(KeyId)
    expect([found.CreatorUin, found.CreatorUinString]).toEqual([Number(principal), principal])
    expect(found.ResourceId).toBe(`creatorUin/${principal}/${KeyId}`)
    expect(found.AccountUin).toBe(Number(keystead.credentials.tencent.uin))
  })

  test('tell origin and end of imported material', async () => {
    const KeyId = await createKey(keystead, { Type: 2 })
    expect(await metadata(KeyId)).toMatchObject({ Origin: 'EXTERNAL', KeyState: 'PendingImport', ValidTo: 0 })
    const ValidTo = seconds() + 1000
    await importMaterial(keystead, KeyId, { ValidTo })
    expect(await metadata(KeyId)).toMatchObject({ Origin: 'EXTERNAL', KeyState: 'Enabled', ValidTo })
  })

  test('tell the date of the deletion, exactly that many days from the call, and 0 once it is cancelled', async () => {
    for (const PendingWindowInDays of [7, 30]) {
      const KeyId = await createKey(keystead)
      await bringInto(keystead, KeyId, 'Disabled')
      const before = seconds()
      const { DeletionDate, KeyId: answered } = await keystead.ok('ScheduleKeyDeletion', { KeyId, PendingWindowInDays })
      expect(answered).toBe(KeyId)
      expect(DeletionDate - PendingWindowInDays * dayS).toBeGreaterThanOrEqual(before)
      expect(DeletionDate - PendingWindowInDays * dayS).toBeLessThanOrEqual(seconds())
      expect((await metadata(KeyId)).DeletionDate).toBe(DeletionDate)
      expect((await keystead.ok('CancelKeyDeletion', { KeyId })).KeyId).toBe(KeyId)
      expect((await metadata(KeyId)).DeletionDate).toBe(0)
    }
    const KeyId = await createKey(keystead)
    await bringInto(keystead, KeyId, 'Disabled')
    for (const PendingWindowInDays of [0, 6, 31, -7, 1e9])
      expect(await code('ScheduleKeyDeletion', { KeyId, PendingWindowInDays })).toBe(
        'InvalidParameter.InvalidPendingWindowInDays',
      )
    for (const PendingWindowInDays of [7.5, 'seven', '7 ', true])
      expect(await code('ScheduleKeyDeletion', { KeyId, PendingWindowInDays })).toBe('InvalidParameter')
    expect(await stateOf(keystead, KeyId)).toBe('Disabled')
  })
})

describe('CreateKey', () => {
  test('offers every usage that is documented, and refuses unknown ones as unknown', async () => {
    const known = (KeyUsage: string) => code('CreateKey', { Alias: newAlias(), KeyUsage })
    expect(await known('ENCRYPT_DECRYPT')).toBeUndefined()
    for (const usage of ['ASYMMETRIC_DECRYPT_RSA_2048', 'ASYMMETRIC_SIGN_VERIFY_SM2'])
      expect(await known(usage)).toBeUndefined()
    for (const usage of ['encrypt_decrypt', 'ALL', 'NONSENSE'])
      expect(await known(usage)).toBe('InvalidParameterValue.InvalidKeyUsage')
  })

  test('takes imported material for ENCRYPT_DECRYPT only', async () => {
    const KeyUsage = 'ASYMMETRIC_SIGN_VERIFY_ECC'
    expect(await code('CreateKey', { Alias: newAlias(), Type: 2, KeyUsage })).toBe('InvalidParameterValue.InvalidType')
    const { KeyState } = await keystead.ok('CreateKey', { Alias: newAlias(), Type: 2, KeyUsage: 'ENCRYPT_DECRYPT' })
    expect(KeyState).toBe('PendingImport')
    for (const Type of [0, 3, 4])
      expect(await code('CreateKey', { Alias: newAlias(), Type })).toBe('InvalidParameterValue.InvalidType')
  })

  test('takes no tags at all for none, and has no HSM cluster', async () => {
    expect(await code('CreateKey', { Alias: newAlias(), Tags: [] })).toBeUndefined()
    expect(await code('CreateKey', { Alias: newAlias(), HsmClusterId: '' })).toBeUndefined()
    expect(await code('CreateKey', { Alias: newAlias(), HsmClusterId: 'cls-hsm-3dflmo9g' })).toBe(
      'InvalidParameterValue.InvalidHsmClusterId',
    )
  })

  test('stops at the quota, which keys that wait for their deletion do not fill', async () => {
    const small = await startKeystead({ settings: { quotaKeys: 2 } })
    try {
      const limit = 'LimitExceeded.CmkLimitExceeded'
      const first = await createKey(small)
      await createKey(small)
      const third = async () => (await small.call('CreateKey', { Alias: newAlias() })).code
      expect(await third()).toBe(limit)
      await createKey(small, {}, { region: 'ap-shanghai' })
      expect(await small.ok('GetServiceStatus')).toMatchObject({ CmkUserCount: 2, CmkLimit: 2 })
      await bringInto(small, first, 'PendingDelete')
      expect((await small.ok('GetServiceStatus')).CmkUserCount).toBe(1)
      expect(await third()).toBeUndefined()
      expect(await third()).toBe(limit)
    } finally {
      await small.end()
    }
  })
})

describe('batches', () => {
  const { CmkNotFound, DuplicatedKeyId, CmkStateNotSupport } = {
    CmkNotFound: 'ResourceUnavailable.CmkNotFound',
    DuplicatedKeyId: 'InvalidParameterValue.DuplicatedKeyId',
    CmkStateNotSupport: 'ResourceUnavailable.CmkStateNotSupport',
  }
  const unknown = '23e80852-1e38-11e9-b129-5cb9019b4b01'
  const three = () => Promise.all([1, 2, 3].map(() => createKey(keystead)))

  test('change up to 100 keys in one call, and refuse 101 and none', async () => {
    const KeyIds = await Promise.all(Array.from({ length: 101 }, () => createKey(keystead)))
    const hundred = KeyIds.slice(0, 100)
    await keystead.ok('DisableKeys', { KeyIds: hundred })
    const { KeyMetadatas } = await keystead.ok('DescribeKeys', { KeyIds: hundred })
    expect(KeyMetadatas.map((found: Members) => found.KeyState)).toEqual(hundred.map(() => 'Disabled'))
    await keystead.ok('EnableKeys', { KeyIds: hundred })
    for (const action of ['DescribeKeys', 'EnableKeys', 'DisableKeys']) {
      expect(await code(action, { KeyIds }), action).toBe('InvalidParameter')
      expect(await code(action, { KeyIds: [] }), action).toBe('InvalidParameter')
    }
    expect(await stateOf(keystead, KeyIds[0] ?? '')).toBe('Enabled')
  })

  test('are described in the order asked', async () => {
    const KeyIds = await three()
    for (const asked of [KeyIds, KeyIds.toReversed()]) {
      const { KeyMetadatas } = await keystead.ok('DescribeKeys', { KeyIds: asked })
      expect(KeyMetadatas.map((found: Members) => found.KeyId)).toEqual(asked)
    }
  })

  test.each([
    ['a repeated id', DuplicatedKeyId, async ([first = '', ...rest]: string[]) => [first, ...rest, first]],
    [
      'a repeated id in quotes',
      DuplicatedKeyId,
      async ([first = '', ...rest]: string[]) => [first, ...rest, `"${first}"`],
    ],
    ['an unknown id', CmkNotFound, async (ids: string[]) => [...ids, unknown]],
    ['an unknown id at the start', CmkNotFound, async (ids: string[]) => [unknown, ...ids]],
    [
      'a key of another region',
      CmkNotFound,
      async (ids: string[]) => [...ids, await createKey(keystead, {}, { region: 'ap-shanghai' })],
    ],
    ['a malformed id', 'InvalidParameterValue.InvalidKeyId', async (ids: string[]) => [...ids, 'nonsense']],
  ])('change nothing for %s', async (_why, refused, spoil) => {
    const KeyIds = await three()
    const spoilt = await spoil(KeyIds)
    expect(await code('DisableKeys', { KeyIds: spoilt })).toBe(refused)
    expect(await code('DescribeKeys', { KeyIds: spoilt })).toBe(refused)
    const { KeyMetadatas } = await keystead.ok('DescribeKeys', { KeyIds })
    expect(KeyMetadatas.map((found: Members) => found.KeyState)).toEqual(['Enabled', 'Enabled', 'Enabled'])
  })

  test('change nothing when one key is in a wrong state', async () => {
    const KeyIds = await three()
    const archived = await createKey(keystead)
    await bringInto(keystead, archived, 'Archived')
    expect(await code('DisableKeys', { KeyIds: [...KeyIds, archived] })).toBe(CmkStateNotSupport)
    const waiting = await createImported(keystead)
    await bringInto(keystead, waiting, 'PendingImport')
    expect(await code('EnableKeys', { KeyIds: [waiting, ...KeyIds] })).toBe(CmkStateNotSupport)
    const { KeyMetadatas } = await keystead.ok('DescribeKeys', { KeyIds: [...KeyIds, archived, waiting] })
    expect(KeyMetadatas.map((found: Members) => found.KeyState)).toEqual([
      ...['Enabled', 'Enabled', 'Enabled'],
      'Archived',
      'PendingImport',
    ])
  })
})

test('the own account may be named as the one to act for, in every form that says so', async () => {
  const KeyId = await createKey(keystead)
  const { uin, appId } = keystead.credentials.tencent
  const foreign = 'UnsupportedOperation.NotRoleOperation'
  for (const MemberAccount of [{}, { MemberUin: Number(uin) }, { MemberUin: uin, MemberAppId: appId }])
    expect(await code('DescribeKey', { KeyId, MemberAccount })).toBeUndefined()
  for (const MemberAccount of [{ MemberUin: 1 }, { MemberUin: Number(uin), MemberAppId: 1 }, { MemberAppId: 1 }])
    expect(await code('DescribeKey', { KeyId, MemberAccount })).toBe(foreign)
  expect(await code('DisableKey', { KeyId, MemberAccount: { MemberUin: 1 } })).toBe(foreign)
  expect(await stateOf(keystead, KeyId)).toBe('Enabled')
  expect(await code('ListKeyDetail', { MemberAccounts: [{ MemberUin: Number(uin) }] })).toBeUndefined()
  expect(await code('ListKeyDetail', { MemberAccounts: [{ MemberUin: Number(uin) }, { MemberUin: 1 }] })).toBe(foreign)
})
