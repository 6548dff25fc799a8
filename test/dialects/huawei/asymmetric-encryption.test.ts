import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { opensslWith } from '../../crypto/pairs.ts'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { hasOpenssl } from '../../spec/openssl.ts'

const encrypt = 'POST kms/encrypt-data'
const decrypt = 'POST kms/decrypt-data'
const key_usage = 'ENCRYPT_DECRYPT'

let keystead: TestKeystead
let rsa: string
let sm2: string
beforeAll(async () => {
  keystead = await startKeystead()
  rsa = await makeKey(keystead, { key_spec: 'RSA_2048', key_usage })
  sm2 = await makeKey(keystead, { key_spec: 'SM2', key_usage })
})
afterAll(() => keystead.end())

const oaep = { encryption_algorithm: 'RSAES_OAEP_SHA_256' }
const sm2Encrypt = { encryption_algorithm: 'SM2_ENCRYPT' }
const pemOf = async (key_id: string): Promise<string> =>
  (await huaweiOk(keystead, 'POST kms/get-publickey', { key_id })).public_key

describe('RSAES_OAEP_SHA_256', () => {
  it.each([
    ['RSA_2048', 190],
    ['RSA_3072', 318],
    ['RSA_4096', 446],
  ])('%s takes texts of up to %d bytes, and says KMS.2108 of a longer one', async (key_spec, most) => {
    const key_id = key_spec === 'RSA_2048' ? rsa : await makeKey(keystead, { key_spec, key_usage })
    for (const plain_text of ['a', 'é'.repeat(most / 2)]) {
      const { cipher_text, ...rest } = await huaweiOk(keystead, encrypt, { key_id, plain_text, ...oaep })
      expect(rest).toEqual({ key_id })
      const opened = await huaweiOk(keystead, decrypt, { key_id, cipher_text, ...oaep })
      expect(opened).toEqual({ key_id, plain_text, plain_text_base64: Buffer.from(plain_text).toString('base64') })
    }
    const long = { key_id, plain_text: 'a'.repeat(most + 1), ...oaep }
    expectError(await huaweiCall(keystead, encrypt, long), 400, 'KMS.2108')
  })

  it.skipIf(!hasOpenssl)('opens what openssl encrypted, both hashes SHA-256', async () => {
    const options = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256']
    const args = ['pkeyutl', '-encrypt', '-pubin', '-inkey', '{pem}', '-in', '{text}']
    const files = { pem: await pemOf(rsa), text: 'a text' }
    const cipher = opensslWith(files, [...args, ...options.flatMap((option) => ['-pkeyopt', option])])
    const opened = await huaweiOk(keystead, decrypt, { key_id: rsa, cipher_text: cipher.toString('base64'), ...oaep })
    expect(opened.plain_text).toBe('a text')
  })
})

describe('SM2_ENCRYPT', () => {
  it('a text of each length comes back', async () => {
    for (const length of [1, 40, 4096]) {
      const plain_text = 'x'.repeat(length)
      const { cipher_text } = await huaweiOk(keystead, encrypt, { key_id: sm2, plain_text, ...sm2Encrypt })
      expect(cipher_text).toMatch(/^[0-9a-zA-Z+/=]{128,5648}$/)
      const opened = await huaweiOk(keystead, decrypt, { key_id: sm2, cipher_text, ...sm2Encrypt })
      expect(opened.plain_text).toBe(plain_text)
    }
  })

  it.skipIf(!hasOpenssl)('opens what openssl encrypted', async () => {
    const pem = await pemOf(sm2)
    const cipher = opensslWith({ pem, text: 'a text' }, [
      'pkeyutl',
      '-encrypt',
      '-pubin',
      '-inkey',
      '{pem}',
      '-in',
      '{text}',
    ])
    const asked = { key_id: sm2, cipher_text: cipher.toString('base64'), ...sm2Encrypt }
    expect((await huaweiOk(keystead, decrypt, asked)).plain_text).toBe('a text')
  })
})

