import { createHash, createPublicKey, verify as platformVerify, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { opensslSays } from '../../crypto/pairs.ts'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { hasOpenssl } from '../../spec/openssl.ts'

const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const sign = 'POST kms/sign'
const verify = 'POST kms/verify'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const keys = new Map<string, string>()
/** One key of each kind for all tests. */
const keyOf = async (key_spec: string, key_usage?: string): Promise<string> => {
  const name = `${key_spec} ${key_usage}`
  const known = keys.get(name) ?? (await makeKey(keystead, { key_spec, key_usage }))
  keys.set(name, known)
  return known
}

const pemOf = async (key_id: string): Promise<string> =>
  (await huaweiOk(keystead, 'POST kms/get-publickey', { key_id })).public_key

const raw = Buffer.from('a message that is signed')
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const hashed = (hash: string) => createHash(hash).update(raw).digest()

const pss = (hash: string) => [
  '-sigopt',
  'rsa_padding_mode:pss',
  '-sigopt',
  `rsa_mgf1_md:${hash}`,
  '-sigopt',
  `rsa_pss_saltlen:${createHash(hash).digest().length}`,
]

const rows: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['RSA_2048', 'RSASSA_PSS_SHA_256', 'sha256', pss('sha256')],
  ['RSA_2048', 'RSASSA_PSS_SHA_384', 'sha384', pss('sha384')],
  ['RSA_3072', 'RSASSA_PSS_SHA_512', 'sha512', pss('sha512')],
  ['RSA_3072', 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256', []],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_384', 'sha384', []],
  ['RSA_4096', 'RSASSA_PKCS1_V1_5_SHA_512', 'sha512', []],
  ['EC_P256', 'ECDSA_SHA_256', 'sha256', []],
  ['EC_P384', 'ECDSA_SHA_384', 'sha384', []],
  ['SECP256K1', 'ECDSA_SHA_256', 'sha256', []],
]

