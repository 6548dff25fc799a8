import { createHash, createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { opensslSays, opensslWith } from '../../../crypto/pairs.ts'
import { createKey, newAlias } from '../../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../../harness/keystead.ts'
import { hasOpenssl } from '../../../spec/openssl.ts'

let keystead: TestKeystead
const ids: Record<string, string> = {}
beforeAll(async () => {
  keystead = await startKeystead()
  for (const usage of usages) ids[usage] = await createKey(keystead, { KeyUsage: `ASYMMETRIC_${usage}` })
})
afterAll(() => keystead.end())

const usages = [
  'DECRYPT_RSA_2048',
  'DECRYPT_SM2',
  'SIGN_VERIFY_SM2',
  'SIGN_VERIFY_RSA_2048',
  'SIGN_VERIFY_ECC',
  'SIGN_VERIFY_ECDSA384',
  'SIGN_VERIFY_DILITHIUM',
]
const code = async (action: string, members: Members) => (await keystead.call(action, members)).code
const base64 = (data: Uint8Array | string) => Buffer.from(data).toString('base64')
const pemOf = async (usage: string): Promise<string> =>
  (await keystead.ok('GetPublicKey', { KeyId: ids[usage] })).PublicKeyPem

describe('a key', () => {
  test('says its usage and class where it is made and described', async () => {
    for (const usage of usages) {
      const { KeyMetadata } = await keystead.ok('DescribeKey', { KeyId: ids[usage] })
      expect(KeyMetadata).toMatchObject({ KeyUsage: `ASYMMETRIC_${usage}`, KeyState: 'Enabled' })
      expect(KeyMetadata.Type).toBe(usage.includes('SM2') ? 4 : 2)
    }
  })

  test('is never imported nor rotated, and encrypts nothing symmetric', async () => {
    const [KeyId] = Object.values(ids)
    const imported = { Alias: newAlias(), KeyUsage: 'ASYMMETRIC_DECRYPT_SM2', Type: 2 }
    expect(await code('CreateKey', imported)).toBe('InvalidParameterValue.InvalidType')
    for (const action of ['EnableKeyRotation', 'RotateKey'])
      expect(await code(action, { KeyId })).toBe('InvalidParameter')
    expect(await code('Encrypt', { KeyId, Plaintext: base64('x') })).toBe('InvalidParameter')
    const hosted = { KeyId, IsHostedByKms: 1, DataKeyName: newAlias() }
    const brought = { KeyId, DataKeyName: newAlias(), ImportType: 2, ImportKeyMaterial: base64(Buffer.alloc(32, 1)) }
    const invalidUsage = 'InvalidParameterValue.InvalidKeyUsage'
    for (const members of [{ KeyId }, hosted]) expect(await code('GenerateDataKey', members)).toBe(invalidUsage)
    expect(await code('ImportDataKey', brought)).toBe(invalidUsage)
    const symmetric = await createKey(keystead)
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId: symmetric, Plaintext: base64('x') })
    expect(await code('ReEncrypt', { CiphertextBlob, DestinationKeyId: KeyId })).toBe('InvalidParameter')
    expect(await code('GetPublicKey', { KeyId: symmetric })).toBe('InvalidParameter')
  })

  test('is listed when its usage is asked for, or all of them', async () => {
    const list = async (KeyUsage?: string) => {
      const { KeyMetadatas } = await keystead.ok('ListKeyDetail', { KeyUsage, Limit: 200 })
      return (KeyMetadatas as Members[]).map(({ KeyId }) => KeyId)
    }
    for (const usage of usages) expect(await list(`ASYMMETRIC_${usage}`)).toEqual([ids[usage]])
    for (const symmetric of [await list(), await list(''), await list('ENCRYPT_DECRYPT')])
      for (const id of Object.values(ids)) expect(symmetric).not.toContain(id)
    expect(await list('ALL')).toEqual(expect.arrayContaining(Object.values(ids)))
  })

  test('still proves what it proved at birth, and a damaged one does not', async () => {
    const { house } = keystead.running.installation
    const view = await house.coherence.view()
    for (const usage of usages) {
      const version = await view.get('keyVersion', `${ids[usage]}.1`)
      expect(version?.publicKey).toBeInstanceOf(Uint8Array)
      expect(version?.canary).toBeInstanceOf(Uint8Array)
    }
  })
})

test('ListAlgorithms has every usage but the symmetric one among the asymmetric', async () => {
  const all = await keystead.ok('ListAlgorithms')
  const names = (rows: Members[]) => rows.map(({ KeyUsage }) => KeyUsage.replace('ASYMMETRIC_', ''))
  expect(names([...all.AsymmetricAlgorithms, ...all.AsymmetricSignVerifyAlgorithms]).sort()).toEqual(
    expect.arrayContaining([...usages].sort()),
  )
  expect(all.AsymmetricAlgorithms).toContainEqual({ KeyUsage: 'ASYMMETRIC_DECRYPT_SM2', Algorithm: 'SM2' })
})

