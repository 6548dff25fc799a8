import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const call = 'POST kms/re-encrypt'
const key_usage = 'ENCRYPT_DECRYPT'

let keystead: TestKeystead
let ids: Record<'SYMMETRIC_DEFAULT' | 'RSAES_OAEP_SHA_256' | 'SM2_ENCRYPT', string>
let aes: string
let sm4: string
beforeAll(async () => {
  keystead = await startKeystead()
  aes = await makeKey(keystead)
  sm4 = await makeKey(keystead, { key_spec: 'SM4' })
  ids = {
    SYMMETRIC_DEFAULT: aes,
    RSAES_OAEP_SHA_256: await makeKey(keystead, { key_spec: 'RSA_2048', key_usage }),
    SM2_ENCRYPT: await makeKey(keystead, { key_spec: 'SM2', key_usage }),
  }
})
afterAll(() => keystead.end())

const encrypted = async (members: Members): Promise<string> =>
  (await huaweiOk(keystead, 'POST kms/encrypt-data', { plain_text: 'a text', ...members })).cipher_text
const opened = async (members: Members): Promise<Members> =>
  (await huaweiCall(keystead, 'POST kms/decrypt-data', members)).members

describe('re-encrypt of data', () => {
  const algorithms = ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256', 'SM2_ENCRYPT'] as const
  const ways = algorithms.flatMap((from) => algorithms.map((to) => [from, to] as const))
  it.each(ways)('goes from %s to %s, in Base64, and says both keys', async (from, to) => {
    const destination = to === 'SYMMETRIC_DEFAULT' ? sm4 : ids[to]
    const cipher_text = await encrypted({ key_id: ids[from], encryption_algorithm: from })
    const asked = {
      cipher_text,
      source_key_id: ids[from],
      source_encryption_algorithm: from,
      destination_key_id: destination,
      destination_encryption_algorithm: to,
    }
    const { cipher_text: made, ...rest } = await huaweiOk(keystead, call, asked)
    expect(rest).toEqual({
      key_id: destination,
      source_key_id: ids[from],
      source_encryption_algorithm: from,
      destination_encryption_algorithm: to,
    })
    expect(made).not.toBe(cipher_text)
    expect(await opened({ key_id: destination, cipher_text: made, encryption_algorithm: to })).toMatchObject({
      plain_text: 'a text',
    })
  })

  it('needs no source key for a symmetric ciphertext, and no algorithms', async () => {
    const made = await huaweiOk(keystead, call, {
      cipher_text: await encrypted({ key_id: aes }),
      destination_key_id: aes,
    })
    expect(made).toMatchObject({ key_id: aes, source_key_id: aes, source_encryption_algorithm: 'SYMMETRIC_DEFAULT' })
  })

  it('takes RSAES_OAEP_SHA_1, as the other cloud decrypts it', async () => {
    const asked = {
      cipher_text: await encrypted({ key_id: aes }),
      destination_key_id: ids.RSAES_OAEP_SHA_256,
      destination_encryption_algorithm: 'RSAES_OAEP_SHA_1',
    }
    const { cipher_text } = await huaweiOk(keystead, call, asked)
    const rsa = { KeyId: ids.RSAES_OAEP_SHA_256, Algorithm: 'RSAES_OAEP_SHA_1', Ciphertext: cipher_text }
    const { Plaintext } = await keystead.ok('AsymmetricRsaDecrypt', rsa)
    expect(Buffer.from(Plaintext, 'base64').toString()).toBe('a text')
  })

  it('what is bound is not carried over: each ciphertext has its own', async () => {
    const cipher_text = await encrypted({ key_id: aes, additional_authenticated_data: 'old' })
    const asked = { cipher_text, destination_key_id: sm4 }
    for (const wrong of [undefined, '', 'other'])
      expectError(
        await huaweiCall(keystead, call, { ...asked, source_additional_authenticated_data: wrong }),
        400,
        'KMS.2201',
      )
    const free = await huaweiOk(keystead, call, { ...asked, source_additional_authenticated_data: 'old' })
    expect((await opened({ cipher_text: free.cipher_text })).plain_text).toBe('a text')
    const bound = await huaweiOk(keystead, call, {
      ...asked,
      source_additional_authenticated_data: 'old',
      destination_additional_authenticated_data: 'new',
    })
    expect((await opened({ cipher_text: bound.cipher_text })).error_code).toBe('KMS.2201')
    const again = { cipher_text: bound.cipher_text, additional_authenticated_data: 'new' }
    expect((await opened(again)).plain_text).toBe('a text')
  })
})

