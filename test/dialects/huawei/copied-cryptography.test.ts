/** Copies of keys of every family in another region do what the key does: one material, one public half. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultProject } from '../../../src/core/place.ts'
import { huaweiOk } from '../../harness/huawei.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { newAlias } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

let keystead: TestKeystead
let away: { project: string }
beforeAll(async () => {
  keystead = await startKeystead()
  away = { project: defaultProject(keystead.credentials.tencent.uin, 'beijing') }
})
afterAll(() => keystead.end())

const pairOf = async (made: Members): Promise<readonly [key: string, copy: string]> => {
  const key = await makeKey(keystead, made)
  const asked = { replica_region: 'cn-north-4', replica_project_id: away.project, key_alias: newAlias() }
  const call = `POST /v2/${keystead.credentials.huawei.projectId}/kms/keys/${key}/replicate`
  return [key, (await huaweiOk(keystead, call, asked)).key_id]
}

const message = Buffer.alloc(32, 7).toString('base64')

test('a MAC of the one is one of the other', async () => {
  const [key, copy] = await pairOf({ key_spec: 'HMAC_384' })
  const asked = { mac_algorithm: 'HMAC_SHA_384', message }
  const { mac } = await huaweiOk(keystead, 'POST kms/generate-mac', { ...asked, key_id: key })
  const verified = await huaweiOk(keystead, 'POST kms/verify-mac', { ...asked, key_id: copy, mac }, away)
  expect(verified.mac_valid).toBe(true)
})

test.each([
  ['RSA_2048', 'RSASSA_PSS_SHA_256'],
  ['EC_P256', 'ECDSA_SHA_256'],
  ['SM2', 'SM2DSA_SM3'],
  ['ML_DSA_44', 'ML_DSA_44'],
])('a signature of a copy of %s is one of the key', async (key_spec, signing_algorithm) => {
  const [key, copy] = await pairOf({ key_spec })
  const asked = { signing_algorithm, message, message_type: 'RAW' }
  const { signature } = await huaweiOk(keystead, 'POST kms/sign', { ...asked, key_id: copy }, away)
  const verified = await huaweiOk(keystead, 'POST kms/verify', { ...asked, key_id: key, signature })
  expect(verified.signature_valid).toBe('true')
})

test('data keys and what is encrypted to RSA open with either', async () => {
  const [key, copy] = await pairOf({})
  const { cipher_text, plain_text } = await huaweiOk(keystead, 'POST kms/create-datakey', { key_id: key })
  const opening = { cipher_text, datakey_cipher_length: '32' }
  const opened = await huaweiOk(keystead, 'POST kms/decrypt-datakey', { ...opening, key_id: copy }, away)
  expect(opened.data_key).toBe(plain_text)
  const data = await huaweiOk(keystead, 'POST kms/encrypt-data', { key_id: copy, plain_text: 'a' }, away)
  expect(await huaweiOk(keystead, 'POST kms/decrypt-data', { cipher_text: data.cipher_text })).toMatchObject({
    key_id: key,
    plain_text: 'a',
  })
  const moved = { cipher_text: data.cipher_text, destination_key_id: copy }
  expect(await huaweiOk(keystead, 'POST kms/re-encrypt', moved, away)).toMatchObject({ source_key_id: copy })

  const [rsa, other] = await pairOf({ key_spec: 'RSA_2048', key_usage: 'ENCRYPT_DECRYPT' })
  const oaep = { encryption_algorithm: 'RSAES_OAEP_SHA_256' }
  const made = await huaweiOk(keystead, 'POST kms/encrypt-data', { key_id: rsa, plain_text: 'a', ...oaep })
  const asked = { key_id: other, cipher_text: made.cipher_text, ...oaep }
  expect((await huaweiOk(keystead, 'POST kms/decrypt-data', asked, away)).plain_text).toBe('a')
})
