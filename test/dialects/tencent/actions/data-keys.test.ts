/** Hosted data keys over HTTP: what is kept, who gets it, and when it is gone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAccessKey, addPrincipal } from '../../../harness/access.ts'
import { bringDataKeyInto, describeDataKey, hostDataKey } from '../../../harness/data-keys.ts'
import { bringInto, createKey, newAlias } from '../../../harness/keys.ts'
import { type CallOptions, type Members, startKeystead, type TestKeystead } from '../../../harness/keystead.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead({ settings: { quotaDataKeys: 500 } })
})
afterAll(() => keystead.end())

const code = async (action: string, members: Members, options?: CallOptions) =>
  (await keystead.call(action, members, options)).code
const plaintextOf = async (DataKeyId: string): Promise<string> =>
  (await keystead.ok('GetDataKeyPlaintext', { DataKeyId })).Plaintext
const base64 = (text: string) => Buffer.from(text).toString('base64')
const imported = async (members: Members = {}): Promise<Members> => {
  const KeyId = members.KeyId ?? (await createKey(keystead))
  const material = { ImportType: 2, ImportKeyMaterial: base64('made elsewhere') }
  return keystead.ok('ImportDataKey', { KeyId, DataKeyName: newAlias(), ...material, ...members })
}

describe('GenerateDataKey with IsHostedByKms', () => {
  test.each([1, '1'])('%j keeps the data key, which is given out again as it was', async (IsHostedByKms) => {
    const { KeyId, DataKeyId, Plaintext, CiphertextBlob, TagCode } = await hostDataKey(keystead, { IsHostedByKms })
    expect(Buffer.from(Plaintext, 'base64')).toHaveLength(32)
    expect(TagCode).toBe(0)
    expect(await plaintextOf(DataKeyId)).toBe(Plaintext)
    expect(await keystead.ok('GetDataKeyCiphertextBlob', { DataKeyId })).toMatchObject({ CiphertextBlob })
    expect(await keystead.ok('Decrypt', { CiphertextBlob })).toMatchObject({ KeyId, Plaintext })
  })

  test('0 keeps nothing, whatever is said of a name', async () => {
    const KeyId = await createKey(keystead)
    const { TotalCount } = await keystead.ok('ListDataKeys')
    const answer = await keystead.ok('GenerateDataKey', { KeyId, IsHostedByKms: 0, DataKeyName: '' })
    expect(answer).not.toHaveProperty('DataKeyId')
    expect((await keystead.ok('ListDataKeys')).TotalCount).toBe(TotalCount)
  })

  test('a context is not asked for again, and Decrypt of the blob still needs it', async () => {
    const EncryptionContext = '{"b":1,"__proto__":"a"}'
    const { DataKeyId, Plaintext } = await hostDataKey(keystead, { EncryptionContext, NumberOfBytes: 1024 })
    expect(await plaintextOf(DataKeyId)).toBe(Plaintext)
    const { CiphertextBlob } = await keystead.ok('GetDataKeyCiphertextBlob', { DataKeyId })
    expect(await code('Decrypt', { CiphertextBlob })).toBe('InvalidParameterValue.InvalidCiphertext')
    expect((await keystead.ok('Decrypt', { CiphertextBlob, EncryptionContext })).Plaintext).toBe(Plaintext)
  })

  test('a rotation of the CMK takes nothing away', async () => {
    const { KeyId, DataKeyId, Plaintext } = await hostDataKey(keystead)
    await keystead.ok('EnableKeyRotation', { KeyId })
    await keystead.ok('RotateKey', { KeyId })
    expect(await plaintextOf(DataKeyId)).toBe(Plaintext)
  })

  test('its attributes are told, and never the data key', async () => {
    const Alias = newAlias()
    const KeyId = await createKey(keystead, { Alias })
    const [DataKeyName, Description] = [newAlias(), '数据密钥']
    const { DataKeyId } = await hostDataKey(keystead, { KeyId, DataKeyName, Description, KeySpec: 'AES_128' })
    const { uin } = keystead.credentials.tencent
    expect(await describeDataKey(keystead, DataKeyId)).toMatchObject({
      DataKeyId,
      KeyId,
      KeyName: Alias,
      DataKeyName,
      Description,
      NumberOfBytes: 16,
      KeyState: 'Enabled',
      Origin: 'TENCENT_KMS',
      Owner: 'user',
      DeletionDate: 0,
      ResourceId: `creatorUin/${uin}/${DataKeyId}`,
    })
  })

  test('what is hosted under a disabled CMK is nothing', async () => {
    const KeyId = await createKey(keystead)
    await bringInto(keystead, KeyId, 'Disabled')
    const asked = { KeyId, IsHostedByKms: 1, DataKeyName: newAlias() }
    expect(await code('GenerateDataKey', asked)).toBe('ResourceUnavailable.CmkDisabled')
    expect((await keystead.ok('ListDataKeyDetail', { KeyId })).TotalCount).toBe(0)
  })
})

describe('ImportDataKey', () => {
  test('keeps a data key in clear as it is', async () => {
    const { DataKeyId, KeyId } = await imported()
    expect(await plaintextOf(DataKeyId)).toBe(base64('made elsewhere'))
    expect(await describeDataKey(keystead, DataKeyId)).toMatchObject({ Origin: 'EXTERNAL', NumberOfBytes: 14, KeyId })
  })

  test('keeps a blob of GenerateDataKey, whose CMK it names', async () => {
    const KeyId = await createKey(keystead)
    const { Plaintext, CiphertextBlob } = await keystead.ok('GenerateDataKey', { KeyId })
    const asked = { ImportType: 1, ImportKeyMaterial: CiphertextBlob, DataKeyName: newAlias() }
    const { DataKeyId, KeyId: named } = await keystead.ok('ImportDataKey', asked)
    expect(named).toBe(KeyId)
    expect(await plaintextOf(DataKeyId)).toBe(Plaintext)
    expect((await describeDataKey(keystead, DataKeyId)).Origin).toBe('TENCENT_KMS')
    expect((await keystead.ok('GetDataKeyCiphertextBlob', { DataKeyId })).CiphertextBlob).toBe(CiphertextBlob)
  })

  test('refuses what is no data key of the CMK: data, another CMK, a context, a change of a bit', async () => {
    const KeyId = await createKey(keystead)
    const wrong = 'InvalidParameterValue.InvalidImportKeyMaterial'
    const asked = async (ImportKeyMaterial: string, over: Members = {}) =>
      code('ImportDataKey', { ImportType: 1, ImportKeyMaterial, DataKeyName: newAlias(), ...over })
    const { CiphertextBlob } = await keystead.ok('GenerateDataKey', { KeyId })
    const encrypted = await keystead.ok('Encrypt', { KeyId, Plaintext: base64('data') })
    expect(await asked(encrypted.CiphertextBlob)).toBe(wrong)
    expect(await asked(CiphertextBlob, { KeyId: await createKey(keystead) })).toBe(wrong)
    const bound = await keystead.ok('GenerateDataKey', { KeyId, EncryptionContext: '{"a":"b"}' })
    expect(await asked(bound.CiphertextBlob)).toBe(wrong)
    const bytes = Buffer.from(CiphertextBlob, 'base64')
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    expect(await asked(bytes.toString('base64'))).toBe(wrong)
    expect(await asked(CiphertextBlob, { KeyId })).toBeUndefined()
  })

  test('in clear needs a CMK, and takes 1 to 1024 bytes', async () => {
    const KeyId = await createKey(keystead)
    const asked = (length: number, over: Members = {}) => {
      const ImportKeyMaterial = Buffer.alloc(length, 1).toString('base64')
      return code('ImportDataKey', { ImportType: 2, ImportKeyMaterial, DataKeyName: newAlias(), KeyId, ...over })
    }
    expect(await asked(16, { KeyId: undefined })).toBe('MissingParameter')
    expect(await asked(1025)).toBe('InvalidParameterValue.InvalidPlaintext')
    expect(await asked(1024)).toBeUndefined()
    expect(await asked(1)).toBeUndefined()
  })
})

describe('names', () => {
  test('are unique in an account and region, also of those that are renamed or imported', async () => {
    const DataKeyName = newAlias()
    const taken = 'InvalidParameterValue.DataKeyNameAlreadyExists'
    const first = await hostDataKey(keystead, { DataKeyName })
    const other = await hostDataKey(keystead)
    expect(await code('UpdateDataKeyName', { DataKeyId: other.DataKeyId, DataKeyName })).toBe(taken)
    const material = { ImportType: 2, ImportKeyMaterial: 'MTIz', KeyId: first.KeyId }
    expect(await code('ImportDataKey', { DataKeyName, ...material })).toBe(taken)
    expect(await code('UpdateDataKeyName', { DataKeyId: first.DataKeyId, DataKeyName })).toBeUndefined()
    await hostDataKey(keystead, { DataKeyName }, { region: 'ap-shanghai' })
    await keystead.ok('UpdateDataKeyName', { DataKeyId: first.DataKeyId, DataKeyName: newAlias() })
    await keystead.ok('UpdateDataKeyName', { DataKeyId: other.DataKeyId, DataKeyName })
  })

  test('are not those of CMKs', async () => {
    const Alias = newAlias()
    await createKey(keystead, { Alias })
    await hostDataKey(keystead, { DataKeyName: Alias })
  })
})

describe('a data key', () => {
  test('is of its own region, and no CMK', async () => {
    const { DataKeyId } = await hostDataKey(keystead)
    const elsewhere = { region: 'ap-shanghai' }
    for (const action of ['DescribeDataKey', 'GetDataKeyPlaintext', 'GetDataKeyCiphertextBlob', 'DisableDataKey'])
      expect(await code(action, { DataKeyId }, elsewhere)).toBe('ResourceUnavailable.DataKeyNotFound')
    expect(await code('DescribeKey', { KeyId: DataKeyId })).toBe('ResourceUnavailable.CmkNotFound')
  })

  test.each([
    ['Disabled', 'ResourceUnavailable.CmkDisabled'],
    ['PendingDelete', 'ResourceUnavailable.CmkStateNotSupport'],
    ['Archived', undefined],
  ] as const)('under a CMK that is %s is answered with %s', async (state, expected) => {
    const { KeyId, DataKeyId } = await hostDataKey(keystead)
    await bringInto(keystead, KeyId, state)
    expect(await code('GetDataKeyPlaintext', { DataKeyId })).toBe(expected)
  })

  test('tells its own state before that of its CMK', async () => {
    const { KeyId, DataKeyId } = await hostDataKey(keystead)
    await bringDataKeyInto(keystead, DataKeyId, 'Disabled')
    await bringInto(keystead, KeyId, 'Disabled')
    expect(await code('GetDataKeyPlaintext', { DataKeyId })).toBe('ResourceUnavailable.DataKeyDisabled')
  })

  test('is gone from every action at its date, and its name is free', async () => {
    const one = await startKeystead()
    try {
      const DataKeyName = newAlias()
      const { DataKeyId, KeyId } = await hostDataKey(one, { DataKeyName })
      const { DeletionDate } = await one.ok('ScheduleDataKeyDeletion', { DataKeyId, PendingWindowInDays: 7 })
      one.clock.pass(7 * 86_400_000 + 1000)
      expect(DeletionDate * 1000).toBeLessThanOrEqual(one.clock.now())
      for (const action of ['DescribeDataKey', 'CancelDataKeyDeletion', 'GetDataKeyPlaintext', 'EnableDataKey'])
        expect((await one.call(action, { DataKeyId })).code).toBe('ResourceUnavailable.DataKeyNotFound')
      expect((await one.ok('ListDataKeys')).TotalCount).toBe(0)
      await hostDataKey(one, { DataKeyName, KeyId })
    } finally {
      await one.end()
    }
  })
})

describe('batches', () => {
  test('answer in the order asked, and change all or none', async () => {
    const [a, b] = [await hostDataKey(keystead), await hostDataKey(keystead)]
    const ids = [b.DataKeyId, a.DataKeyId]
    const { DataKeyMetadatas } = await keystead.ok('DescribeDataKeys', { DataKeyIds: ids })
    expect(DataKeyMetadatas.map((one: Members) => one.DataKeyId)).toEqual(ids)
    await bringDataKeyInto(keystead, b.DataKeyId, 'PendingDelete')
    expect(await code('DisableDataKeys', { DataKeyIds: ids })).toBe('ResourceUnavailable.DataKeyStateNotSupport')
    expect((await describeDataKey(keystead, a.DataKeyId)).KeyState).toBe('Enabled')
  })

  test('take 1 to 100 ids', async () => {
    const ids = Array.from({ length: 101 }, (_, n) => `23e80852-1e38-11e9-b129-${String(n).padStart(12, '0')}`)
    expect(await code('DescribeDataKeys', { DataKeyIds: ids })).toBe('InvalidParameterValue')
    expect(await code('DescribeDataKeys', { DataKeyIds: ids.slice(1) })).toBe('ResourceUnavailable.DataKeyNotFound')
    expect(await code('DescribeDataKeys', { DataKeyIds: [] })).toBe('InvalidParameterValue')
  })
})

describe('lists', () => {
  test('filter by CMK, state, origin, length, part of a name whatever its case, and tags', async () => {
    const KeyId = await createKey(keystead)
    const Tags = [{ TagKey: 'env', TagValue: 'dev' }]
    const first = await hostDataKey(keystead, { KeyId, DataKeyName: 'List-First', KeySpec: 'AES_128', Tags })
    const second = await imported({ KeyId, DataKeyName: 'list-second' })
    await bringDataKeyInto(keystead, second.DataKeyId, 'Disabled')
    const listed = async (members: Members) =>
      (await keystead.ok('ListDataKeyDetail', { KeyId, ...members })).DataKeyMetadatas.map(
        (one: Members) => one.DataKeyId,
      )
    const [one, two] = [first.DataKeyId, second.DataKeyId]
    expect(await listed({})).toEqual([two, one])
    expect(await listed({ OrderType: 1 })).toEqual([one, two])
    expect(await listed({ KeyState: 1 })).toEqual([one])
    expect(await listed({ KeyState: 2 })).toEqual([two])
    expect(await listed({ KeyState: 3 })).toEqual([])
    expect(await listed({ Origin: 'EXTERNAL' })).toEqual([two])
    expect(await listed({ Origin: 'TENCENT_KMS' })).toEqual([one])
    expect(await listed({ DataKeyLen: 16 })).toEqual([one])
    expect(await listed({ SearchKeyAlias: 'LIST-' })).toEqual([two, one])
    expect(await listed({ SearchKeyAlias: one })).toEqual([one])
    expect(await listed({ TagFilters: [{ TagKey: 'env', TagValue: ['prod', 'dev'] }] })).toEqual([one])
    expect(await listed({ Role: 1 })).toEqual([])
    const page = await keystead.ok('ListDataKeyDetail', { KeyId, Offset: 1, Limit: 1 })
    expect([page.TotalCount, page.DataKeyMetadatas.length]).toEqual([2, 1])
    expect((await keystead.ok('ListDataKeys', { Limit: 2 })).DataKeys).toEqual([{ DataKeyId: two }, { DataKeyId: one }])
  })
})

describe('GetServiceStatus', () => {
  test('tells how many data keys there are, and how many there may be', async () => {
    const before = await keystead.ok('GetServiceStatus')
    expect(before).toMatchObject({ IsAllowedDataKeyHosted: true, DataKeyLimit: 500 })
    const { DataKeyId } = await hostDataKey(keystead)
    expect((await keystead.ok('GetServiceStatus')).DataKeyUsedCount).toBe(before.DataKeyUsedCount + 1)
    await bringDataKeyInto(keystead, DataKeyId, 'PendingDelete')
    expect((await keystead.ok('GetServiceStatus')).DataKeyUsedCount).toBe(before.DataKeyUsedCount)
  })
})

describe('a policy', () => {
  const uin = () => keystead.credentials.tencent.uin
  const named = (id: string) => `qcs::kms:ap-guangzhou:uin/${uin()}:key/creatorUin/${uin()}/${id}`
  const keyOf = async (action: string | string[], resource: string[]) => {
    const policies = [{ version: '2.0', statement: [{ effect: 'allow', action, resource }] }]
    return addAccessKey(keystead, { principal: await addPrincipal(keystead, { policies, language: 'tencent' }) })
  }

  test('names a data key as it names a CMK; its plaintext takes both', async () => {
    const [mine, other] = [await hostDataKey(keystead), await hostDataKey(keystead)]
    const read = 'kms:GetDataKeyPlaintext'
    const key = await keyOf([read, 'kms:DescribeDataKey'], [named(mine.DataKeyId), named(mine.KeyId)])
    expect(await code('GetDataKeyPlaintext', { DataKeyId: mine.DataKeyId }, { key })).toBeUndefined()
    expect(await code('DescribeDataKey', { DataKeyId: mine.DataKeyId }, { key })).toBeUndefined()
    expect(await code('GetDataKeyPlaintext', { DataKeyId: other.DataKeyId }, { key })).toBe('UnauthorizedOperation')
    const half = await keyOf(read, [named(mine.DataKeyId)])
    expect(await code('GetDataKeyPlaintext', { DataKeyId: mine.DataKeyId }, { key: half })).toBe(
      'UnauthorizedOperation',
    )
  })

  test('that lets one decrypt does not let one read what is hosted, nor the other way round', async () => {
    const { DataKeyId, CiphertextBlob, KeyId } = await hostDataKey(keystead)
    const resource = [`qcs::kms:ap-guangzhou:uin/${uin()}:key/*`]
    const decrypts = await keyOf('kms:Decrypt', resource)
    expect(await code('Decrypt', { CiphertextBlob }, { key: decrypts })).toBeUndefined()
    expect(await code('GetDataKeyPlaintext', { DataKeyId }, { key: decrypts })).toBe('UnauthorizedOperation')
    const reads = await keyOf('kms:GetDataKeyPlaintext', resource)
    expect(await code('GetDataKeyPlaintext', { DataKeyId }, { key: reads })).toBeUndefined()
    expect(await code('Decrypt', { CiphertextBlob }, { key: reads })).toBe('UnauthorizedOperation')
    expect(await code('EnableDataKey', { DataKeyId }, { key: reads })).toBe('AuthFailure.UnauthorizedOperation')
    expect(await code('GenerateDataKey', { KeyId }, { key: reads })).toBe('UnauthorizedOperation')
  })

  test('that lets one generate data keys lets one host them', async () => {
    const KeyId = await createKey(keystead)
    const key = await keyOf('kms:GenerateDataKey', [named(KeyId)])
    await hostDataKey(keystead, { KeyId }, { key })
  })
})

test('the record names the data key, its CMK and version, and nothing of what they are', async () => {
  const { DataKeyId, KeyId, Plaintext } = await hostDataKey(keystead)
  await plaintextOf(DataKeyId)
  const lines = keystead.audit().filter((line) => JSON.stringify(line).includes(DataKeyId))
  expect(lines).toMatchObject([
    {
      action: 'GenerateDataKey',
      objects: [
        { kind: 'key', id: KeyId },
        { kind: 'dataKey', id: DataKeyId },
      ],
    },
    {
      action: 'GetDataKeyPlaintext',
      objects: [
        { kind: 'key', id: KeyId, version: 1 },
        { kind: 'dataKey', id: DataKeyId },
      ],
    },
  ])
  expect(JSON.stringify(lines)).not.toContain(Plaintext)
})
