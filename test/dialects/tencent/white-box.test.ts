/** White-box keys over HTTP: what the server encrypts the tables decrypt, for whom they are made, and what is bounded. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decryptKeyOf } from '../../../src/crypto/white-box/decrypt-key.ts'
import { newWhiteBoxKey } from '../../../src/crypto/white-box/tables.ts'
import { actions as huaweiActions } from '../../../src/dialects/huawei/actions.ts'
import { iamActions } from '../../../src/dialects/huawei/iam/calls.ts'
import { actions as nativeActions } from '../../../src/dialects/native/actions.ts'
import { everyAction } from '../../../src/dialects/tencent/services.ts'
import { openWhiteBox } from '../../../src/white-box/decryptor.ts'
import { addAccessKey, addPrincipal } from '../../harness/access.ts'
import { createKey, newAlias } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { bringWhiteBoxKeyInto, createWhiteBoxKey, fingerprintOf } from '../../harness/white-box.ts'
import { hasOpenssl, openssl } from '../../spec/openssl.ts'
import { readWhiteBox } from '../../spec/white-box-reader.ts'
import { documentOf, type Statement } from './policy-question.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead({ settings: { quotaWhiteBoxKeys: 200 } })
})
afterAll(() => keystead.end())

const bytes = (text: string): Buffer => Buffer.from(text, 'base64')
const code = async (action: string, members: Members) => (await keystead.call(action, members)).code
const info = async (KeyId: string): Promise<Members> => (await keystead.ok('DescribeWhiteBoxKey', { KeyId })).KeyInfo
const decryptKey = async (KeyId: string): Promise<Buffer> =>
  bytes((await keystead.ok('DescribeWhiteBoxDecryptKey', { KeyId })).DecryptKey)
const bind = (KeyId: string, ...devices: number[]) => {
  const DeviceFingerprints = devices.map((device) => ({
    Identity: fingerprintOf(device),
    Description: `no. ${device}`,
  }))
  return keystead.ok('OverwriteWhiteBoxDeviceFingerprints', { KeyId, DeviceFingerprints })
}
const encrypt = async (KeyId: string, plaintext: Buffer) => {
  const { CipherText, InitializationVector } = await keystead.ok('EncryptByWhiteBox', {
    KeyId,
    PlainText: plaintext.toString('base64'),
  })
  return [bytes(CipherText), bytes(InitializationVector)] as const
}

/** What a device makes of a text of the server's, or why it makes nothing of it. */
const device = async (KeyId: string, key: Buffer, fingerprint?: number): Promise<string> => {
  const asked = await encrypt(KeyId, Buffer.from('a film'))
  const identity = fingerprint === undefined ? '' : fingerprintOf(fingerprint)
  const second = readWhiteBox(key, ...asked, identity)?.toString()
  const first = await openWhiteBox(key, identity).then(
    (whiteBox) => Buffer.from(whiteBox.decrypt(...asked)).toString(),
    (error: Error) => error.message,
  )
  expect(second).toBe(first === 'a film' ? first : undefined)
  return first
}
const bound = 'the DecryptKey is bound to other devices'

