import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const encrypt = 'POST kms/encrypt-data'
const decrypt = 'POST kms/decrypt-data'

let keystead: TestKeystead
let aes: string
let sm4: string
beforeAll(async () => {
  keystead = await startKeystead()
  aes = await makeKey(keystead)
  sm4 = await makeKey(keystead, { key_spec: 'SM4' })
})
afterAll(() => keystead.end())

const encrypted = async (members: Members): Promise<string> =>
  (await huaweiOk(keystead, encrypt, { key_id: aes, ...members })).cipher_text

describe('encrypt-data and decrypt-data', () => {
  it.each([
    ['AES_256', () => aes],
    ['SM4', () => sm4],
  ])('a text comes back through a key of %s, which the ciphertext names itself', async (_spec, key) => {
    const sent = { key_id: key(), plain_text: 'grüße 世界\r\n', sequence: unknownId }
    const { cipher_text, ...rest } = await huaweiOk(keystead, encrypt, sent)
    expect(rest).toEqual({ key_id: key() })
    const opened = await huaweiOk(keystead, decrypt, { cipher_text })
    expect(opened).toEqual({
      key_id: key(),
      plain_text: sent.plain_text,
      plain_text_base64: Buffer.from(sent.plain_text).toString('base64'),
    })
    const named = { cipher_text, key_id: key(), encryption_algorithm: 'SYMMETRIC_DEFAULT' }
    expect(await huaweiOk(keystead, decrypt, named)).toEqual(opened)
  })

  it('every length of text makes a ciphertext within the documented window', async () => {
    for (const length of [1, 2, 33, 4095, 4096]) {
      const cipher = await encrypted({ plain_text: 'x'.repeat(length) })
      expect(cipher).toMatch(/^[0-9a-zA-Z+/=]{188,5648}$/)
      expect((await huaweiOk(keystead, decrypt, { cipher_text: cipher })).plain_text).toHaveLength(length)
    }
  })

  it('bytes that are no text come back in Base64, and lossy as text', async () => {
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId: aes, Plaintext: '/w==' })
    const opened = await huaweiOk(keystead, decrypt, { cipher_text: CiphertextBlob })
    expect([opened.plain_text, opened.plain_text_base64]).toEqual(['\ufffd', '/w=='])
  })

  it('what was bound must be said again exactly, and nothing where nothing was', async () => {
    const bound = await encrypted({ plain_text: 'a', additional_authenticated_data: 'ünit 7' })
    const free = await encrypted({ plain_text: 'a', additional_authenticated_data: '' })
    const open = (cipher_text: string, additional_authenticated_data?: string) =>
      huaweiCall(keystead, decrypt, { cipher_text, additional_authenticated_data })
    expect((await open(bound, 'ünit 7')).members.plain_text).toBe('a')
    expect((await open(free)).members.plain_text).toBe('a')
    expect((await open(free, '')).members.plain_text).toBe('a')
    for (const answered of [
      await open(bound),
      await open(bound, ''),
      await open(bound, 'ünit 8'),
      await open(free, 'x'),
    ])
      expectError(answered, 400, 'KMS.2201')
  })

  it('a data key is no data, and data are no data key', async () => {
    const dataKey = await huaweiOk(keystead, 'POST kms/create-datakey', { key_id: aes })
    const asData = Buffer.from(dataKey.cipher_text, 'hex').toString('base64')
    expectError(await huaweiCall(keystead, decrypt, { cipher_text: asData }), 400, 'KMS.2201')
    const data = Buffer.from(await encrypted({ plain_text: 'x'.repeat(32) }), 'base64').toString('hex')
    const asDataKey = { key_id: aes, cipher_text: data, datakey_cipher_length: '32' }
    expectError(await huaweiCall(keystead, 'POST kms/decrypt-datakey', asDataKey), 400, 'KMS.2201')
  })

  it.each([
    ['no key_id', { key_id: undefined, plain_text: 'a' }, 400, 'KMS.0204'],
    ['a malformed key_id', { key_id: 'alias', plain_text: 'a' }, 400, 'KMS.0205'],
    ['a key that is not there', { key_id: unknownId, plain_text: 'a' }, 404, 'KMS.0207'],
    ['no text', {}, 400, 'KMS.0204'],
    ['an empty text', { plain_text: '' }, 400, 'KMS.0308'],
    ['a text that is too long', { plain_text: 'é'.repeat(2049) }, 400, 'KMS.0308'],
    ['a text that is no Unicode', { plain_text: '\ud800' }, 400, 'KMS.0308'],
    ['an algorithm that is none', { plain_text: 'a', encryption_algorithm: 'ROT13' }, 400, 'KMS.0308'],
    ['too much bound', { plain_text: 'a', additional_authenticated_data: 'a'.repeat(129) }, 400, 'KMS.0308'],
    ['something bound that is no text', { plain_text: 'a', additional_authenticated_data: {} }, 400, 'KMS.0214'],
  ])('encrypt-data answers %s', async (_what, members: Members, status, code) => {
    expectError(await huaweiCall(keystead, encrypt, { key_id: aes, ...members }), status, code)
  })

  it('decrypt-data answers what is no ciphertext of ours, of another key, or of no key that is there', async () => {
    const cipher_text = await encrypted({ plain_text: 'a' })
    const damaged = Buffer.from(cipher_text, 'base64')
    damaged[130] = (damaged[130] ?? 0) ^ 1
    const foreign = Buffer.alloc(200).toString('base64')
    const answers: readonly (readonly [Members, number, string])[] = [
      [{}, 400, 'KMS.0204'],
      [{ cipher_text: '' }, 400, 'KMS.0308'],
      [{ cipher_text: 'no Base64' }, 400, 'KMS.0308'],
      [{ cipher_text: foreign }, 400, 'KMS.2201'],
      [{ cipher_text: damaged.toString('base64') }, 400, 'KMS.2201'],
      [{ cipher_text, key_id: sm4 }, 400, 'KMS.2201'],
      [{ cipher_text, key_id: unknownId }, 404, 'KMS.0207'],
      [{ cipher_text, key_id: 'x' }, 400, 'KMS.0205'],
    ]
    for (const [members, status, code] of answers)
      expectError(await huaweiCall(keystead, decrypt, members), status, code)
  })
})