describe('sign and verify', () => {
  it.each(rows)('%s signs by %s: openssl verifies what was made of the message and of its digest', async (...row) => {
    const [key_spec, signing_algorithm, hash, options] = row
    const key_id = await keyOf(key_spec)
    const pem = await pemOf(key_id)
    const digested = { key_id, signing_algorithm, message: base64(hashed(hash)) }
    const asMessage = { key_id, signing_algorithm, message: base64(raw), message_type: 'RAW' }
    for (const asked of [digested, asMessage]) {
      const { signature, ...rest } = await huaweiOk(keystead, sign, asked)
      expect(rest).toEqual({ key_id })
      expect(signature).toMatch(/^[0-9a-zA-Z+/=]{92,684}$/)
      for (const also of [digested, { ...digested, message_type: 'DIGEST' }, asMessage])
        expect(await huaweiOk(keystead, verify, { ...also, signature })).toEqual({ key_id, signature_valid: 'true' })
      if (!hasOpenssl) continue
      const args = ['dgst', `-${hash}`, ...options, '-verify', '{pem}', '-signature', '{signature}']
      expect(opensslSays({ pem, signature: Buffer.from(signature, 'base64') }, args, raw)).toBe(true)
    }
  })

  it('SM2 signs the digest of Z and the message by the usual id, as openssl does', async () => {
    const key_id = await keyOf('SM2')
    const asked = { key_id, signing_algorithm: 'SM2DSA_SM3', message: base64(raw), message_type: 'RAW' }
    const { signature } = await huaweiOk(keystead, sign, asked)
    const args = ['dgst', '-sm3', '-sigopt', 'distid:1234567812345678', '-verify', '{pem}', '-signature', '{signature}']
    if (hasOpenssl)
      expect(opensslSays({ pem: await pemOf(key_id), signature: Buffer.from(signature, 'base64') }, args, raw)).toBe(
        true,
      )
    expect((await huaweiOk(keystead, verify, { ...asked, signature })).signature_valid).toBe('true')
    const digest = { key_id, signing_algorithm: 'SM2DSA_SM3', message: base64(randomBytes(32)) }
    const other = await huaweiOk(keystead, sign, digest)
    expect((await huaweiOk(keystead, verify, { ...digest, signature: other.signature })).signature_valid).toBe('true')
    expect((await huaweiOk(keystead, verify, { ...digest, signature })).signature_valid).toBe('false')
  })

  it('Ed25519 signs messages, and Ed25519ph digests of SHA-512: 64 raw bytes each', async () => {
    const key_id = await keyOf('ED25519')
    const pure = { key_id, signing_algorithm: 'ED25519_SHA_512', message: base64(raw), message_type: 'RAW' }
    const prehashed = { key_id, signing_algorithm: 'ED25519_PH_SHA_512', message: base64(hashed('sha512')) }
    const signatures = []
    for (const asked of [pure, prehashed]) {
      const { signature } = await huaweiOk(keystead, sign, asked)
      expect(Buffer.from(signature, 'base64')).toHaveLength(64)
      expect((await huaweiOk(keystead, verify, { ...asked, signature })).signature_valid).toBe('true')
      signatures.push(signature)
    }
    expect((await huaweiOk(keystead, verify, { ...pure, signature: signatures[1] })).signature_valid).toBe('false')
    const pem = createPublicKey(await pemOf(key_id))
    expect(platformVerify(null, raw, pem, Buffer.from(signatures[0] ?? '', 'base64'))).toBe(true)
  })

  it.each(['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'])('%s signs messages, which the platform verifies', async (spec) => {
    const key_id = await keyOf(spec)
    const asked = { key_id, signing_algorithm: spec, message: base64(raw), message_type: 'RAW' }
    const { signature } = await huaweiOk(keystead, sign, asked)
    expect((await huaweiOk(keystead, verify, { ...asked, signature })).signature_valid).toBe('true')
    expect(platformVerify(null, raw, createPublicKey(await pemOf(key_id)), Buffer.from(signature, 'base64'))).toBe(true)
    const other = { ...asked, message: base64(raw.subarray(1)), signature }
    expect((await huaweiOk(keystead, verify, other)).signature_valid).toBe('false')
  })

  it('a wrong signature, of whatever form, is an answer and no error', async () => {
    const key_id = await keyOf('EC_P256')
    const asked = { key_id, signing_algorithm: 'ECDSA_SHA_256', message: base64(hashed('sha256')) }
    const { signature } = await huaweiOk(keystead, sign, asked)
    const bytes = Buffer.from(signature, 'base64')
    const others = [randomBytes(70), bytes.subarray(1), Buffer.alloc(1), Buffer.concat([bytes, Buffer.of(0)])]
    for (const one of others)
      expect(await huaweiOk(keystead, verify, { ...asked, signature: base64(one) })).toEqual({
        key_id,
        signature_valid: 'false',
      })
  })

  const good = { signing_algorithm: 'ECDSA_SHA_256', message: base64(Buffer.alloc(32)) }
  it.each([
    ['no message', { message: undefined }, 400, 'KMS.0204'],
    ['no algorithm', { signing_algorithm: undefined }, 400, 'KMS.0204'],
    ['an algorithm that is none', { signing_algorithm: 'ECDSA' }, 400, 'KMS.0308'],
    ['a type of message that is none', { message_type: 'TEXT' }, 400, 'KMS.0308'],
    ['a message that is no Base64', { message: '*' }, 400, 'KMS.0308'],
    ['4,096 bytes', { message: base64(Buffer.alloc(4096)), message_type: 'RAW' }, 400, 'KMS.0308'],
    ['a digest that is too short', { message: base64(Buffer.alloc(31)) }, 400, 'KMS.0329'],
    ['an empty digest', { message: '' }, 400, 'KMS.0329'],
    ['a malformed key_id', { key_id: 'x' }, 400, 'KMS.0205'],
    ['a key that is not there', { key_id: unknownId }, 404, 'KMS.0207'],
  ])('both answer %s', async (_what, members: Members, status, code) => {
    const asked = { key_id: await keyOf('EC_P256'), ...good, ...members }
    expectError(await huaweiCall(keystead, sign, asked), status, code)
    expectError(await huaweiCall(keystead, verify, { ...asked, signature: 'AAAA' }), status, code)
  })

  it('verify answers a signature that is no Base64', async () => {
    const asked = { key_id: await keyOf('EC_P256'), ...good }
    for (const signature of ['*', ''])
      expectError(await huaweiCall(keystead, verify, { ...asked, signature }), 400, 'KMS.0308')
  })

  it.each([
    ['ED25519', 'ED25519_SHA_512', base64(hashed('sha512'))],
    ['ED25519', 'ED25519_PH_SHA_512', base64(hashed('sha256'))],
    ['ML_DSA_44', 'ML_DSA_44', base64(hashed('sha256'))],
    ['RSA_2048', 'RSASSA_PSS_SHA_512', base64(hashed('sha256'))],
    ['SM2', 'SM2DSA_SM3', base64(hashed('sha512'))],
  ])('a digest that does not fit: %s by %s', async (key_spec, signing_algorithm, message) => {
    const asked = { key_id: await keyOf(key_spec), signing_algorithm, message }
    expectError(await huaweiCall(keystead, sign, asked), 400, 'KMS.0329')
    expectError(await huaweiCall(keystead, verify, { ...asked, signature: 'AAAA' }), 400, 'KMS.0329')
  })

  it.each([
    ['AES_256', undefined, 'ECDSA_SHA_256', 'KMS.0331'],
    ['HMAC_256', undefined, 'ECDSA_SHA_256', 'KMS.0341'],
    ['RSA_2048', 'ENCRYPT_DECRYPT', 'RSASSA_PSS_SHA_256', 'KMS.0334'],
    ['SM2', 'ENCRYPT_DECRYPT', 'SM2DSA_SM3', 'KMS.0334'],
    ['EC_P256', 'KEY_AGREEMENT', 'ECDSA_SHA_256', 'KMS.0332'],
    ['EC_P256', undefined, 'ECDSA_SHA_384', 'KMS.0332'],
    ['EC_P256', undefined, 'ECDSA_SHA_512', 'KMS.0332'],
    ['EC_P384', undefined, 'ECDSA_SHA_256', 'KMS.0332'],
    ['RSA_2048', undefined, 'ECDSA_SHA_256', 'KMS.0332'],
    ['SM2', undefined, 'ECDSA_SHA_256', 'KMS.0332'],
    ['ML_DSA_44', undefined, 'ML_DSA_65', 'KMS.0332'],
    ['ML_DSA_44', undefined, 'ECDSA_SHA_256', 'KMS.0332'],
    ['EC_P256', undefined, 'ML_DSA_65', 'KMS.0332'],
    ['ED25519', undefined, 'ECDSA_SHA_256', 'KMS.0332'],
  ])('a key of %s (%s) does not sign by %s: %s', async (key_spec, key_usage, signing_algorithm, code) => {
    const asked = { key_id: await keyOf(key_spec, key_usage), signing_algorithm, message: base64(hashed('sha256')) }
    expectError(await huaweiCall(keystead, sign, asked), 400, code)
    expectError(await huaweiCall(keystead, verify, { ...asked, signature: 'AAAA' }), 400, code)
  })
})