describe('EncryptByWhiteBox', () => {
  test.each(['AES_256', 'SM4'])(
    'of %s: a thousand random texts decrypt with the tables, by both decryptors',
    async (Algorithm) => {
      const { KeyId, DecryptKey } = await createWhiteBoxKey(keystead, { Algorithm })
      const key = bytes(DecryptKey)
      const whiteBox = await openWhiteBox(key)
      const one = async (): Promise<boolean> => {
        const plaintext = randomBytes(1 + (randomBytes(2).readUInt16BE() % 64))
        const asked = await encrypt(KeyId, plaintext)
        const answers = [Buffer.from(whiteBox.decrypt(...asked)), readWhiteBox(key, ...asked)]
        return answers.every((answer) => answer?.equals(plaintext))
      }
      const right: boolean[] = []
      while (right.length < 1000) right.push(...(await Promise.all(Array.from({ length: 50 }, one))))
      expect(right).toEqual(Array.from({ length: 1000 }, () => true))
    },
  )

  test('takes 4096 bytes and an initialization vector, which it gives back; random ones are never the same', async () => {
    const { KeyId } = await createWhiteBoxKey(keystead)
    const asked = { KeyId, PlainText: Buffer.alloc(4096, 1).toString('base64') }
    const InitializationVector = '3t+gDx/YmtnJuokqAg+cOw=='
    const first = await keystead.ok('EncryptByWhiteBox', { ...asked, InitializationVector })
    expect(first.InitializationVector).toBe(InitializationVector)
    expect(bytes(first.CipherText)).toHaveLength(4112)
    expect((await keystead.ok('EncryptByWhiteBox', { ...asked, InitializationVector })).CipherText).toBe(
      first.CipherText,
    )
    const drawn = await Promise.all(Array.from({ length: 20 }, () => keystead.ok('EncryptByWhiteBox', asked)))
    expect(new Set(drawn.map((answer) => answer.InitializationVector)).size).toBe(20)
  })

  test.each([
    ['a vector of 15 bytes', { InitializationVector: Buffer.alloc(15).toString('base64') }],
    ['a vector of 17 bytes', { InitializationVector: Buffer.alloc(17).toString('base64') }],
    ['a vector that is no Base64', { InitializationVector: '*'.repeat(24) }],
    ['4097 bytes', { PlainText: Buffer.alloc(4097).toString('base64') }],
  ])('refuses %s', async (_name, members) => {
    const { KeyId } = await createWhiteBoxKey(keystead)
    expect(await code('EncryptByWhiteBox', { KeyId, PlainText: 'dGVzdAo=', ...members })).toBe('InvalidParameterValue')
  })

  test('is the only action, of any cloud, that takes an initialization vector, a nonce or a counter', () => {
    const all = [...everyAction, ...huaweiActions, ...iamActions, ...nativeActions]
    const takes = all.flatMap(({ name, request }) =>
      Object.keys(request)
        .filter((member) => /^iv$|initiali[sz]ation|vector|nonce|counter|salt/i.test(member))
        .map((member) => `${name}.${member}`),
    )
    expect(takes).toEqual(['EncryptByWhiteBox.InitializationVector'])
  })

  test('does nothing for a CMK, and Encrypt nothing for a white-box key', async () => {
    const { KeyId } = await createWhiteBoxKey(keystead)
    expect(await code('EncryptByWhiteBox', { KeyId: await createKey(keystead), PlainText: 'dGVzdAo=' })).toBe(
      'ResourceNotFound',
    )
    expect(await code('Encrypt', { KeyId, Plaintext: 'dGVzdAo=' })).toBe('ResourceUnavailable.CmkNotFound')
  })
})

