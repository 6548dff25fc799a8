/** Results that are encrypted to the caller's own key, opened again by openssl and by a second implementation of SM2. */

import { sm2 } from 'sm-crypto-v2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { opensslWith, pairOf, pemOf } from '../../../crypto/pairs.ts'
import { hostDataKey } from '../../../harness/data-keys.ts'
import { createKey, newAlias } from '../../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../../harness/keystead.ts'
import { hasOpenssl } from '../../../spec/openssl.ts'

const rsa = pairOf('rsa-2048')
const sm = pairOf('sm2')
const rsaPem = pemOf('PUBLIC KEY', rsa.publicKey)
const smPem = pemOf('PUBLIC KEY', sm.publicKey)
/** PKCS#8 that is written here has the scalar at one place. */
const smScalar = Buffer.from(sm.privateDer.subarray(36, 68)).toString('hex')

const openedByOpenssl = (key: string, options: readonly string[], result: Buffer): Buffer => {
  const pkeyopts = options.flatMap((option) => ['-pkeyopt', option])
  return opensslWith({ key }, ['pkeyutl', '-decrypt', '-inkey', '{key}', ...pkeyopts], result)
}
const rsaKey = pemOf('PRIVATE KEY', rsa.privateDer)
const oaep = (md: string) => ['rsa_padding_mode:oaep', `rsa_oaep_md:${md}`, `rsa_mgf1_md:${md}`]
const bySecond = (result: Buffer, asn1: boolean): Buffer =>
  Buffer.from(sm2.doDecrypt(result.toString('hex'), smScalar, 1, { asn1, output: 'array' }))

const rows: readonly (readonly [string | undefined, string, (result: Buffer) => Buffer])[] = [
  ['RSAES_PKCS1_V1_5', rsaPem, (result) => openedByOpenssl(rsaKey, ['rsa_padding_mode:pkcs1'], result)],
  ['RSAES_OAEP_SHA_1', rsaPem, (result) => openedByOpenssl(rsaKey, oaep('sha1'), result)],
  ['RSAES_OAEP_SHA_256', rsaPem, (result) => openedByOpenssl(rsaKey, oaep('sha256'), result)],
  ['SM2', smPem, (result) => bySecond(result, false)],
  [undefined, smPem, (result) => bySecond(result, false)],
  ['SM2_C1C3C2_ASN1', smPem, (result) => bySecond(result, true)],
  ['SM2_C1C3C2_ASN1', smPem, (result) => openedByOpenssl(pemOf('PRIVATE KEY', sm.privateDer), [], result)],
]

let keystead: TestKeystead
let KeyId: string
let CiphertextBlob: string
const Plaintext = Buffer.from('thirty-two bytes of a plain text').toString('base64')
beforeAll(async () => {
  keystead = await startKeystead()
  KeyId = await createKey(keystead)
  CiphertextBlob = (await keystead.ok('Encrypt', { KeyId, Plaintext })).CiphertextBlob
})
afterAll(() => keystead.end())

const code = async (action: string, members: Members) => (await keystead.call(action, members)).code
const encryptionError = 'FailedOperation.EncryptionError'

describe.skipIf(!hasOpenssl).each(rows)('EncryptionAlgorithm %s', (EncryptionAlgorithm, EncryptionPublicKey, open) => {
  const envelope = { EncryptionPublicKey, EncryptionAlgorithm }

  test('gives the plaintext of Decrypt to nobody but the holder of the key', async () => {
    const answer = await keystead.ok('Decrypt', { CiphertextBlob, ...envelope })
    expect(answer.KeyId).toBe(KeyId)
    expect(answer.Plaintext).not.toBe(Plaintext)
    expect(open(Buffer.from(answer.Plaintext, 'base64')).toString('base64')).toBe(Plaintext)
  })

  test('gives a data key, whose blob opens to the same', async () => {
    const made = await keystead.ok('GenerateDataKey', { KeyId, KeySpec: 'AES_256', ...envelope })
    const clear = await keystead.ok('Decrypt', { CiphertextBlob: made.CiphertextBlob })
    expect(open(Buffer.from(made.Plaintext, 'base64')).toString('base64')).toBe(clear.Plaintext)
  })

  test('gives a hosted data key, when it is made and later', async () => {
    const { DataKeyId, Plaintext: made } = await hostDataKey(keystead, { KeyId, ...envelope })
    const clear = (await keystead.ok('GetDataKeyPlaintext', { DataKeyId })).Plaintext
    const later = (await keystead.ok('GetDataKeyPlaintext', { DataKeyId, ...envelope })).Plaintext
    for (const result of [made, later]) expect(open(Buffer.from(result, 'base64')).toString('base64')).toBe(clear)
  })
})

test('SM2 answers x, y, C3 and C2 with nothing before them', async () => {
  const answer = await keystead.ok('Decrypt', { CiphertextBlob, EncryptionPublicKey: smPem })
  expect(Buffer.from(answer.Plaintext, 'base64')).toHaveLength(64 + 32 + 32)
})

test('what is no key of the algorithm is an encryption error, and nothing is given in clear', async () => {
  const p256 = pemOf('PUBLIC KEY', pairOf('ec-p256').publicKey)
  const off = pemOf('PUBLIC KEY', sm.publicKey.with(90, (sm.publicKey[90] ?? 0) ^ 1))
  const { DataKeyId } = await hostDataKey(keystead, { KeyId })
  const wrong: readonly (readonly [string, string])[] = [
    ['SM2', rsaPem],
    ['SM2', p256],
    ['SM2', off],
    ['RSAES_OAEP_SHA_256', smPem],
    ['RSAES_OAEP_SHA_256', 'nonsense'],
    ['RSAES_PKCS1_V1_5', rsaPem.replaceAll('PUBLIC', 'PRIVATE')],
    ['RSAES_PKCS1_V1_5', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----'],
    ['RSAES_PKCS1_V1_5', `${rsaPem}${'x'.repeat(4097)}`],
  ]
  for (const [EncryptionAlgorithm, EncryptionPublicKey] of wrong)
    for (const [action, members] of [
      ['GetDataKeyPlaintext', { DataKeyId }],
      ['GenerateDataKey', { KeyId, IsHostedByKms: 1, DataKeyName: newAlias() }],
      ['Decrypt', { CiphertextBlob }],
      ['GenerateDataKey', { KeyId }],
    ] as const) {
      const { response } = await keystead.call(action, { ...members, EncryptionPublicKey, EncryptionAlgorithm })
      expect(response.Error.Code).toBe(encryptionError)
      expect(JSON.stringify(response)).not.toContain(Plaintext)
    }
})

test('a result that is too long for the key is an encryption error', async () => {
  const envelope = { EncryptionPublicKey: rsaPem, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
  expect(await code('GenerateDataKey', { KeyId, NumberOfBytes: 190, ...envelope })).toBeUndefined()
  expect(await code('GenerateDataKey', { KeyId, NumberOfBytes: 191, ...envelope })).toBe(encryptionError)
  expect(await code('GenerateDataKey', { KeyId, NumberOfBytes: 1024, EncryptionPublicKey: smPem })).toBeUndefined()
})

test('without a key, or with an empty one, the algorithm says nothing', async () => {
  for (const EncryptionPublicKey of [undefined, '']) {
    const answer = await keystead.ok('Decrypt', { CiphertextBlob, EncryptionPublicKey, EncryptionAlgorithm: 'SM2' })
    expect(answer.Plaintext).toBe(Plaintext)
  }
  expect(await code('Decrypt', { CiphertextBlob, EncryptionAlgorithm: 'SM3' })).toBe('InvalidParameter')
})
