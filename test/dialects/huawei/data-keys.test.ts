import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const create = 'POST kms/create-datakey'
const createOnly = 'POST kms/create-datakey-without-plaintext'
const encrypt = 'POST kms/encrypt-datakey'
const decrypt = 'POST kms/decrypt-datakey'

let keystead: TestKeystead
let aes: string
let sm4: string
beforeAll(async () => {
  keystead = await startKeystead()
  aes = await makeKey(keystead)
  sm4 = await makeKey(keystead, { key_spec: 'SM4' })
})
afterAll(() => keystead.end())

const digest = (hash: string, key: Buffer) => createHash(hash).update(key).digest()
/** A data key and its digest, in upper case. */
const tailed = (key: Buffer, hash = 'sha256') =>
  Buffer.concat([key, digest(hash, key)])
    .toString('hex')
    .toUpperCase()

const opened = (cipher_text: string, bytes: number, members: Members = {}) =>
  huaweiCall(keystead, decrypt, { key_id: aes, cipher_text, datakey_cipher_length: String(bytes), ...members })

describe('create-datakey', () => {
  it.each([
    [{}, 32],
    [{ key_spec: 'AES_128' }, 16],
    [{ key_spec: 'SM4' }, 16],
    [{ key_spec: 'AES_256' }, 32],
    [{ key_spec: 'HMAC_384' }, 48],
    [{ key_spec: 'HMAC_512' }, 64],
    [{ key_spec: 'HMAC_SM3' }, 32],
    [{ datakey_length: '8' }, 1],
    [{ datakey_length: 8192, key_spec: 'AES_128' }, 1024],
    [{ pin: '00', pin_type: 'PlainText', sequence: unknownId }, 32],
  ])('%j makes %d bytes, in upper-case hexadecimal, that decrypt-datakey opens', async (members, bytes) => {
    const { key_id, plain_text, cipher_text, ...rest } = await huaweiOk(keystead, create, { key_id: aes, ...members })
    expect([key_id, rest]).toEqual([aes, {}])
    expect(plain_text).toMatch(new RegExp(`^[0-9A-F]{${2 * bytes}}$`))
    expect(cipher_text).toMatch(/^[0-9A-F]{8,8192}$/)
    const { members: back } = await opened(cipher_text, bytes)
    expect(back).toEqual({
      data_key: plain_text,
      datakey_length: String(bytes),
      datakey_dgst: digest('sha256', Buffer.from(plain_text, 'hex')).toString('hex').toUpperCase(),
    })
  })

  it('under an SM4 key the digest is SM3', async () => {
    const { plain_text, cipher_text } = await huaweiOk(keystead, create, { key_id: sm4 })
    const { members } = await opened(cipher_text.toLowerCase(), 32, { key_id: sm4, datakey_cipher_length: 32 })
    expect(members.data_key).toBe(plain_text)
    expect(members.datakey_dgst).toBe(digest('sm3', Buffer.from(plain_text, 'hex')).toString('hex').toUpperCase())
  })

  it('two data keys differ', async () => {
    const [one, other] = [
      await huaweiOk(keystead, create, { key_id: aes }),
      await huaweiOk(keystead, create, { key_id: aes }),
    ]
    expect(one.plain_text).not.toBe(other.plain_text)
  })
})

describe('create-datakey-without-plaintext', () => {
  it('answers the key and the ciphertext alone', async () => {
    const made = await huaweiOk(keystead, createOnly, { key_id: aes, datakey_length: '512' })
    expect(Object.keys(made).sort()).toEqual(['cipher_text', 'key_id'])
    const { members } = await opened(made.cipher_text, 64)
    expect(members.data_key).toMatch(/^[0-9A-F]{128}$/)
    expect(members.data_key).not.toMatch(/^0+$/)
  })
})