describe('a white-box key', () => {
  test('is told with everything that was said of it', async () => {
    const made = {
      Alias: newAlias(),
      Description: '白盒',
      Algorithm: 'AES_256',
      Tags: [{ TagKey: 'env', TagValue: 'dev' }],
    }
    const { KeyId, EncryptKey, DecryptKey, TagCode, TagMsg } = await keystead.ok('CreateWhiteBoxKey', made)
    const uin = Number(keystead.credentials.tencent.uin)
    expect([TagCode, TagMsg]).toEqual([0, 'ok'])
    expect(await info(KeyId)).toEqual({
      KeyId,
      Alias: made.Alias,
      CreatorUin: uin,
      Description: made.Description,
      CreateTime: expect.any(Number),
      Status: 'Enabled',
      OwnerUin: uin,
      Algorithm: 'AES_256',
      EncryptKey,
      DecryptKey,
      ResourceId: `creatorUin/${uin}/${KeyId}`,
      DeviceFingerprintBind: false,
    })
    expect(bytes(EncryptKey)).toHaveLength(21)
  })

  test('encrypts again once it is enabled again; its tables decrypt all the while', async () => {
    const { KeyId } = await createWhiteBoxKey(keystead)
    const [key, asked] = [await decryptKey(KeyId), await encrypt(KeyId, Buffer.from('a film'))]
    await keystead.ok('DisableWhiteBoxKeys', { KeyIds: [KeyId] })
    expect(await code('EncryptByWhiteBox', { KeyId, PlainText: 'dGVzdAo=' })).toBe('ResourceUnavailable.KeyDisabled')
    expect((await info(KeyId)).Status).toBe('Disabled')
    expect(readWhiteBox(key, ...asked)?.toString()).toBe('a film')
    await keystead.ok('EnableWhiteBoxKeys', { KeyIds: [KeyId] })
    expect(await device(KeyId, key)).toBe('a film')
  })

  test('is gone when it is deleted, and its alias is free', async () => {
    const Alias = newAlias()
    const { KeyId } = await createWhiteBoxKey(keystead, { Alias })
    expect(await code('DeleteWhiteBoxKey', { KeyId })).toBe('FailedOperation')
    await bringWhiteBoxKeyInto(keystead, KeyId, 'Disabled')
    await keystead.ok('DeleteWhiteBoxKey', { KeyId })
    for (const action of [
      'DescribeWhiteBoxKey',
      'DescribeWhiteBoxDecryptKey',
      'EnableWhiteBoxKey',
      'DeleteWhiteBoxKey',
    ])
      expect(await code(action, { KeyId })).toBe('ResourceNotFound')
    await createWhiteBoxKey(keystead, { Alias })
  })

  test('is enabled and disabled with others, all of them or none, once each', async () => {
    const [one, other] = [(await createWhiteBoxKey(keystead)).KeyId, (await createWhiteBoxKey(keystead)).KeyId]
    const unknown = '23e80852-1e38-11e9-b129-5cb9019b4b01'
    expect(await code('DisableWhiteBoxKeys', { KeyIds: [one, unknown] })).toBe('ResourceNotFound')
    expect(await code('DisableWhiteBoxKeys', { KeyIds: [one, one] })).toBe('InvalidParameterValue.DuplicatedKeyId')
    expect((await info(one)).Status).toBe('Enabled')
    await keystead.ok('DisableWhiteBoxKeys', { KeyIds: [one, other] })
    expect([(await info(one)).Status, (await info(other)).Status]).toEqual(['Disabled', 'Disabled'])
  })

  test('leaves nothing of its tables and texts in the record, nor of its tables in clear in the database', async () => {
    const { KeyId, DecryptKey } = await createWhiteBoxKey(keystead)
    await encrypt(KeyId, Buffer.from('a film that nobody has seen'))
    const record = JSON.stringify(keystead.audit())
    expect(record).toContain(KeyId)
    expect(record).not.toContain(DecryptKey.slice(40, 80))
    expect(record).not.toContain('InitializationVector')
    const database = readFileSync(join(keystead.folder, 'keystead.db-wal'))
    for (let at = 10_000; at < bytes(DecryptKey).length; at += 40_000)
      expect(database.includes(bytes(DecryptKey).subarray(at, at + 24))).toBe(false)
  })

  test('is there after a restart, with the same tables', async () => {
    const first = await startKeystead()
    const { KeyId, DecryptKey } = await createWhiteBoxKey(first)
    const asked = { DeviceFingerprints: [{ Identity: fingerprintOf(7) }] }
    await first.ok('OverwriteWhiteBoxDeviceFingerprints', { KeyId, ...asked })
    const { DecryptKey: locked } = await first.ok('DescribeWhiteBoxDecryptKey', { KeyId })
    await first.stop()
    const second = await startKeystead({ folder: first.folder })
    expect((await second.ok('DescribeWhiteBoxDecryptKey', { KeyId })).DecryptKey).toBe(locked)
    await second.ok('OverwriteWhiteBoxDeviceFingerprints', { KeyId })
    expect((await second.ok('DescribeWhiteBoxDecryptKey', { KeyId })).DecryptKey).toBe(DecryptKey)
    await second.end()
  })
})