describe('GetPublicKey', () => {
  test('gives the same key as DER and as PEM in lines of 64', async () => {
    for (const usage of usages) {
      const { PublicKey, PublicKeyPem } = await keystead.ok('GetPublicKey', { KeyId: ids[usage] })
      const lines = PublicKeyPem.split('\n')
      expect([lines[0], lines.at(-2), lines.at(-1)]).toEqual([
        '-----BEGIN PUBLIC KEY-----',
        '-----END PUBLIC KEY-----',
        '',
      ])
      expect(lines.slice(1, -2).join('')).toBe(PublicKey)
      for (const line of lines.slice(1, -3)) expect(line).toHaveLength(64)
    }
    expect(createPublicKey(await pemOf('SIGN_VERIFY_ECDSA384')).asymmetricKeyDetails?.namedCurve).toBe('secp384r1')
  })

  test('begins for SM2 as its readers expect', async () => {
    const { PublicKey } = await keystead.ok('GetPublicKey', { KeyId: ids.DECRYPT_SM2 })
    expect(PublicKey).toMatch(/^MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE/)
  })
})

const pss = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_mgf1_md:sha256', '-sigopt', 'rsa_pss_saltlen:32']
const signatures: readonly (readonly [string, string, string | undefined, readonly string[]])[] = [
  ['RSA_PSS_SHA_256', 'SIGN_VERIFY_RSA_2048', 'sha256', ['-sha256', ...pss]],
  ['RSA_PKCS1_SHA_256', 'SIGN_VERIFY_RSA_2048', 'sha256', ['-sha256']],
  ['ECC_P256_R1', 'SIGN_VERIFY_ECC', 'sha256', ['-sha256']],
  ['ECC_P384_R1', 'SIGN_VERIFY_ECDSA384', 'sha384', ['-sha384']],
  ['SM2DSA', 'SIGN_VERIFY_SM2', undefined, ['-sm3', '-sigopt', 'distid:1234567812345678']],
]

describe.each(signatures)('%s', (Algorithm, usage, hash, options) => {
  const message = Buffer.from('a message of the API')
  const asked = () => ({ KeyId: ids[usage], Algorithm })
  const sign = async (members: Members) => (await keystead.ok('SignByAsymmetricKey', members)).Signature
  const isValid = async (members: Members) => (await keystead.ok('VerifyByAsymmetricKey', members)).SignatureValid

  test.skipIf(!hasOpenssl)('signs what openssl verifies with the public key that is given out', async () => {
    const signature = Buffer.from(await sign({ ...asked(), Message: base64(message) }), 'base64')
    const files = { public: await pemOf(usage), signature }
    const args = ['dgst', ...options, '-verify', '{public}', '-signature', '{signature}']
    expect(opensslSays(files, args, message)).toBe(true)
  })

  test('signs a digest as it signs its message, and verifies both', async () => {
    if (hash === undefined) return
    const digest = createHash(hash).update(message).digest()
    const raw = { ...asked(), Message: base64(message), MessageType: 'RAW' }
    const digested = { ...asked(), Message: base64(digest), MessageType: 'DIGEST' }
    for (const SignatureValue of [await sign(raw), await sign(digested)])
      for (const members of [raw, digested]) expect(await isValid({ ...members, SignatureValue })).toBe(true)
  })

  test('answers a wrong signature with false', async () => {
    const Message = base64(message)
    const SignatureValue = await sign({ ...asked(), Message })
    expect(await isValid({ ...asked(), Message: base64('another'), SignatureValue })).toBe(false)
    for (const wrong of [base64('nonsense'), '', base64(Buffer.alloc(5000))])
      expect(await isValid({ ...asked(), Message, SignatureValue: wrong })).toBe(false)
  })

  test('refuses a digest of another length, a longer message, and a key that is not for it', async () => {
    const wrong = { ...asked(), Message: base64(Buffer.alloc(20)), MessageType: 'DIGEST' }
    expect(await code('SignByAsymmetricKey', wrong)).toBe('InvalidParameter')
    expect(await code('VerifyByAsymmetricKey', { ...wrong, SignatureValue: 'AAAA' })).toBe('InvalidParameterValue')
    expect(await code('SignByAsymmetricKey', { ...asked(), Message: base64(Buffer.alloc(4097)) })).toBe(
      'InvalidParameter',
    )
    for (const other of usages.filter((candidate) => candidate !== usage))
      expect(await code('SignByAsymmetricKey', { ...asked(), KeyId: ids[other], Message: 'AAAA' })).toBe(
        'InvalidParameter',
      )
  })
})

