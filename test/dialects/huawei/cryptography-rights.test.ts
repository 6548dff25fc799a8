/** Which right each call of cryptography needs: that one lets it, and all the others together do not. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Right, rights } from '../../../src/core/access/right.ts'
import { addAccessKey, addPrincipal } from '../../harness/access.ts'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

let keystead: TestKeystead
let aes: string
beforeAll(async () => {
  keystead = await startKeystead()
  aes = await makeKey(keystead)
})
afterAll(() => keystead.end())

const zeros = Buffer.alloc(32)
const base64 = zeros.toString('base64')
const tailed = Buffer.concat([zeros, createHash('sha256').update(zeros).digest()]).toString('hex')
const peer = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .publicKey.export({ format: 'der', type: 'spki' })
  .toString('base64')

const encrypted = async (key_id: string, members: Members = {}): Promise<string> =>
  (await huaweiOk(keystead, 'POST kms/encrypt-data', { key_id, plain_text: 'a', ...members })).cipher_text

const made = (key_spec: string, key_usage: string | undefined, members: Members) => async (): Promise<Members> => ({
  key_id: await makeKey(keystead, { key_spec, key_usage }),
  ...members,
})
const ofAes = (members: Members) => async (): Promise<Members> => ({ key_id: aes, ...members })
const decrypting = (key_spec: string, encryption_algorithm: string) => async (): Promise<Members> => {
  const key_id = await makeKey(keystead, { key_spec, key_usage: 'ENCRYPT_DECRYPT' })
  const cipher_text = await encrypted(key_id, { encryption_algorithm })
  return { key_id, encryption_algorithm, cipher_text }
}

const oaep = { plain_text: 'a', encryption_algorithm: 'RSAES_OAEP_SHA_256' }
const signing = { message: base64, signing_algorithm: 'ECDSA_SHA_256' }
const quantum = { message: base64, signing_algorithm: 'ML_DSA_44', message_type: 'RAW' }
const mac = { message: base64, mac_algorithm: 'HMAC_SHA_256' }

const table: readonly (readonly [call: string, needed: readonly Right[], members: () => Promise<Members>])[] = [
  ['encrypt-data', ['encrypt'], ofAes({ plain_text: 'a' })],
  ['encrypt-data', ['encrypt'], made('RSA_2048', 'ENCRYPT_DECRYPT', oaep)],
  ['decrypt-data', ['decrypt'], async () => ({ cipher_text: await encrypted(aes) })],
  ['decrypt-data', ['decryptRsa'], decrypting('RSA_2048', 'RSAES_OAEP_SHA_256')],
  ['decrypt-data', ['decryptSm2'], decrypting('SM2', 'SM2_ENCRYPT')],
  ['create-datakey', ['generateDataKey'], ofAes({})],
  ['create-datakey-without-plaintext', ['generateWrappedDataKey'], ofAes({})],
  ['encrypt-datakey', ['encrypt'], ofAes({ plain_text: tailed, datakey_plain_length: '32' })],
  [
    'decrypt-datakey',
    ['decrypt'],
    async () => {
      const { cipher_text } = await huaweiOk(keystead, 'POST kms/create-datakey', { key_id: aes })
      return { key_id: aes, cipher_text, datakey_cipher_length: '32' }
    },
  ],
  ['create-rsa-datakey-pair', ['generateDataKeyPair'], ofAes({ key_spec: 'RSA_2048' })],
  ['create-ec-datakey-pair', ['generateDataKeyPair'], ofAes({ key_spec: 'SM2' })],
  [
    're-encrypt',
    ['reEncryptFrom', 'reEncryptTo'],
    async () => ({ cipher_text: await encrypted(aes), destination_key_id: aes }),
  ],
  ['sign', ['sign'], made('EC_P256', undefined, signing)],
  ['sign', ['signPostQuantum'], made('ML_DSA_44', undefined, quantum)],
  ['verify', ['verify'], made('EC_P256', undefined, { ...signing, signature: 'AAAA' })],
  ['verify', ['verifyPostQuantum'], made('ML_DSA_44', undefined, { ...quantum, signature: 'AAAA' })],
  ['get-publickey', ['getPublicKey'], made('EC_P256', undefined, {})],
  [
    'derive-shared-secret',
    ['deriveSharedSecret'],
    made('EC_P256', 'KEY_AGREEMENT', { key_agreement_algorithm: 'ECDH', public_key: peer }),
  ],
  ['generate-mac', ['generateMac'], made('HMAC_256', undefined, mac)],
  ['verify-mac', ['verifyMac'], made('HMAC_256', undefined, { ...mac, mac: '00' })],
  ['create-pin', ['random'], async () => ({ keystore_id: '1' })],
]

const everything = [{ kind: '*', region: '*', creator: '*', id: '*' }]

/** What a user is answered who may do this and nothing else. */
const answerTo = async (allowed: readonly Right[], call: string, members: Members): Promise<string | undefined> => {
  const policies = [{ statements: [{ effect: 'allow', rights: allowed, resources: everything }] }]
  const principal = await addPrincipal(keystead, { policies })
  const { secretId: accessKey, secretKey } = await addAccessKey(keystead, { principal, dialect: 'huawei' })
  return (await huaweiCall(keystead, `POST kms/${call}`, members, { key: { accessKey, secretKey } })).code
}

describe.each(table)('%s by %j', (call, needed, membersOf) => {
  test('is let by it, and by nothing less', async () => {
    const members = await membersOf()
    expect(await answerTo(needed, call, members)).toBeUndefined()
    for (const one of needed) {
      const others = rights.filter((right) => right !== one)
      expect(await answerTo(others, call, members)).toBe('KMS.0307')
    }
    expect(await answerTo([], call, members)).toBe('KMS.0307')
  })
})
