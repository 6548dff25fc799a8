import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { opensslWith } from '../../crypto/pairs.ts'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { hasOpenssl } from '../../spec/openssl.ts'

const rsa = 'POST kms/create-rsa-datakey-pair'
const ec = 'POST kms/create-ec-datakey-pair'

let keystead: TestKeystead
let key_id: string
beforeAll(async () => {
  keystead = await startKeystead()
  key_id = await makeKey(keystead)
})
afterAll(() => keystead.end())

const der = (digits: string) => ({ key: Buffer.from(digits, 'hex'), format: 'der' }) as const
const message = Buffer.from('a message')

const opened = async (cipher_text: string, plain: string, members = {}) =>
  huaweiCall(keystead, 'POST kms/decrypt-datakey', {
    key_id,
    cipher_text,
    datakey_cipher_length: plain.length / 2,
    ...members,
  })

describe('data key pairs', () => {
  it.each([
    [rsa, 'RSA_2048'],
    [rsa, 'RSA_3072'],
    [rsa, 'RSA_4096'],
    [ec, 'ECC_NIST_P256'],
    [ec, 'ECC_NIST_P384'],
    [ec, 'ECC_NIST_P521'],
    [ec, 'ECC_SECG_P256K1'],
  ])('%s of %s: the halves belong together, and decrypt-datakey opens the private one', async (call, key_spec) => {
    const made = await huaweiOk(keystead, call, { key_id, key_spec, additional_authenticated_data: 'aad', pin: '00' })
    const { public_key, private_key_cipher_text, private_key_plain_text: plain, ...rest } = made
    expect(rest).toEqual({ key_id, key_spec })
    const publicKey = createPublicKey({ ...der(public_key), type: 'spki' })
    const signature = sign('sha256', message, createPrivateKey({ ...der(plain), type: 'pkcs8' }))
    expect(verify('sha256', message, publicKey, signature)).toBe(true)
    for (const digits of [public_key, private_key_cipher_text, plain]) expect(digits).toMatch(/^[0-9A-F]+$/)
    expect(private_key_cipher_text.length).toBeLessThanOrEqual(8192)
    const { members } = await opened(private_key_cipher_text, plain, { additional_authenticated_data: 'aad' })
    expect(members.data_key).toBe(plain)
    expect(members.datakey_dgst).toBe(
      createHash('sha256').update(Buffer.from(plain, 'hex')).digest('hex').toUpperCase(),
    )
    expectError(await opened(private_key_cipher_text, plain), 400, 'KMS.2201')
  })

  it.skipIf(!hasOpenssl)('a pair of SM2 is one to openssl', async () => {
    const made = await huaweiOk(keystead, ec, { key_id, key_spec: 'SM2' })
    const files = { private: Buffer.from(made.private_key_plain_text, 'hex') }
    const args = ['pkey', '-inform', 'DER', '-in', '{private}', '-pubout', '-outform', 'DER']
    expect(opensslWith(files, args).toString('hex').toUpperCase()).toBe(made.public_key)
  })

  it('without plain text the private half is only in its ciphertext', async () => {
    for (const [call, key_spec] of [
      [rsa, 'RSA_2048'],
      [ec, 'SM2'],
    ] as const) {
      const made = await huaweiOk(keystead, call, { key_id, key_spec, with_plain_text: false })
      expect(Object.keys(made).sort()).toEqual(['key_id', 'key_spec', 'private_key_cipher_text', 'public_key'])
    }
  })

  it.each([
    [rsa, { key_spec: undefined }, 'KMS.0204'],
    [rsa, { key_spec: 'SM2' }, 'KMS.1902'],
    [ec, { key_spec: 'EC_P256' }, 'KMS.1902'],
    [ec, { with_plain_text: 'true' }, 'KMS.0214'],
    [ec, { additional_authenticated_data: 'a'.repeat(128) }, 'KMS.0308'],
    [ec, { key_id: 'x' }, 'KMS.0205'],
  ])('%s answers %j', async (call, members, code) => {
    const key_spec = call === rsa ? 'RSA_2048' : 'SM2'
    expectError(await huaweiCall(keystead, call, { key_id, key_spec, ...members }), 400, code)
  })

  it.each([
    [{ key_spec: 'RSA_2048', key_usage: 'ENCRYPT_DECRYPT' }, 'KMS.0325'],
    [{ key_spec: 'EC_P256' }, 'KMS.0335'],
    [{ key_spec: 'HMAC_256' }, 'KMS.0341'],
  ])('a key of %j protects none', async (members, code) => {
    const other = await makeKey(keystead, members)
    expectError(await huaweiCall(keystead, rsa, { key_id: other, key_spec: 'RSA_2048' }), 400, code)
    expectError(await huaweiCall(keystead, ec, { key_id: other, key_spec: 'SM2' }), 400, code)
  })
})

describe('create-pin', () => {
  const call = 'POST kms/create-pin'

  it('answers a random PIN for a built-in key store, and in plain text', async () => {
    const pins = [
      await huaweiOk(keystead, call, { keystore_id: '1' }),
      await huaweiOk(keystead, call, { keystore_id: '2', pin_type: 'CipherText' }),
      await huaweiOk(keystead, call, { pin_type: 'PlainText' }),
    ]
    for (const { pin } of pins) expect(pin).toMatch(/^[0-9A-F]{64}$/)
    expect(new Set(pins.map(({ pin }) => pin)).size).toBe(3)
  })

  it('answers a key store that is missing or not there, and another type', async () => {
    expectError(await huaweiCall(keystead, call, {}), 400, 'KMS.0308')
    expectError(await huaweiCall(keystead, call, { keystore_id: '9' }), 400, 'KMS.0315')
    expectError(await huaweiCall(keystead, call, { pin_type: 'X' }), 400, 'KMS.0308')
  })
})
