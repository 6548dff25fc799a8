import { createPublicKey, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { performDue } from '../../../src/core/schedule.ts'
import { sm2Encrypt } from '../../../src/crypto/sm2.ts'
import { wrapPadded } from '../../crypto/key-wrap.ts'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { keyRecord, makeImported, makeKey, moveInto, stateOfKey } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { openssl } from '../../spec/openssl.ts'

const dayMs = 86_400_000
const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const parameters = 'POST kms/get-parameters-for-import'
const load = 'POST kms/import-key-material'
const remove = 'POST kms/delete-imported-key-material'
const material = Buffer.alloc(32, 0x6b)

let keystead: TestKeystead
let folder: string
beforeAll(async () => {
  keystead = await startKeystead()
  folder = mkdtempSync(join(tmpdir(), 'keystead-import-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await keystead.end()
})

type Wrapping = 'RSAES_OAEP_SHA_256' | 'RSAES_OAEP_SHA_1' | 'RSAES_PKCS1_V1_5' | 'SM2_ENCRYPT'

const paddings: Readonly<Record<Exclude<Wrapping, 'SM2_ENCRYPT'>, readonly string[]>> = {
  RSAES_OAEP_SHA_256: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256'],
  RSAES_OAEP_SHA_1: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha1'],
  RSAES_PKCS1_V1_5: ['rsa_padding_mode:pkcs1'],
}

/** As the vendor's instructions do it: by the openssl command. */
const wrapped = (wrapping: Wrapping, publicKey: string, bytes: Buffer): string => {
  const der = Buffer.from(publicKey, 'base64')
  if (wrapping === 'SM2_ENCRYPT') return Buffer.from(sm2Encrypt(der, bytes, 'der') ?? []).toString('base64')
  const file = join(folder, 'public.der')
  writeFileSync(file, der)
  const options = paddings[wrapping].flatMap((option) => ['-pkeyopt', option])
  const args = ['pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey', file, ...options]
  return openssl(args, bytes).toString('base64')
}

const open = async (key_id: string, wrapping_algorithm: Wrapping = 'RSAES_OAEP_SHA_256') => {
  const { import_token, public_key } = await huaweiOk(keystead, parameters, { key_id, wrapping_algorithm })
  return (bytes: Buffer, beside: Members = {}): Members => ({
    key_id,
    import_token,
    encrypted_key_material: wrapped(wrapping_algorithm, public_key, bytes),
    ...beside,
  })
}

const waiting = (key_spec = 'AES_256', beside: Members = {}) =>
  makeKey(keystead, { key_spec, origin: 'external', ...beside })

const encrypts = async (key_id: string): Promise<void> => {
  const { cipher_text } = await huaweiOk(keystead, 'POST kms/encrypt-data', { key_id, plain_text: 'hello' })
  expect((await huaweiOk(keystead, 'POST kms/decrypt-data', { cipher_text })).plain_text).toBe('hello')
}

describe('get-parameters-for-import', () => {
  it('answers a token, an RSA-2048 public key in DER, and their end as a number of seconds', async () => {
    const key_id = await waiting()
    const asked = { key_id, wrapping_algorithm: 'RSAES_OAEP_SHA_256' }
    const answered = await huaweiOk(keystead, parameters, asked)
    expect(Object.keys(answered).sort()).toEqual(['expiration_time', 'import_token', 'key_id', 'public_key'])
    expect(answered.key_id).toBe(key_id)
    for (const text of [answered.import_token, answered.public_key]) expect(text).toMatch(/^[0-9a-zA-Z+/=]{200,6144}$/)
    expect(Math.abs(answered.expiration_time - (keystead.clock.now() + dayMs) / 1000)).toBeLessThan(5)
    expect(Number.isInteger(answered.expiration_time)).toBe(true)
    const key = createPublicKey({ key: Buffer.from(answered.public_key, 'base64'), format: 'der', type: 'spki' })
    expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 })
    expect((await keyRecord(keystead, key_id)).key_state).toBe('5')
  })

  it.each([
    ['a generated key', () => makeKey(keystead), 400, 'KMS.0309'],
    ['a key that has its material', () => makeImported(keystead), 400, 'KMS.0310'],
    ['a key that is not there', async () => unknownId, 404, 'KMS.0207'],
    ['a malformed key_id', async () => 'x', 400, 'KMS.0205'],
  ])('refuses %s', async (_what, key, status, code) => {
    const asked = { key_id: await key(), wrapping_algorithm: 'RSAES_OAEP_SHA_256' }
    expectError(await huaweiCall(keystead, parameters, asked), status, code)
  })

  it.each([
    ['RSAES_OAEP_SHA_512', 'KMS.0308'],
    ['', 'KMS.0308'],
    [undefined, 'KMS.0204'],
  ])('refuses the algorithm %j', async (wrapping_algorithm, code) => {
    expectError(await huaweiCall(keystead, parameters, { key_id: await waiting(), wrapping_algorithm }), 400, code)
  })
})

describe('import-key-material of a symmetric key', () => {
  it.each(['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1', 'RSAES_PKCS1_V1_5', 'SM2_ENCRYPT'] as const)(
    'takes material that %s wrapped, and the key is enabled',
    async (wrapping) => {
      const key_id = await waiting()
      const answered = await huaweiCall(keystead, load, (await open(key_id, wrapping))(material))
      expect([answered.status, answered.exchanged.body]).toEqual([200, '{}'])
      expect(await keyRecord(keystead, key_id)).toMatchObject({ key_state: '2', expiration_time: '' })
      await encrypts(key_id)
    },
  )

  it('takes 16 bytes for SM4', async () => {
    const key_id = await waiting('SM4')
    await huaweiOk(keystead, load, (await open(key_id))(material.subarray(0, 16)))
    await encrypts(key_id)
  })

  it.each([
    ['AES_256', 16],
    ['AES_256', 33],
    ['SM4', 32],
  ])('refuses for %s %i bytes with KMS.2604', async (key_spec, bytes) => {
    const request = (await open(await waiting(key_spec)))(Buffer.alloc(bytes, 1))
    expectError(await huaweiCall(keystead, load, request), 400, 'KMS.2604')
  })

  it.each([
    ['a number', Number],
    ['text', String],
  ])('takes its end in seconds as %s, shows it in milliseconds, and then the key waits again', async (_form, write) => {
    const key_id = await waiting()
    const end = Math.floor(keystead.clock.now() / 1000) + 3600
    await huaweiOk(keystead, load, (await open(key_id))(material, { expiration_time: write(end) }))
    expect((await keyRecord(keystead, key_id)).expiration_time).toBe(`${end}000`)
    keystead.clock.pass(3_601_000)
    expect((await keyRecord(keystead, key_id)).key_state).toBe('5')
    await huaweiOk(keystead, load, (await open(key_id))(material))
    expect(await keyRecord(keystead, key_id)).toMatchObject({ key_state: '2', expiration_time: '' })
  })

  it.each([
    [0, 'KMS.2602'],
    [1_600_000_000, 'KMS.2602'],
    ['1600000000', 'KMS.2602'],
    [10_000_000_001, 'KMS.0308'],
    [-1, 'KMS.0308'],
    ['soon', 'KMS.0308'],
  ])('refuses an end at %j with %s', async (expiration_time, code) => {
    const request = (await open(await waiting()))(material, { expiration_time })
    expectError(await huaweiCall(keystead, load, request), 400, code)
  })

  it('refuses what does not open with KMS.0311, and the token dies of the fifth attempt', async () => {
    const request = (await open(await waiting()))(material)
    const wrong = { ...request, encrypted_key_material: randomBytes(256).toString('base64') }
    for (let attempt = 1; attempt <= 5; attempt++) expectError(await huaweiCall(keystead, load, wrong), 400, 'KMS.0311')
    expectError(await huaweiCall(keystead, load, request), 400, 'KMS.2601')
  })

  it('refuses a token that is forged, of another key, older than a day, or replaced', async () => {
    const [key_id, other] = [await waiting(), await waiting()]
    const request = (await open(key_id))(material)
    const forged = Buffer.from(request.import_token, 'base64')
    forged[100] = (forged[100] ?? 0) ^ 1
    const import_token = forged.toString('base64')
    expectError(await huaweiCall(keystead, load, { ...request, import_token }), 400, 'KMS.2605')
    expectError(await huaweiCall(keystead, load, { ...request, import_token: 'AAAA' }), 400, 'KMS.2605')
    expectError(await huaweiCall(keystead, load, { ...request, import_token: 'no base64' }), 400, 'KMS.2605')
    expectError(await huaweiCall(keystead, load, { ...request, key_id: other }), 400, 'KMS.2603')
    const newer = (await open(key_id))(material)
    expectError(await huaweiCall(keystead, load, request), 400, 'KMS.2601')
    keystead.clock.pass(dayMs)
    expectError(await huaweiCall(keystead, load, newer), 400, 'KMS.2601')
  })

  it('refuses another material than the first with KMS.2606, and takes the same', async () => {
    const key_id = await waiting()
    await huaweiOk(keystead, load, (await open(key_id))(material))
    await huaweiOk(keystead, remove, { key_id })
    const request = await open(key_id)
    expectError(await huaweiCall(keystead, load, request(Buffer.alloc(32, 1))), 400, 'KMS.2606')
    await huaweiOk(keystead, load, request(material))
    expect((await keyRecord(keystead, key_id)).key_state).toBe('2')
  })

  it('brings a key that was disabled before its material went back enabled', async () => {
    const key_id = await waiting()
    await huaweiOk(keystead, load, (await open(key_id))(material))
    await moveInto(keystead, key_id, '3')
    await huaweiOk(keystead, remove, { key_id })
    await huaweiOk(keystead, load, (await open(key_id))(material))
    expect((await keyRecord(keystead, key_id)).key_state).toBe('2')
  })

  it('refuses a generated key, one that has its material, and a private key', async () => {
    const request = (await open(await waiting()))(material)
    expectError(await huaweiCall(keystead, load, { ...request, key_id: await makeKey(keystead) }), 400, 'KMS.0309')
    await huaweiOk(keystead, load, request)
    expectError(await huaweiCall(keystead, load, request), 400, 'KMS.0310')
    const other = (await open(await waiting()))(material, { encrypted_privatekey: 'AAAA' })
    expectError(await huaweiCall(keystead, load, other), 400, 'KMS.0308')
  })

  it.each([
    ['import_token', undefined, 'KMS.0204'],
    ['encrypted_key_material', undefined, 'KMS.0204'],
    ['encrypted_key_material', '', 'KMS.0311'],
    ['encrypted_key_material', 'no base64', 'KMS.0311'],
    ['key_id', 'x', 'KMS.0205'],
    ['sequence', 'x'.repeat(37), 'KMS.0206'],
  ])('refuses a wrong %s: %j', async (member, value, code) => {
    const request = (await open(await waiting()))(material)
    expectError(await huaweiCall(keystead, load, { ...request, [member]: value }), 400, code)
  })
})

/** PKCS#8 DER of a new key, by the openssl command. */
const genpkey = (...options: string[]) =>
  openssl(['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER'], openssl(['genpkey', ...options]))
const rsa = (bits: number) => genpkey('-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`)
const ec = (curve: string) =>
  openssl(['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER'], openssl(['ecparam', '-name', curve, '-genkey', '-noout']))

const publicHalf = (pkcs8: Buffer): string =>
  openssl(['pkey', '-inform', 'DER', '-pubout', '-outform', 'DER'], pkcs8).toString('base64')
const shownHalf = async (key_id: string): Promise<string> => {
  const { public_key } = await huaweiOk(keystead, 'POST kms/get-publickey', { key_id })
  return public_key.replace(/-----[A-Z ]+-----|\s/g, '')
}

describe('import-key-material of an asymmetric key', () => {
  const kinds: readonly [spec: string, der: () => Buffer, wrappingBytes: number, usage?: string][] = [
    ['RSA_2048', () => rsa(2048), 32],
    ['RSA_2048', () => rsa(2048), 16],
    ['RSA_3072', () => rsa(3072), 32, 'ENCRYPT_DECRYPT'],
    ['RSA_4096', () => rsa(4096), 32],
    ['EC_P256', () => ec('prime256v1'), 32],
    ['EC_P384', () => ec('secp384r1'), 32],
    ['EC_P384', () => ec('secp384r1'), 32, 'KEY_AGREEMENT'],
    ['SECP256K1', () => ec('secp256k1'), 32],
    ['SM2', () => ec('SM2'), 16],
    ['SM2', () => ec('SM2'), 16, 'ENCRYPT_DECRYPT'],
  ]
  const cipherOf = (spec: string) => (spec === 'SM2' ? 'sm4' : 'aes')

  const asked = async (spec: string, der: Buffer, temporary: Buffer, beside: Members = {}, wrapping?: Wrapping) => {
    const key_id = await waiting(spec, beside)
    const encrypted_privatekey = wrapPadded(cipherOf(spec), temporary, der).toString('base64')
    return (await open(key_id, wrapping))(temporary, { encrypted_privatekey })
  }

  it.each(kinds)('takes a private %s key that openssl made, by %#', async (spec, make, bytes, key_usage) => {
    const der = make()
    const request = await asked(spec, der, randomBytes(bytes), key_usage === undefined ? {} : { key_usage })
    const answered = await huaweiCall(keystead, load, request)
    expect([answered.status, answered.exchanged.body]).toEqual([200, '{}'])
    const record = { key_state: '2', origin: 'external', expiration_time: '', key_spec: spec }
    expect(await keyRecord(keystead, request.key_id)).toMatchObject(record)
    expect(await shownHalf(request.key_id)).toBe(publicHalf(der))
  })

  it.each(['SM2_ENCRYPT', 'RSAES_PKCS1_V1_5', 'RSAES_OAEP_SHA_1'] as const)(
    'takes the wrapping key by %s too',
    async (wrapping) => {
      await huaweiOk(keystead, load, await asked('EC_P256', ec('prime256v1'), randomBytes(32), {}, wrapping))
    },
  )

  it('signs so that openssl, which made the key, verifies it', async () => {
    const der = ec('prime256v1')
    const { key_id, ...request } = await asked('EC_P256', der, randomBytes(32))
    await huaweiOk(keystead, load, { key_id, ...request })
    const message = Buffer.from('to be signed')
    const signing = { signing_algorithm: 'ECDSA_SHA_256', message: message.toString('base64'), message_type: 'RAW' }
    const { signature } = await huaweiOk(keystead, 'POST kms/sign', { key_id, ...signing })
    const [signatureFile, publicFile] = [join(folder, 'signature'), join(folder, 'key.pem')]
    writeFileSync(signatureFile, Buffer.from(signature, 'base64'))
    writeFileSync(publicFile, openssl(['pkey', '-inform', 'DER', '-pubout'], der))
    const verified = openssl(['dgst', '-sha256', '-verify', publicFile, '-signature', signatureFile], message)
    expect(verified.toString()).toContain('Verified OK')
  })

  it('refuses no private key at all with KMS.2608', async () => {
    const request = (await open(await waiting('RSA_2048')))(randomBytes(32))
    expectError(await huaweiCall(keystead, load, request), 400, 'KMS.2608')
  })

  it('refuses a wrapping key of another length with KMS.2610', async () => {
    const { encrypted_privatekey } = await asked('EC_P256', ec('prime256v1'), randomBytes(32))
    const request = (await open(await waiting('EC_P256')))(randomBytes(24), { encrypted_privatekey })
    expectError(await huaweiCall(keystead, load, request), 400, 'KMS.2610')
    const sm2 = (await open(await waiting('SM2')))(randomBytes(32), { encrypted_privatekey })
    expectError(await huaweiCall(keystead, load, sm2), 400, 'KMS.2610')
  })

  it.each([
    ['a key of another size', 'RSA_2048', () => rsa(3072)],
    ['a key of another curve', 'EC_P256', () => ec('secp384r1')],
    ['a key of another family', 'RSA_2048', () => ec('prime256v1')],
    ['a key of the international curve for SM2', 'SM2', () => ec('prime256v1')],
    ['an SM2 key for a curve of its size', 'EC_P256', () => ec('SM2')],
    ['bytes that are no key', 'EC_P256', () => randomBytes(121)],
    ['bytes that are no SM2 key', 'SM2', () => randomBytes(121)],
    ['an SM2 scalar of zero', 'SM2', () => ec('SM2').fill(0, 36, 68)],
    ['an SM2 scalar beyond the order', 'SM2', () => ec('SM2').fill(0xff, 36, 68)],
    [
      'a key whose halves are of two keys',
      'EC_P256',
      () => {
        const [one, two] = [ec('prime256v1'), ec('prime256v1')]
        return Buffer.concat([one.subarray(0, -64), two.subarray(-64)])
      },
    ],
  ] as const)('refuses %s with KMS.2609', async (_what, spec, make) => {
    const request = await asked(spec, make(), randomBytes(spec === 'SM2' ? 16 : 32))
    expectError(await huaweiCall(keystead, load, request), 400, 'KMS.2609')
    expect((await keyRecord(keystead, request.key_id)).key_state).toBe('5')
  })

  it('refuses what was changed under way with KMS.2609', async () => {
    const request = await asked('EC_P256', ec('prime256v1'), randomBytes(32))
    const changed = Buffer.from(request.encrypted_privatekey, 'base64')
    changed[40] = (changed[40] ?? 0) ^ 1
    const wrong = { ...request, encrypted_privatekey: changed.toString('base64') }
    expectError(await huaweiCall(keystead, load, wrong), 400, 'KMS.2609')
  })

  it('has no end, and its material cannot be deleted', async () => {
    const request = await asked('EC_P256', ec('prime256v1'), randomBytes(32))
    const ending = { ...request, expiration_time: Math.floor(keystead.clock.now() / 1000) + 3600 }
    expectError(await huaweiCall(keystead, load, ending), 400, 'KMS.0308')
    await huaweiOk(keystead, load, request)
    expectError(await huaweiCall(keystead, remove, { key_id: request.key_id }), 400, 'KMS.2702')
  })
})

describe('delete-imported-key-material', () => {
  it('leaves a key that waits, and answers an empty object', async () => {
    const key_id = await makeImported(keystead)
    const answered = await huaweiCall(keystead, remove, { key_id })
    expect([answered.status, answered.exchanged.body]).toEqual([200, '{}'])
    expect((await keyRecord(keystead, key_id)).key_state).toBe('5')
    expectError(await huaweiCall(keystead, remove, { key_id }), 400, 'KMS.2701')
  })

  it.each([
    ['a generated key', () => makeKey(keystead), 400, 'KMS.0309'],
    ['a key that is not there', async () => unknownId, 404, 'KMS.0207'],
    ['a malformed key_id', async () => 'x', 400, 'KMS.0205'],
  ])('refuses %s', async (_what, key, status, code) => {
    expectError(await huaweiCall(keystead, remove, { key_id: await key() }), status, code)
  })
})

describe('material that has ended', () => {
  it('is removed, and a key that was to be deleted waits for it when that is cancelled', async () => {
    const key_id = await waiting()
    const end = Math.floor(keystead.clock.now() / 1000) + 60
    await huaweiOk(keystead, load, (await open(key_id))(material, { expiration_time: end }))
    await moveInto(keystead, key_id, '4')
    keystead.clock.pass(120_000)
    for (const elapsed of [60_000, 3_600_001])
      await performDue(keystead.running.installation.house, elapsed, (fault) => {
        throw fault
      })
    expect(await stateOfKey(keystead, key_id)).toBe('4')
    expect(await huaweiOk(keystead, 'POST kms/cancel-key-deletion', { key_id })).toEqual({ key_id, key_state: '5' })
  })
})
