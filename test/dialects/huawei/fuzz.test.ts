/** Whatever is sent by a caller who is known, what comes back is an answer of the API: no hang, no fault, no stack. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codes } from '../../../src/dialects/huawei/codes.ts'
import { type HuaweiAnswered, huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { captureStderr } from '../../harness/stderr.ts'
import vendor from '../../vendor/huawei.json' with { type: 'json' }

const stderr = captureStderr()
let keystead: TestKeystead
/** A key of each kind that takes another way through the code. */
let keys: Readonly<Record<'aes' | 'rsa' | 'ec' | 'agreement' | 'sm2' | 'hmac' | 'ed' | 'dilithium', string>>
let data: string
let dataKey: string
beforeAll(async () => {
  keystead = await startKeystead({ settings: { logLevel: 'warn' } })
  keys = {
    aes: await makeKey(keystead),
    rsa: await makeKey(keystead, { key_spec: 'RSA_2048', key_usage: 'ENCRYPT_DECRYPT' }),
    ec: await makeKey(keystead, { key_spec: 'EC_P256' }),
    agreement: await makeKey(keystead, { key_spec: 'SM2', key_usage: 'KEY_AGREEMENT' }),
    sm2: await makeKey(keystead, { key_spec: 'SM2', key_usage: 'ENCRYPT_DECRYPT' }),
    hmac: await makeKey(keystead, { key_spec: 'HMAC_SM3' }),
    ed: await makeKey(keystead, { key_spec: 'ED25519' }),
    dilithium: await makeKey(keystead, { key_spec: 'ML_DSA_44' }),
  }
  data = (await huaweiOk(keystead, 'POST kms/encrypt-data', { key_id: keys.aes, plain_text: 'a' })).cipher_text
  dataKey = (await huaweiOk(keystead, 'POST kms/create-datakey', { key_id: keys.aes })).cipher_text
})
afterAll(async () => {
  await keystead.end()
  stderr.release()
})

const expectAnswer = ({ status, members, exchanged }: HuaweiAnswered): void => {
  expect(exchanged.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  if (status < 300) return
  const { error_code: code, error_msg: message } = members.error
  expect(Object.keys(codes)).toContain(code)
  expect(code).not.toBe('KMS.0101')
  expect(message).not.toMatch(/\n\s+at |node:|\.ts:|undefined|\[object/)
}

interface VendorAction {
  readonly method: string
  readonly path: string
  readonly request: readonly { readonly name: string; readonly in: string }[]
}
const posts = Object.entries(vendor.actions as unknown as Record<string, VendorAction>).filter(
  ([, { method, path }]) => method === 'POST' && !path.includes('{key_id}'),
)

const algorithms = [
  ...['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256', 'SM2_ENCRYPT', 'ECDH', 'HMAC_SM3', 'RAW', 'DIGEST'],
  ...['ECDSA_SHA_256', 'ED25519_SHA_512', 'ED25519_PH_SHA_512', 'ML_DSA_44', 'RSASSA_PSS_SHA_256', 'SM2DSA_SM3'],
  ...['AES_256', 'ECC_NIST_P521', 'SM2', 'HMAC_512'],
]

/** Values that get past the first checks more often than chance would. */
const value = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constantFrom(...Object.values(keys)),
    fc.constantFrom(data, dataKey, dataKey.toLowerCase(), data.slice(4), dataKey.slice(2)),
    fc.constantFrom(...algorithms),
    fc.constantFrom('', '0', '32', '00', 'AAAA', '{"a":"1"}', '{', '*', '__proto__', '\u0000', '\ud800', '../..'),
    fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, 8, 32, 1024, 2 ** 53, -0)),
    fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
  )

const timed = { interruptAfterTimeLimit: 4000, numRuns: 2000 }

test('members of any kind', async () => {
  const asked = fc.constantFrom(...posts).chain(([, { path, request }]) => {
    const own = request.filter((member) => member.in === 'body').map(({ name }) => [name, value()] as const)
    const some = fc.record(Object.fromEntries(own), { requiredKeys: [] })
    const any = fc.dictionary(fc.string(), value())
    return fc
      .oneof({ weight: 4, arbitrary: some }, { weight: 1, arbitrary: any })
      .map((members) => [path, members] as const)
  })
  await fc.assert(
    fc.asyncProperty(asked, async ([path, members]) => {
      const { projectId } = keystead.credentials.huawei
      const to = path.replace('{project_id}', projectId).replace(/\{\w+\}/g, 'x')
      expectAnswer(await huaweiCall(keystead, `POST ${to}`, JSON.stringify(members)))
    }),
    timed,
  )
})