describe('a key that is for something else', () => {
  it.each([
    [{ key_spec: 'EC_P256' }, 'KMS.1114'],
    [{ key_spec: 'ED25519' }, 'KMS.1114'],
    [{ key_spec: 'HMAC_256' }, 'KMS.0341'],
    [{ key_spec: 'RSA_2048' }, 'KMS.0335'],
    [{ key_spec: 'RSA_2048', key_usage: 'ENCRYPT_DECRYPT' }, 'KMS.0325'],
    [{ key_spec: 'SM2', key_usage: 'KEY_AGREEMENT' }, 'KMS.0325'],
  ])('%j is refused by encrypt-data with %s', async (members, code) => {
    const key_id = await makeKey(keystead, members)
    expectError(await huaweiCall(keystead, encrypt, { key_id, plain_text: 'a' }), 400, code)
  })
})

describe('the state of the key', () => {
  it('disabled and pending deletion let nothing through; archived only what it protected', async () => {
    const key_id = await makeKey(keystead)
    const cipher_text = await encrypted({ key_id, plain_text: 'a' })
    const answers = async () =>
      [
        await huaweiCall(keystead, encrypt, { key_id, plain_text: 'a' }),
        await huaweiCall(keystead, decrypt, { cipher_text }),
      ].map(({ code }) => code)
    await keystead.ok('ArchiveKey', { KeyId: key_id })
    expect(await answers()).toEqual(['KMS.0209', undefined])
    await keystead.ok('CancelKeyArchive', { KeyId: key_id })
    await keystead.ok('DisableKey', { KeyId: key_id })
    expect(await answers()).toEqual(['KMS.0209', 'KMS.0209'])
    await keystead.ok('ScheduleKeyDeletion', { KeyId: key_id, PendingWindowInDays: 7 })
    expect(await answers()).toEqual(['KMS.0210', 'KMS.0210'])
    const empty = await makeKey(keystead, { origin: 'external' })
    expectError(await huaweiCall(keystead, encrypt, { key_id: empty, plain_text: 'a' }), 400, 'KMS.0308')
  })
})