describe('device fingerprints', () => {
  test('decide who decrypts, and another list decides anew', async () => {
    const { KeyId, DecryptKey } = await createWhiteBoxKey(keystead)
    expect(await device(KeyId, bytes(DecryptKey))).toBe('a film')
    await bind(KeyId, 1, 2)
    const first = await decryptKey(KeyId)
    expect([await device(KeyId, first, 1), await device(KeyId, first, 2)]).toEqual(['a film', 'a film'])
    expect([await device(KeyId, first, 3), await device(KeyId, first)]).toEqual([bound, bound])
    await bind(KeyId, 2, 3)
    const second = await decryptKey(KeyId)
    expect([await device(KeyId, second, 2), await device(KeyId, second, 3)]).toEqual(['a film', 'a film'])
    expect(await device(KeyId, second, 1)).toBe(bound)
    expect((await info(KeyId)).DeviceFingerprintBind).toBe(true)
    expect(bytes((await info(KeyId)).DecryptKey)).toEqual(second)
    await bind(KeyId)
    expect(await device(KeyId, await decryptKey(KeyId))).toBe('a film')
    expect((await info(KeyId)).DeviceFingerprintBind).toBe(false)
  })

  test('are listed as they were given, two hundred of them at most, none twice', async () => {
    const { KeyId } = await createWhiteBoxKey(keystead)
    const list = async () => (await keystead.ok('DescribeWhiteBoxDeviceFingerprints', { KeyId })).DeviceFingerprints
    expect(await list()).toEqual([])
    const all = Array.from({ length: 200 }, (_, at) => at)
    await bind(KeyId, ...all)
    expect(await list()).toEqual(all.map((at) => ({ Identity: fingerprintOf(at), Description: `no. ${at}` })))
    const key = await decryptKey(KeyId)
    expect(await device(KeyId, key, 199)).toBe('a film')
    const overwrite = (...Identities: string[]) =>
      code('OverwriteWhiteBoxDeviceFingerprints', {
        KeyId,
        DeviceFingerprints: Identities.map((Identity) => ({ Identity })),
      })
    expect(await overwrite(...[...all, 200].map(fingerprintOf))).toBe('LimitExceeded.FingerprintsLimitExceeded')
    expect(await overwrite(fingerprintOf(1), fingerprintOf(1))).toBe('InvalidParameterValue')
    for (const wrong of ['', 'mine', fingerprintOf(1).toUpperCase().replace('0', 'A'), `${fingerprintOf(1)}0`])
      expect(await overwrite(wrong), wrong).toBe('InvalidParameterValue')
    expect(await list()).toHaveLength(200)
    expect(await decryptKey(KeyId)).toEqual(key)
  })
})

describe('DescribeWhiteBoxKeyDetails', () => {
  test('has every row that was asked for, and tables for four of them only', async () => {
    const region = { region: 'ap-shanghai' }
    const made: string[] = []
    for (let at = 0; at < 7; at++)
      made.push(
        (await createWhiteBoxKey(keystead, { Tags: [{ TagKey: 'n', TagValue: String(at % 2) }] }, region)).KeyId,
      )
    const list = async (members: Members = {}) => {
      const { exchanged, response } = await keystead.call('DescribeWhiteBoxKeyDetails', members, region)
      return { ...response, size: exchanged.body.length } as Members
    }
    const all = await list()
    expect([all.TotalCount, all.KeyInfos.map(({ KeyId }: Members) => KeyId)]).toEqual([7, made])
    expect(all.KeyInfos.map(({ DecryptKey }: Members) => DecryptKey !== '')).toEqual([
      ...[true, true, true, true],
      ...[false, false, false],
    ])
    expect(all.size).toBeLessThan(5_000_000)
    expect((await list({ Limit: 1_000_000 })).size).toBe(all.size)

    const page = await list({ Offset: 5, Limit: 1 })
    expect([page.TotalCount, page.KeyInfos.length, page.KeyInfos[0].KeyId]).toEqual([7, 1, made[5]])
    expect(bytes(page.KeyInfos[0].DecryptKey)).toHaveLength(823_320)
    expect((await list({ TagFilters: [{ TagKey: 'n', TagValue: ['1'] }] })).TotalCount).toBe(3)
    await keystead.ok('DisableWhiteBoxKey', { KeyId: made[6] }, region)
    const disabled = await list({ KeyStatus: 0 })
    expect(disabled.KeyInfos.map(({ KeyId, Status }: Members) => [KeyId, Status])).toEqual([[made[6], 'Disabled']])
    expect((await list({ KeyStatus: 1 })).TotalCount).toBe(6)
    expect((await list({ Offset: 7 })).KeyInfos).toEqual([])
  })
})

