/** MemberAccount over HTTP: who administers an account may act for it, as far as policies say, and nobody else may. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { administer } from '../../../../src/cli/admin.ts'
import { hostDataKey } from '../../../harness/data-keys.ts'
import { newAlias } from '../../../harness/keys.ts'
import { type AccessKey, type Members, startKeystead, type TestKeystead } from '../../../harness/keystead.ts'

let keystead: TestKeystead
let member: Account
let stranger: Account
beforeAll(async () => {
  keystead = await startKeystead()
  member = await newAccount('member')
  stranger = await newAccount('stranger')
  await native('account-administrator', { account: 'member', administrator: 'keystead' })
})
afterAll(() => keystead.end())

interface Account {
  readonly uin: string
  readonly key: AccessKey
  readonly KeyId: string
}

const native = (action: string, members: Members) => administer(keystead.folder, action, members)

const newKeys = async (user: string, account: string): Promise<AccessKey> => {
  const { id, secret } = await native('access-key-create', { user, account, dialect: 'tencent' })
  return { secretId: String(id), secretKey: String(secret) }
}

const newAccount = async (name: string): Promise<Account> => {
  const { id: uin } = await native('account-create', { name })
  const key = await newKeys('administrator', name)
  const { KeyId } = await keystead.ok('CreateKey', { Alias: newAlias() }, { key })
  return { uin: String(uin), key, KeyId }
}

const acting = ({ uin }: Account) => ({ MemberAccount: { MemberUin: Number(uin) } })
const codeOf = async (action: string, members: Members, key?: AccessKey) =>
  (await keystead.call(action, members, key ? { key } : {})).code

describe('the root of an account', () => {
  test('acts for a member of its organisation, and the keys stay the member’s', async () => {
    const { KeyId } = member
    const { KeyMetadata } = await keystead.ok('DescribeKey', { KeyId, ...acting(member) })
    expect(KeyMetadata).toMatchObject({ KeyId, AccountUin: Number(member.uin), AccountName: 'member' })
    await keystead.ok('DisableKey', { KeyId, ...acting(member) })
    expect((await keystead.ok('DescribeKey', { KeyId }, { key: member.key })).KeyMetadata.KeyState).toBe('Disabled')
    await keystead.ok('EnableKeys', { KeyIds: [KeyId], ...acting(member) })
  })

  test('names the member by its AppId too, and both numbers must be of one account', async () => {
    const { KeyMetadata } = await keystead.ok('DescribeKey', { KeyId: member.KeyId, ...acting(member) })
    const MemberAppId = KeyMetadata.AccountAppId
    const asked = (MemberAccount: Members) => codeOf('DescribeKey', { KeyId: member.KeyId, MemberAccount })
    expect(await asked({ MemberAppId })).toBeUndefined()
    expect(await asked({ MemberAppId, MemberUin: Number(member.uin) })).toBeUndefined()
    expect(await asked({ MemberAppId, MemberUin: Number(stranger.uin) })).toBe('UnsupportedOperation.NotRoleOperation')
  })

  test('does not see the member’s keys without saying for whom it acts, nor its own while it does', async () => {
    expect(await codeOf('DescribeKey', { KeyId: member.KeyId })).toBe('ResourceUnavailable.CmkNotFound')
    const { KeyId } = await keystead.ok('CreateKey', { Alias: newAlias() })
    expect(await codeOf('DescribeKey', { KeyId, ...acting(member) })).toBe('ResourceUnavailable.CmkNotFound')
  })

  test.each([
    ['an account of no organisation', () => acting(stranger)],
    ['an account that is not there', () => ({ MemberAccount: { MemberUin: 1 } })],
  ])('does not act for %s', async (_name, whom) => {
    expect(await codeOf('DescribeKey', { KeyId: stranger.KeyId, ...whom() })).toBe(
      'UnsupportedOperation.NotRoleOperation',
    )
  })

  test('of a member does not act for who administers it', async () => {
    const own = { MemberAccount: { MemberUin: Number(keystead.credentials.tencent.uin) } }
    const { KeyId } = await keystead.ok('CreateKey', { Alias: newAlias() })
    expect(await codeOf('DescribeKey', { KeyId, ...own }, member.key)).toBe('UnsupportedOperation.NotRoleOperation')
  })

  test('lists the keys of several accounts as one list', async () => {
    const own = Number(keystead.credentials.tencent.uin)
    const MemberAccounts = [{ MemberUin: own }, { MemberUin: Number(member.uin) }]
    const { TotalCount, KeyMetadatas } = await keystead.ok('ListKeyDetail', { MemberAccounts, Limit: 200 })
    expect(TotalCount).toBe(KeyMetadatas.length)
    const owners = new Set(KeyMetadatas.map(({ AccountUin }: Members) => AccountUin))
    expect(owners).toEqual(new Set([own, Number(member.uin)]))
    const alone = await keystead.ok('ListKeyDetail', { MemberAccounts: MemberAccounts.slice(1) })
    expect(alone.KeyMetadatas.map((key: Members) => key.KeyId)).toEqual([member.KeyId])
  })
})

test('data keys of a member are acted on for it, and listed with the own ones', async () => {
  const theirs = await hostDataKey(keystead, { KeyId: member.KeyId }, { key: member.key })
  const own = await hostDataKey(keystead)
  const asked = { DataKeyId: theirs.DataKeyId }
  expect(await codeOf('DescribeDataKey', asked)).toBe('ResourceUnavailable.DataKeyNotFound')
  const { DataKeyMetadata } = await keystead.ok('DescribeDataKey', { ...asked, ...acting(member) })
  expect(DataKeyMetadata).toMatchObject({ ...asked, AccountUin: Number(member.uin), AccountName: 'member' })
  await keystead.ok('DisableDataKey', { ...asked, ...acting(member) })
  expect(await codeOf('GetDataKeyPlaintext', asked, member.key)).toBe('ResourceUnavailable.DataKeyDisabled')
  const MemberAccounts = [{ MemberUin: Number(keystead.credentials.tencent.uin) }, { MemberUin: Number(member.uin) }]
  const { DataKeyMetadatas } = await keystead.ok('ListDataKeyDetail', { MemberAccounts })
  expect(DataKeyMetadatas.map(({ DataKeyId }: Members) => DataKeyId)).toEqual([own.DataKeyId, theirs.DataKeyId])
  const ofTheirKey = { MemberAccounts, KeyId: member.KeyId }
  expect((await keystead.ok('ListDataKeyDetail', ofTheirKey)).TotalCount).toBe(1)
  expect(await codeOf('ListDataKeyDetail', { KeyId: member.KeyId })).toBe('ResourceUnavailable.CmkNotFound')
})

test('a user acts for a member only where a policy names the member', async () => {
  await native('user-create', { name: 'alice' })
  const key = await newKeys('alice', 'keystead')
  const attach = (resource: string) =>
    native('policy-attach', {
      user: 'alice',
      name: 'use',
      document: JSON.stringify({ version: '2.0', statement: [{ effect: 'allow', action: 'kms:*', resource }] }),
    })
  const asked = () => codeOf('DescribeKey', { KeyId: member.KeyId, ...acting(member) }, key)
  await attach('*')
  expect(await asked()).toBe('UnauthorizedOperation')
  await attach(`qcs::kms::uin/${stranger.uin}:key/*`)
  expect(await asked()).toBe('UnauthorizedOperation')
  await attach(`qcs::kms::uin/${member.uin}:key/*`)
  expect(await asked()).toBeUndefined()
})

test('an account that left the organisation is acted for no longer', async () => {
  const left = await newAccount('left')
  await native('account-administrator', { account: 'left', administrator: 'keystead' })
  expect(await codeOf('DescribeKey', { KeyId: left.KeyId, ...acting(left) })).toBeUndefined()
  await native('account-administrator', { account: 'left' })
  expect(await codeOf('DescribeKey', { KeyId: left.KeyId, ...acting(left) })).toBe(
    'UnsupportedOperation.NotRoleOperation',
  )
})

test('an account does not administer itself', async () => {
  await expect(native('account-administrator', { account: 'member', administrator: 'member' })).rejects.toThrow()
})

describe('a key of a cloud product', () => {
  const made = async (): Promise<string> => {
    const name = `kms-${newAlias()}`
    return String((await native('product-key-create', { name, product: 'cbs', region: 'ap-guangzhou' })).id)
  }

  test('is listed apart, says whose it is, encrypts and is rotated', async () => {
    const KeyId = await made()
    const { KeyMetadata } = await keystead.ok('DescribeKey', { KeyId })
    expect(KeyMetadata).toMatchObject({ Owner: 'cbs', KeyState: 'Enabled' })
    const ids = async (Role: number) =>
      (await keystead.ok('ListKeys', { Role, Limit: 200 })).Keys.map((key: Members) => key.KeyId)
    expect(await ids(1)).toContain(KeyId)
    expect(await ids(0)).not.toContain(KeyId)
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })
    await keystead.ok('EnableKeyRotation', { KeyId })
    await keystead.ok('RotateKey', { KeyId })
    expect((await keystead.ok('Decrypt', { CiphertextBlob })).Plaintext).toBe('aGVsbG8=')
  })

  test.each([
    ['DisableKey', 'FailedOperation.CmkUsedByCloudProduct'],
    ['ScheduleKeyDeletion', 'FailedOperation.CmkUsedByCloudProduct'],
    ['ArchiveKey', 'UnsupportedOperation.NotUserCreatedCmk'],
    ['CancelKeyArchive', 'UnsupportedOperation.NotUserCreatedCmk'],
  ])('is not for users to %s', async (action, code) => {
    const more = action === 'ScheduleKeyDeletion' ? { PendingWindowInDays: 7 } : {}
    expect(await codeOf(action, { KeyId: await made(), ...more })).toBe(code)
  })

  test.each([
    [{ name: 'mine' }, 'name'],
    [{ product: 'user' }, 'product'],
    [{ region: 'nowhere' }, 'unknownRegion'],
  ])('is refused for %o', async (changed, named) => {
    const asked = { name: 'kms-x', product: 'cbs', region: 'ap-guangzhou', ...changed }
    await expect(native('product-key-create', asked)).rejects.toThrow(named)
  })
})

test('a fault while the account is looked for is in the record, as one of the operation is', async () => {
  const { reader } = keystead.running.installation.house.store as { reader: { rows: unknown } }
  const { rows } = reader
  reader.rows = () => Promise.reject(new Error('the database cannot be read'))
  try {
    const members = { KeyId: member.KeyId, MemberAccount: { MemberAppId: 7 } }
    const { code, response } = await keystead.call('DescribeKey', members)
    expect(code).toBe('InternalError')
    const entry = keystead.audit().find(({ request }) => request === response.RequestId)
    expect(entry).toMatchObject({ action: 'DescribeKey', outcome: 'failed', objects: [] })
  } finally {
    reader.rows = rows
  }
})