describe('encrypt-datakey', () => {
  it('takes the documented example: 64 zero bytes and their SHA-256', async () => {
    const plain_text = tailed(Buffer.alloc(64))
    expect(plain_text.slice(128)).toMatch(/^F5A5FD42D16A20302798EF6ED309/)
    const made = await huaweiOk(keystead, encrypt, { key_id: aes, plain_text, datakey_plain_length: '64' })
    expect({ ...made, cipher_text: '' }).toEqual({ key_id: aes, cipher_text: '', datakey_length: '64' })
    expect((await opened(made.cipher_text, 64)).members).toEqual({
      data_key: '00'.repeat(64),
      datakey_length: '64',
      datakey_dgst: plain_text.slice(128),
    })
  })

  it.each([1, 24, 1024])('a data key of %d bytes comes back, whatever the case of its digits', async (bytes) => {
    const key = Buffer.alloc(bytes, 0xab)
    const plain_text = tailed(key).toLowerCase()
    const { cipher_text } = await huaweiOk(keystead, encrypt, { key_id: aes, plain_text, datakey_plain_length: bytes })
    expect(cipher_text.length).toBeLessThanOrEqual(8192)
    expect((await opened(cipher_text, bytes)).members.data_key).toBe(key.toString('hex').toUpperCase())
  })

  it('under an SM4 key the tail is SM3, and SHA-256 is a wrong one', async () => {
    const key = Buffer.alloc(16, 1)
    const asked = { key_id: sm4, datakey_plain_length: '16' }
    const { cipher_text } = await huaweiOk(keystead, encrypt, { ...asked, plain_text: tailed(key, 'sm3') })
    expect((await opened(cipher_text, 16, { key_id: sm4 })).members.data_key).toBe('01'.repeat(16))
    expectError(await huaweiCall(keystead, encrypt, { ...asked, plain_text: tailed(key) }), 400, 'KMS.2103')
  })

  const good = tailed(Buffer.alloc(64))
  it.each([
    ['no plain_text', { plain_text: undefined }, 400, 'KMS.2101'],
    ['an empty plain_text', { plain_text: '' }, 400, 'KMS.2101'],
    ['what is no hexadecimal', { plain_text: 'zz' }, 400, 'KMS.2101'],
    ['too long a plain_text', { plain_text: '00'.repeat(1057) }, 400, 'KMS.2101'],
    ['no length', { datakey_plain_length: undefined }, 400, 'KMS.0204'],
    ['a length that is none', { datakey_plain_length: 'ten' }, 400, 'KMS.2102'],
    ['a length of 0', { datakey_plain_length: '0' }, 400, 'KMS.2102'],
    ['a length beyond 1024', { datakey_plain_length: 1025 }, 400, 'KMS.2102'],
    ['a wrong digest', { plain_text: `${good.slice(0, -2)}00` }, 400, 'KMS.2103'],
    ['a length that is another', { datakey_plain_length: '63' }, 400, 'KMS.2104'],
    ['a key that is not there', { key_id: unknownId }, 404, 'KMS.0207'],
  ])('answers %s', async (_what, members: Members, status, code) => {
    const asked = { key_id: aes, plain_text: good, datakey_plain_length: '64', ...members }
    expectError(await huaweiCall(keystead, encrypt, asked), status, code)
  })
})

describe('decrypt-datakey', () => {
  it('answers what is wrong with the ciphertext, its key, its length', async () => {
    const { cipher_text } = await huaweiOk(keystead, create, { key_id: aes })
    const flipped = cipher_text.slice(0, -1) + (cipher_text.endsWith('0') ? '1' : '0')
    const answers: readonly (readonly [Members, number, string])[] = [
      [{ cipher_text: undefined }, 400, 'KMS.2201'],
      [{ cipher_text: '' }, 400, 'KMS.2201'],
      [{ cipher_text: 'zz' }, 400, 'KMS.2201'],
      [{ cipher_text: '00'.repeat(200) }, 400, 'KMS.2201'],
      [{ cipher_text: '00'.repeat(4097) }, 400, 'KMS.2201'],
      [{ cipher_text: flipped }, 400, 'KMS.2201'],
      [{ key_id: sm4 }, 400, 'KMS.2201'],
      [{ key_id: unknownId }, 404, 'KMS.0207'],
      [{ key_id: undefined }, 400, 'KMS.0204'],
      [{ datakey_cipher_length: undefined }, 400, 'KMS.0204'],
      [{ datakey_cipher_length: '0' }, 400, 'KMS.2202'],
      [{ datakey_cipher_length: 'x' }, 400, 'KMS.2202'],
      [{ datakey_cipher_length: '4097' }, 400, 'KMS.2202'],
      [{ datakey_cipher_length: '31' }, 400, 'KMS.2204'],
      [{ additional_authenticated_data: 'x' }, 400, 'KMS.2201'],
    ]
    for (const [members, status, code] of answers) expectError(await opened(cipher_text, 32, members), status, code)
  })

  it('a version of before the rotation still opens, also by an alias of the key', async () => {
    const key_id = await makeKey(keystead)
    const alias = 'alias/rotated'
    await huaweiOk(keystead, 'POST kms/aliases', { key_id, alias })
    const { cipher_text, plain_text } = await huaweiOk(keystead, create, { key_id: alias })
    const data = await huaweiOk(keystead, 'POST kms/encrypt-data', { key_id: alias, plain_text: 'a' })
    await keystead.ok('EnableKeyRotation', { KeyId: key_id })
    await keystead.ok('RotateKey', { KeyId: key_id })
    for (const named of [key_id, alias]) {
      expect((await opened(cipher_text, 32, { key_id: named })).members.data_key).toBe(plain_text)
      const back = { key_id: named, cipher_text: data.cipher_text }
      expect((await huaweiOk(keystead, 'POST kms/decrypt-data', back)).plain_text).toBe('a')
    }
  })
})