test('requests of cryptography with one or two members changed', async () => {
  const zeros = Buffer.alloc(32).toString('base64')
  const whole: readonly (readonly [string, Members])[] = [
    ['encrypt-data', { key_id: keys.aes, plain_text: 'a', additional_authenticated_data: 'a' }],
    ['encrypt-data', { key_id: keys.rsa, plain_text: 'a', encryption_algorithm: 'RSAES_OAEP_SHA_256' }],
    ['decrypt-data', { cipher_text: data }],
    ['decrypt-data', { key_id: keys.sm2, cipher_text: zeros, encryption_algorithm: 'SM2_ENCRYPT' }],
    ['decrypt-data', { key_id: keys.rsa, cipher_text: zeros, encryption_algorithm: 'RSAES_OAEP_SHA_256' }],
    ['create-datakey', { key_id: keys.aes, datakey_length: '256', encryption_context: { a: '1' } }],
    ['decrypt-datakey', { key_id: keys.aes, cipher_text: dataKey, datakey_cipher_length: '32' }],
    ['encrypt-datakey', { key_id: keys.aes, plain_text: '00'.repeat(33), datakey_plain_length: '1' }],
    ['create-ec-datakey-pair', { key_id: keys.aes, key_spec: 'ECC_NIST_P521', with_plain_text: true }],
    ['re-encrypt', { cipher_text: data, destination_key_id: keys.aes }],
    ['re-encrypt', { cipher_text: dataKey, destination_key_id: keys.aes, datakey_cipher_length: '32' }],
    ['sign', { key_id: keys.ec, message: zeros, signing_algorithm: 'ECDSA_SHA_256' }],
    ['sign', { key_id: keys.dilithium, message: zeros, signing_algorithm: 'ML_DSA_44', message_type: 'RAW' }],
    ['verify', { key_id: keys.ec, message: zeros, signing_algorithm: 'ECDSA_SHA_256', signature: zeros }],
    [
      'verify',
      {
        key_id: keys.ed,
        message: zeros,
        signing_algorithm: 'ED25519_PH_SHA_512',
        signature: zeros,
        message_type: 'RAW',
      },
    ],
    ['derive-shared-secret', { key_id: keys.agreement, key_agreement_algorithm: 'ECDH', public_key: zeros }],
    ['generate-mac', { key_id: keys.hmac, mac_algorithm: 'HMAC_SM3', message: zeros }],
    ['verify-mac', { key_id: keys.hmac, mac_algorithm: 'HMAC_SM3', message: zeros, mac: '00' }],
  ]
  const asked = fc.constantFrom(...whole).chain(([call, members]) => {
    const change = fc.tuple(fc.constantFrom(...Object.keys(members)), value())
    return fc
      .array(change, { maxLength: 2 })
      .map((changes) => [call, { ...members, ...Object.fromEntries(changes) }] as const)
  })
  await fc.assert(
    fc.asyncProperty(asked, async ([call, members]) =>
      expectAnswer(await huaweiCall(keystead, `POST kms/${call}`, JSON.stringify(members))),
    ),
    timed,
  )
})

test('ciphertexts with changed bytes never open', async () => {
  const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)))
  await fc.assert(
    fc.asyncProperty(changes, fc.nat(40), async (changed, cut) => {
      for (const [call, written, form, members] of [
        ['decrypt-data', data, 'base64', {}],
        ['decrypt-datakey', dataKey, 'hex', { key_id: keys.aes, datakey_cipher_length: '32' }],
        ['re-encrypt', data, 'base64', { destination_key_id: keys.aes }],
      ] as const) {
        const bytes = Buffer.from(written, form)
        for (const [at, byte] of changed) bytes[Math.floor(at * bytes.length)] = byte
        const spoilt = bytes.subarray(0, bytes.length - cut)
        const answered = await huaweiCall(keystead, `POST kms/${call}`, {
          cipher_text: spoilt.toString(form),
          ...members,
        })
        expectAnswer(answered)
        if (!spoilt.equals(Buffer.from(written, form))) expect(answered.code).toBeDefined()
      }
    }),
    timed,
  )
})

test('nothing of it was a fault: the log has no line', () => {
  expect(stderr.text()).toBe('')
})