describe('re-encrypt of a data key', () => {
  const dataKey = async (): Promise<Members> => huaweiOk(keystead, 'POST kms/create-datakey', { key_id: aes })

  it('stays a data key, in hexadecimal', async () => {
    const { cipher_text, plain_text } = await dataKey()
    const asked = { cipher_text, datakey_cipher_length: '32', destination_key_id: sm4 }
    const made = await huaweiOk(keystead, call, { ...asked, source_additional_authenticated_data: '' })
    expect(made.cipher_text).toMatch(/^[0-9A-F]+$/)
    const back = { key_id: sm4, cipher_text: made.cipher_text, datakey_cipher_length: '32' }
    expect((await huaweiOk(keystead, 'POST kms/decrypt-datakey', back)).data_key).toBe(plain_text)
  })

  it('is refused without its length, with another, as data, or to an asymmetric key', async () => {
    const { cipher_text } = await dataKey()
    const asked = { cipher_text, datakey_cipher_length: '32', destination_key_id: sm4 }
    const asData = Buffer.from(cipher_text, 'hex').toString('base64')
    const data = Buffer.from(await encrypted({ key_id: aes }), 'base64').toString('hex')
    const rsa = { destination_key_id: ids.RSAES_OAEP_SHA_256, destination_encryption_algorithm: 'RSAES_OAEP_SHA_256' }
    const answers: readonly (readonly [Members, string])[] = [
      [{ datakey_cipher_length: undefined }, 'KMS.2202'],
      [{ datakey_cipher_length: '31' }, 'KMS.2202'],
      [{ datakey_cipher_length: '0' }, 'KMS.2202'],
      [{ cipher_text: asData }, 'KMS.2201'],
      [{ cipher_text: data, datakey_cipher_length: '6' }, 'KMS.2201'],
      [rsa, 'KMS.0308'],
    ]
    for (const [members, code] of answers)
      expectError(await huaweiCall(keystead, call, { ...asked, ...members }), 400, code)
  })
})

describe('re-encrypt refuses', () => {
  it.each([
    ['no cipher_text', { cipher_text: undefined }, 400, 'KMS.0204'],
    ['an empty cipher_text', { cipher_text: '' }, 400, 'KMS.2201'],
    ['what is neither hexadecimal nor Base64', { cipher_text: '*' }, 400, 'KMS.2201'],
    ['a foreign ciphertext', { cipher_text: Buffer.alloc(200, 'x').toString('base64') }, 400, 'KMS.2201'],
    ['no destination', { destination_key_id: undefined }, 400, 'KMS.0204'],
    ['a destination that is not there', { destination_key_id: unknownId }, 404, 'KMS.0207'],
    ['a source that is not there', { source_key_id: unknownId }, 404, 'KMS.0207'],
    ['another source than the ciphertext has', { source_key_id: 'sm4' }, 400, 'KMS.2201'],
    ['an asymmetric source without its key', { source_encryption_algorithm: 'SM2_ENCRYPT' }, 400, 'KMS.0308'],
    ['a symmetric destination that is asymmetric', { destination_key_id: 'rsa' }, 400, 'KMS.0325'],
    ['an algorithm that is none', { destination_encryption_algorithm: 'ROT13' }, 400, 'KMS.0308'],
  ])('%s', async (_what, members: Members, status, code) => {
    const named: Members = { sm4, rsa: ids.RSAES_OAEP_SHA_256 }
    const given = Object.fromEntries(Object.entries(members).map(([name, value]) => [name, named[value] ?? value]))
    const asked = { cipher_text: await encrypted({ key_id: aes }), destination_key_id: aes, ...given }
    expectError(await huaweiCall(keystead, call, asked), status, code)
  })

  it('a text that is longer than the destination takes, and something bound to an asymmetric side', async () => {
    const rsa = { destination_key_id: ids.RSAES_OAEP_SHA_256, destination_encryption_algorithm: 'RSAES_OAEP_SHA_256' }
    const cipher_text = await encrypted({ key_id: aes, plain_text: 'x'.repeat(191) })
    expectError(await huaweiCall(keystead, call, { cipher_text, ...rsa }), 400, 'KMS.2108')
    const bound = { cipher_text, ...rsa, destination_additional_authenticated_data: 'x' }
    expectError(await huaweiCall(keystead, call, bound), 400, 'KMS.0308')
  })
})