describe('what a data key is bound to', () => {
  const aad = { additional_authenticated_data: '{"a":"1"}' }
  const map = { encryption_context: { a: '1', b: '2' } }

  it('is said again as it was said, as an object or as its text, in any order', async () => {
    const { cipher_text } = await huaweiOk(keystead, create, { key_id: aes, ...map })
    for (const encryption_context of [{ b: '2', a: '1' }, '{"b":"2","a":"1"}'])
      expect((await opened(cipher_text, 32, { encryption_context })).status).toBe(200)
    for (const wrong of [{}, { encryption_context: { a: '1' } }, aad])
      expectError(await opened(cipher_text, 32, wrong), 400, 'KMS.2201')
  })

  it('a text that looks like an object is a text', async () => {
    const { cipher_text } = await huaweiOk(keystead, createOnly, { key_id: aes, ...aad })
    expect((await opened(cipher_text, 32, aad)).status).toBe(200)
    expectError(await opened(cipher_text, 32, { encryption_context: { a: '1' } }), 400, 'KMS.2201')
  })

  it.each([
    ['a list', []],
    ['text that is no object', 'a=1'],
    ['a nested value', { a: { b: '1' } }],
    ['a number that JSON does not hold', '{"a":9007199254740993}'],
    ['more than 8,192 characters', { a: 'x'.repeat(8192) }],
    ['a number', 7],
  ])('an encryption_context that is %s is refused with KMS.0208', async (_what, encryption_context) => {
    const wrapped = { key_id: aes, plain_text: tailed(Buffer.alloc(8)), datakey_plain_length: '8' }
    for (const answered of [
      await huaweiCall(keystead, create, { key_id: aes, encryption_context }),
      await huaweiCall(keystead, createOnly, { key_id: aes, encryption_context }),
      await huaweiCall(keystead, encrypt, { ...wrapped, encryption_context }),
      await opened('00'.repeat(200), 32, { encryption_context }),
    ])
      expectError(answered, 400, answered.code === 'KMS.2201' ? 'KMS.2201' : 'KMS.0208')
    expectError(await huaweiCall(keystead, create, { key_id: aes, encryption_context }), 400, 'KMS.0208')
  })

  it('cannot be said in both ways', async () => {
    const both = { key_id: aes, ...aad, ...map }
    expectError(await huaweiCall(keystead, create, both), 400, 'KMS.0208')
    expect((await huaweiCall(keystead, create, { ...both, encryption_context: '' })).status).toBe(200)
  })
})

describe('what makes no data key', () => {
  it.each([
    [{ datakey_length: '7' }, 'KMS.1901'],
    [{ datakey_length: '8200' }, 'KMS.1901'],
    [{ datakey_length: 'x' }, 'KMS.1901'],
    [{ datakey_length: '12' }, 'KMS.1903'],
    [{ key_spec: 'DES' }, 'KMS.1902'],
    [{ key_id: 'x' }, 'KMS.0205'],
  ])('%j answers %s', async (members, code) => {
    for (const call of [create, createOnly])
      expectError(await huaweiCall(keystead, call, { key_id: aes, ...members }), 400, code)
  })

  it.each([
    [{ key_spec: 'EC_P256' }, 'KMS.0335'],
    [{ key_spec: 'RSA_2048', key_usage: 'ENCRYPT_DECRYPT' }, 'KMS.0325'],
    [{ key_spec: 'HMAC_SM3' }, 'KMS.0341'],
  ])('a key of %j answers %s', async (members, code) => {
    const key_id = await makeKey(keystead, members)
    const wrapped = { plain_text: tailed(Buffer.alloc(8)), datakey_plain_length: '8' }
    const { cipher_text } = await huaweiOk(keystead, create, { key_id: aes })
    expectError(await huaweiCall(keystead, create, { key_id }), 400, code)
    expectError(await huaweiCall(keystead, createOnly, { key_id }), 400, code)
    expectError(await huaweiCall(keystead, encrypt, { key_id, ...wrapped }), 400, code)
    expectError(await opened(cipher_text, 32, { key_id }), 400, code)
  })
})