describe('policies', () => {
  const newSub = async (...statements: readonly Statement[]) => {
    const uin = await addPrincipal(keystead, { language: 'tencent', policies: [documentOf(...statements)] })
    const key = await addAccessKey(keystead, { principal: uin })
    return async (action: string, members: Members = {}) => (await keystead.call(action, members, { key })).code ?? 'ok'
  }
  const root = () => keystead.credentials.tencent.uin
  const named = (id: string) => `qcs::kms:ap-guangzhou:uin/${root()}:key/creatorUin/${root()}/${id}`
  const denied = 'UnauthorizedOperation'

  test('name a white-box key as they name any other, and give what they say and nothing else', async () => {
    const [one, other] = [(await createWhiteBoxKey(keystead)).KeyId, (await createWhiteBoxKey(keystead)).KeyId]
    const call = await newSub({ action: ['kms:EncryptByWhiteBox', 'name/kms:DescribeWhiteBox*'], resource: named(one) })
    const PlainText = 'dGVzdAo='
    expect(await call('EncryptByWhiteBox', { KeyId: one, PlainText })).toBe('ok')
    expect(await call('DescribeWhiteBoxDecryptKey', { KeyId: one })).toBe('ok')
    expect(await call('EncryptByWhiteBox', { KeyId: other, PlainText })).toBe(denied)
    expect(await call('DisableWhiteBoxKey', { KeyId: one })).toBe(denied)
    expect(await call('DescribeWhiteBoxKeyDetails')).toBe(denied)
    expect(await call('CreateWhiteBoxKey', { Alias: newAlias(), Algorithm: 'SM4' })).toBe(denied)
  })

  test('let create and list by key/*, and an explicit deny of one key is stronger', async () => {
    const { KeyId } = await createWhiteBoxKey(keystead)
    const call = await newSub(
      { action: 'kms:*WhiteBox*', resource: `qcs::kms:ap-guangzhou:uin/${root()}:key/*` },
      { effect: 'deny', action: 'kms:*', resource: named(KeyId) },
    )
    expect(await call('CreateWhiteBoxKey', { Alias: newAlias(), Algorithm: 'SM4' })).toBe('ok')
    expect(await call('DescribeWhiteBoxKeyDetails', { Limit: 1 })).toBe('ok')
    expect(await call('DescribeWhiteBoxServiceStatus')).toBe('ok')
    expect(await call('DescribeWhiteBoxDecryptKey', { KeyId })).toBe(denied)
    expect(await call('DescribeKey', { KeyId: await createKey(keystead) })).toBe(denied)
  })

  test('ask about the tags of a white-box key', async () => {
    const Tags = [{ TagKey: 'env', TagValue: 'dev' }]
    const [dev, other] = [await createWhiteBoxKey(keystead, { Tags }), await createWhiteBoxKey(keystead)]
    const condition = { 'for_any_value:string_equal': { 'qcs:resource_tag': 'env&dev' } }
    const call = await newSub({ action: 'kms:DescribeWhiteBoxKey', condition })
    expect(await call('DescribeWhiteBoxKey', { KeyId: dev.KeyId })).toBe('ok')
    expect(await call('DescribeWhiteBoxKey', { KeyId: other.KeyId })).toBe(denied)
  })
})

test.skipIf(!hasOpenssl)(
  'a text of the openssl command, under a key of which only the tables are kept, is decrypted',
  async () => {
    const { key, ...parts } = newWhiteBoxKey('sm4')
    const vector = randomBytes(16)
    const args = ['enc', '-sm4-cbc', '-K', Buffer.from(key).toString('hex'), '-iv', vector.toString('hex')]
    const whiteBox = await openWhiteBox(decryptKeyOf('sm4', parts, null))
    expect(Buffer.from(whiteBox.decrypt(openssl(args, Buffer.from('a film')), vector)).toString()).toBe('a film')
  },
)
