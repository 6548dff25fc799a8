import { ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import { sm2 } from 'sm-crypto-v2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pairOf, pemOf } from '../../../crypto/pairs.ts'
import { addAccount } from '../../../harness/access.ts'
import { bringInto, createKey } from '../../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../../harness/keystead.ts'

let keystead: TestKeystead
let KeyId: string
beforeAll(async () => {
  keystead = await startKeystead()
  KeyId = await createKey(keystead, { KeyUsage: 'ASYMMETRIC_DECRYPT_KYBER_AES' })
})
afterAll(() => keystead.end())

const code = async (action: string, members: Members) => (await keystead.call(action, members)).code
const base64 = (data: Uint8Array | string) => Buffer.from(data).toString('base64')
const encrypt = async (PlainText: string): Promise<string> =>
  (await keystead.ok('PostQuantumCryptoEncrypt', { KeyId, PlainText })).CiphertextBlob
const invalidCiphertext = 'InvalidParameterValue.InvalidCiphertext'

describe('PostQuantumCryptoEncrypt', () => {
  test('takes 1 to 4096 bytes, which come back as they were', async () => {
    for (const length of [1, 31, 32, 4096]) {
      const PlainText = base64(Buffer.alloc(length, length))
      const CiphertextBlob = await encrypt(PlainText)
      expect(CiphertextBlob).toMatch(/^[A-Za-z0-9+/=]+$/)
      const answer = await keystead.ok('PostQuantumCryptoDecrypt', { CiphertextBlob })
      expect(answer).toMatchObject({ KeyId, PlainText })
    }
    const invalidPlaintext = 'InvalidParameterValue.InvalidPlaintext'
    for (const PlainText of [base64(Buffer.alloc(4097)), 'nonsense!'])
      expect(await code('PostQuantumCryptoEncrypt', { KeyId, PlainText })).toBe(invalidPlaintext)
  })

  test('makes another blob each time', async () => {
    const blobs = await Promise.all(Array.from({ length: 10 }, () => encrypt(base64('x'))))
    expect(new Set(blobs.map((blob) => blob.slice(100, 1000))).size).toBe(10)
  })
})

describe('a blob', () => {
  test('changed anywhere opens to one answer', async () => {
    const bytes = Buffer.from(await encrypt(base64('hello')), 'base64')
    for (let at = 48; at < bytes.length; at += 37) {
      const changed = Buffer.from(bytes)
      changed[at] = (bytes[at] ?? 0) ^ 1
      expect(await code('PostQuantumCryptoDecrypt', { CiphertextBlob: base64(changed) })).toBe(invalidCiphertext)
    }
    for (const wrong of [bytes.subarray(0, -1), bytes.subarray(0, 200), Buffer.concat([bytes, Buffer.of(0)])])
      expect(await code('PostQuantumCryptoDecrypt', { CiphertextBlob: base64(wrong) })).toBe(invalidCiphertext)
  })

  test('of this kind is none of Decrypt and ReEncrypt, and the reverse', async () => {
    const CiphertextBlob = await encrypt(base64('hello'))
    for (const action of ['Decrypt', 'ReEncrypt'])
      expect(await code(action, { CiphertextBlob })).toBe('InvalidParameter')
    const symmetric = await createKey(keystead)
    const other = await keystead.ok('Encrypt', { KeyId: symmetric, Plaintext: base64('x') })
    const asked = { CiphertextBlob: other.CiphertextBlob }
    expect(await code('PostQuantumCryptoDecrypt', asked)).toBe('InvalidParameter')
    expect(await code('PostQuantumCryptoEncrypt', { KeyId: symmetric, PlainText: 'AAAA' })).toBe('InvalidParameter')
  })

  test('of a symmetric suite that names this key is a wrong one', async () => {
    const symmetric = await createKey(keystead)
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId: symmetric, Plaintext: base64('x') })
    const bytes = Buffer.from(CiphertextBlob, 'base64')
    bytes.set(Buffer.from(KeyId.replaceAll('-', ''), 'hex'), 28)
    expect(await code('PostQuantumCryptoDecrypt', { CiphertextBlob: base64(bytes) })).toBe(invalidCiphertext)
  })

  test('of another account is of no key', async () => {
    const CiphertextBlob = await encrypt(base64('hello'))
    const key = await addAccount(keystead)
    const { code: answered } = await keystead.call('PostQuantumCryptoDecrypt', { CiphertextBlob }, { key })
    expect(answered).toBe('ResourceUnavailable.CmkNotFound')
  })

  test('of an archived key still opens', async () => {
    const archived = await createKey(keystead, { KeyUsage: 'ASYMMETRIC_DECRYPT_KYBER_AES' })
    const PlainText = base64('kept')
    const { CiphertextBlob } = await keystead.ok('PostQuantumCryptoEncrypt', { KeyId: archived, PlainText })
    await bringInto(keystead, archived, 'Archived')
    expect((await keystead.ok('PostQuantumCryptoDecrypt', { CiphertextBlob })).PlainText).toBe(PlainText)
  })
})

test('the plaintext goes encrypted to EncryptionPublicKey, and not in clear', async () => {
  const CiphertextBlob = await encrypt(base64('for one reader'))
  const pair = pairOf('sm2')
  const EncryptionPublicKey = pemOf('PUBLIC KEY', pair.publicKey)
  const { PlainText } = await keystead.ok('PostQuantumCryptoDecrypt', { CiphertextBlob, EncryptionPublicKey })
  const scalar = Buffer.from(pair.privateDer.subarray(36, 68)).toString('hex')
  expect(sm2.doDecrypt(Buffer.from(PlainText, 'base64').toString('hex'), scalar, 1)).toBe('for one reader')
  const asked = { CiphertextBlob, EncryptionPublicKey, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
  expect(await code('PostQuantumCryptoDecrypt', asked)).toBe('FailedOperation.EncryptionError')
})

describe('PostQuantumCryptoSign', () => {
  test('signs what a second implementation of ML-DSA-87 verifies', async () => {
    const id = await createKey(keystead, { KeyUsage: 'ASYMMETRIC_SIGN_VERIFY_DILITHIUM' })
    const message = Buffer.from('signed for long')
    const { Signature } = await keystead.ok('PostQuantumCryptoSign', { KeyId: id, Message: base64(message) })
    const { PublicKey } = await keystead.ok('GetPublicKey', { KeyId: id })
    const publicKey = new Uint8Array(Buffer.from(PublicKey, 'base64').subarray(-2592))
    expect(ml_dsa87.verify(new Uint8Array(Buffer.from(Signature, 'base64')), message, publicKey)).toBe(true)
    const asked = { KeyId: id, SignatureValue: Signature }
    const verified = async (Message: string) =>
      (await keystead.ok('PostQuantumCryptoVerify', { ...asked, Message })).SignatureValid
    expect([await verified(base64(message)), await verified(base64('another'))]).toEqual([true, false])
  })

  test('refuses keys of every other usage', async () => {
    const ecc = await createKey(keystead, { KeyUsage: 'ASYMMETRIC_SIGN_VERIFY_ECC' })
    for (const id of [KeyId, ecc]) {
      expect(await code('PostQuantumCryptoSign', { KeyId: id, Message: 'AAAA' })).toBe('InvalidParameter')
      const asked = { KeyId: id, Message: 'AAAA', SignatureValue: 'AAAA' }
      expect(await code('PostQuantumCryptoVerify', asked)).toBe('InvalidParameter')
    }
  })
})