test('a raw SM2 signature of 64 bytes verifies as its DER does', async () => {
  const asked = { KeyId: ids.SIGN_VERIFY_SM2, Algorithm: 'SM2DSA', Message: base64('raw') }
  const der = Buffer.from((await keystead.ok('SignByAsymmetricKey', asked)).Signature, 'base64')
  const rLength = der.readUInt8(3)
  const numbers = [der.subarray(4, 4 + rLength), der.subarray(6 + rLength)]
  const raw = numbers.map((number) => number.toString('hex').padStart(66, '0').slice(-64)).join('')
  const SignatureValue = Buffer.from(raw, 'hex').toString('base64')
  expect((await keystead.ok('VerifyByAsymmetricKey', { ...asked, SignatureValue })).SignatureValid).toBe(true)
})

describe.skipIf(!hasOpenssl)('ciphertexts of openssl', () => {
  const rsa = {
    RSAES_PKCS1_V1_5: ['rsa_padding_mode:pkcs1'],
    RSAES_OAEP_SHA_1: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha1'],
    RSAES_OAEP_SHA_256: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'],
  }
  const encrypt = async (usage: string, options: readonly string[] = []) => {
    const pkeyopts = options.flatMap((option) => ['-pkeyopt', option])
    const files = { public: await pemOf(usage) }
    return base64(
      opensslWith(files, ['pkeyutl', '-encrypt', '-pubin', '-inkey', '{public}', ...pkeyopts], Buffer.from('hi')),
    )
  }

  test.each(Object.entries(rsa))('by %s open with the RSA key', async (Algorithm, options) => {
    const Ciphertext = await encrypt('DECRYPT_RSA_2048', options)
    const asked = { KeyId: ids.DECRYPT_RSA_2048, Ciphertext, Algorithm }
    expect((await keystead.ok('AsymmetricRsaDecrypt', asked)).Plaintext).toBe(base64('hi'))
    const usage = { ...asked, KeyId: ids.SIGN_VERIFY_RSA_2048 }
    expect(await code('AsymmetricRsaDecrypt', usage)).toBe('InvalidParameterValue.InvalidKeyUsage')
  })

  test('open with the SM2 key, and changed ones do not', async () => {
    const Ciphertext = await encrypt('DECRYPT_SM2')
    const asked = { KeyId: ids.DECRYPT_SM2, Ciphertext }
    expect((await keystead.ok('AsymmetricSm2Decrypt', asked)).Plaintext).toBe(base64('hi'))
    const bytes = Buffer.from(Ciphertext, 'base64')
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    expect(await code('AsymmetricSm2Decrypt', { ...asked, Ciphertext: base64(bytes) })).toBe(
      'FailedOperation.DecryptError',
    )
  })
})

test('a wrong RSA ciphertext is a decrypt error with OAEP, and random bytes with PKCS#1 v1.5', async () => {
  const asked = { KeyId: ids.DECRYPT_RSA_2048, Ciphertext: base64(Buffer.alloc(256, 1)) }
  for (const Algorithm of ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'])
    expect(await code('AsymmetricRsaDecrypt', { ...asked, Algorithm })).toBe('FailedOperation.DecryptError')
  expect(await code('AsymmetricRsaDecrypt', { ...asked, Algorithm: 'RSAES_PKCS1_V1_5' })).toBeUndefined()
  const short = { ...asked, Ciphertext: base64('short'), Algorithm: 'RSAES_PKCS1_V1_5' }
  expect(await code('AsymmetricRsaDecrypt', short)).toBe('FailedOperation.DecryptError')
})

test('an Encrypt that comes after 64 RSA signatures is answered before the last of them', async () => {
  const KeyId = await createKey(keystead)
  await keystead.ok('Encrypt', { KeyId, Plaintext: base64('warm') })
  const asked = { KeyId: ids.SIGN_VERIFY_RSA_2048, Algorithm: 'RSA_PSS_SHA_256', Message: base64('busy') }
  let signed = 0
  const signing = Array.from({ length: 64 }, () => keystead.ok('SignByAsymmetricKey', asked).then(() => signed++))
  // One of them is answered, so all of them are on their way.
  await Promise.race(signing)
  await keystead.ok('Encrypt', { KeyId, Plaintext: base64('quick') })
  const before = signed
  await Promise.all(signing)
  expect(before).toBeLessThan(64)
})

test('nothing of a key but its public half is ever answered or written to the journal', async () => {
  const { house } = keystead.running.installation
  const version = await (await house.coherence.view()).get('keyVersion', `${ids.SIGN_VERIFY_ECC}.1`)
  const { Signature } = await keystead.ok('SignByAsymmetricKey', {
    KeyId: ids.SIGN_VERIFY_ECC,
    Algorithm: 'ECC_P256_R1',
    Message: base64('secret message'),
  })
  const journal = JSON.stringify(keystead.audit())
  for (const secret of [Signature, base64('secret message'), base64(version?.wrapped ?? '')])
    expect(journal).not.toContain(secret)
})