describe('what does not go together', () => {
  it('a ciphertext of another key, changed, cut or of nothing is KMS.2201', async () => {
    const other = await makeKey(keystead, { key_spec: 'RSA_2048', key_usage })
    const { cipher_text } = await huaweiOk(keystead, encrypt, { key_id: rsa, plain_text: 'a', ...oaep })
    const made = await huaweiOk(keystead, encrypt, { key_id: sm2, plain_text: 'a', ...sm2Encrypt })
    const bytes = Buffer.from(cipher_text, 'base64')
    const answers = [
      await huaweiCall(keystead, decrypt, { key_id: other, cipher_text, ...oaep }),
      await huaweiCall(keystead, decrypt, { key_id: rsa, cipher_text: bytes.subarray(1).toString('base64'), ...oaep }),
      await huaweiCall(keystead, decrypt, { key_id: rsa, cipher_text: Buffer.alloc(256).toString('base64'), ...oaep }),
      await huaweiCall(keystead, decrypt, { key_id: sm2, cipher_text: `AAAA${made.cipher_text}`, ...sm2Encrypt }),
      await huaweiCall(keystead, decrypt, { cipher_text }),
    ]
    for (const answered of answers) expectError(answered, 400, 'KMS.2201')
  })

  it('decryption by an asymmetric key must name it', async () => {
    const { cipher_text } = await huaweiOk(keystead, encrypt, { key_id: rsa, plain_text: 'a', ...oaep })
    expectError(await huaweiCall(keystead, decrypt, { cipher_text, ...oaep }), 400, 'KMS.0205')
    expectError(await huaweiCall(keystead, decrypt, { ...oaep, key_id: rsa }), 400, 'KMS.0204')
    expectError(await huaweiCall(keystead, decrypt, { cipher_text: '*', ...oaep, key_id: rsa }), 400, 'KMS.0308')
  })

  it.each([
    [{}, oaep, 'KMS.0331'],
    [{ key_spec: 'SM2', key_usage }, oaep, 'KMS.0325'],
    [{ key_spec: 'RSA_2048', key_usage }, sm2Encrypt, 'KMS.0325'],
    [{ key_spec: 'RSA_2048', key_usage }, {}, 'KMS.0325'],
    [{ key_spec: 'RSA_2048' }, oaep, 'KMS.0335'],
    [{ key_spec: 'EC_P256' }, oaep, 'KMS.1114'],
    [{ key_spec: 'HMAC_256' }, sm2Encrypt, 'KMS.0341'],
  ])('a key of %j asked by %j answers %s', async (members, algorithm, code) => {
    const key_id = await makeKey(keystead, members)
    expectError(await huaweiCall(keystead, encrypt, { key_id, plain_text: 'a', ...algorithm }), 400, code)
    const ours = await huaweiOk(keystead, encrypt, { key_id: await makeKey(keystead), plain_text: 'a' })
    expectError(await huaweiCall(keystead, decrypt, { ...ours, key_id, ...algorithm }), 400, code)
  })

  it('nothing can be bound to an asymmetric ciphertext, and is not left out unsaid', async () => {
    const bound = { key_id: rsa, plain_text: 'a', ...oaep, additional_authenticated_data: 'x' }
    expectError(await huaweiCall(keystead, encrypt, bound), 400, 'KMS.0308')
    const { cipher_text } = await huaweiOk(keystead, encrypt, { ...bound, additional_authenticated_data: '' })
    const asked = { key_id: rsa, cipher_text, ...oaep }
    expectError(await huaweiCall(keystead, decrypt, { ...asked, additional_authenticated_data: 'x' }), 400, 'KMS.0308')
    expect((await huaweiOk(keystead, decrypt, { ...asked, additional_authenticated_data: '' })).plain_text).toBe('a')
  })

  it('what was encrypted here opens through the other cloud', async () => {
    const made = await huaweiOk(keystead, encrypt, { key_id: rsa, plain_text: 'a', ...oaep })
    const asked = { KeyId: rsa, Algorithm: 'RSAES_OAEP_SHA_256', Ciphertext: made.cipher_text }
    expect((await keystead.ok('AsymmetricRsaDecrypt', asked)).Plaintext).toBe('YQ==')
    const other = await huaweiOk(keystead, encrypt, { key_id: sm2, plain_text: 'a', ...sm2Encrypt })
    const opened = await keystead.ok('AsymmetricSm2Decrypt', { KeyId: sm2, Ciphertext: other.cipher_text })
    expect(opened.Plaintext).toBe('YQ==')
  })
})