describe('get-publickey', () => {
  it.each([
    ['RSA_2048', 'rsa'],
    ['RSA_4096', 'rsa'],
    ['EC_P256', 'ec'],
    ['EC_P384', 'ec'],
    ['SECP256K1', 'ec'],
    ['ED25519', 'ed25519'],
  ])('gives a PEM of %s with CR LF that a stranger reads, of at most 1,000 characters', async (spec, type) => {
    const key_id = await keyOf(spec)
    const answered = await huaweiOk(keystead, 'POST kms/get-publickey', { key_id, sequence: unknownId })
    const { public_key, ...rest } = answered
    expect(rest).toEqual({ key_id })
    expect(public_key).toMatch(/^-----BEGIN PUBLIC KEY-----\r\n(?:[\w+/=]{1,64}\r\n)+-----END PUBLIC KEY-----\r\n$/)
    expect(public_key.length).toBeLessThanOrEqual(1000)
    expect(createPublicKey(public_key).asymmetricKeyType).toBe(type)
  })

  it('has none for symmetric and HMAC keys', async () => {
    for (const [spec, code] of [
      ['AES_256', 'KMS.0331'],
      ['SM4', 'KMS.0331'],
      ['HMAC_256', 'KMS.0341'],
    ] as const)
      expectError(await huaweiCall(keystead, 'POST kms/get-publickey', { key_id: await keyOf(spec) }), 400, code)
    expectError(await huaweiCall(keystead, 'POST kms/get-publickey', { key_id: unknownId }), 404, 'KMS.0207')
    expectError(await huaweiCall(keystead, 'POST kms/get-publickey', {}), 400, 'KMS.0204')
  })
})

describe('a key of each kind', () => {
  const specs: readonly (readonly [string, string])[] = [
    ['RSA_3072', 'ASYMMETRIC_SIGN_VERIFY_RSA_3072'],
    ['RSA_4096', 'ASYMMETRIC_SIGN_VERIFY_RSA_4096'],
    ['SECP256K1', 'ASYMMETRIC_SIGN_VERIFY_EC_SECP256K1'],
    ['ED25519', 'ASYMMETRIC_SIGN_VERIFY_ED25519'],
    ['ML_DSA_44', 'ASYMMETRIC_SIGN_VERIFY_ML_DSA_44'],
    ['EC_P256', 'ASYMMETRIC_SIGN_VERIFY_ECC'],
    ['ML_DSA_87', 'ASYMMETRIC_SIGN_VERIFY_DILITHIUM'],
  ]
  it.each(specs)('%s is shown to the other cloud, which gives its public half', async (key_spec, word) => {
    const KeyId = await keyOf(key_spec)
    expect((await keystead.ok('DescribeKey', { KeyId })).KeyMetadata.KeyUsage).toBe(word)
    const { PublicKeyPem } = await keystead.ok('GetPublicKey', { KeyId })
    expect(PublicKeyPem).toBe((await pemOf(KeyId)).replaceAll('\r', ''))
  })
})
