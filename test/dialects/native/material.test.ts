/** What the native API does with material beside the ordinary: data keys that are kept, keys in two halves, tables. */
import {
  constants,
  createCipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWhiteBox } from '../../../src/white-box/decryptor.ts'
import { addAccessKey, addPrincipal } from '../../harness/access.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { clientOf, type NativeClient, signIn } from '../../harness/native.ts'
import { fingerprintOf } from '../../harness/white-box.ts'

let keystead: TestKeystead
let root: NativeClient
let drawn = 0
beforeAll(async () => {
  keystead = await startKeystead()
  root = clientOf(keystead, await signIn(keystead))
})
afterAll(() => keystead.end())

const newKey = async (over: object = {}): Promise<string> =>
  (await root.ok('key-create', { name: `key-${++drawn}`, ...over })).key.id
const base64 = (text: string) => Buffer.from(text).toString('base64')
const bytes = (text: string) => Buffer.from(text, 'base64')
const statusOf = async (action: string, members: object) => (await root.call(action, members)).status

/** A user whom a policy lets do these alone. */
const userWith = async (...rights: readonly string[]): Promise<NativeClient> => {
  const resources = [{ kind: '*', region: '*', creator: '*', id: '*' }]
  const principal = await addPrincipal(keystead, {
    policies: [{ statements: [{ effect: 'allow', rights, resources }] }],
  })
  return clientOf(keystead, await signIn(keystead, await addAccessKey(keystead, { principal })))
}

describe('a data key that is kept', () => {
  const made = async (over: object = {}): Promise<Members & { readonly dataKey: string }> =>
    (await root.ok('data-key-create', { key: await newKey(), name: `data-${++drawn}`, ...over })) as never

  test('is read again in clear and as its ciphertext, and is the clouds’ too', async () => {
    const context = { a: '1' }
    const { dataKey, plaintext, ciphertext, keyId } = await made({ bytes: 24, context, description: 'said' })
    expect(bytes(plaintext)).toHaveLength(24)
    expect(await root.ok('data-key-read', { dataKey })).toEqual({ plaintext })
    expect(await root.ok('data-key-ciphertext', { dataKey })).toEqual({ ciphertext })
    expect((await root.ok('decrypt', { ciphertext, context })).plaintext).toBe(plaintext)
    const shown = (await root.ok('data-key-show', { dataKey })).dataKey
    expect(shown).toMatchObject({ id: dataKey, key: keyId, bytes: 24, origin: 'generated', description: 'said' })
    expect((await root.ok('data-key-list', { key: keyId })).dataKeys).toEqual([shown])
    expect((await keystead.ok('GetDataKeyPlaintext', { DataKeyId: dataKey })).Plaintext).toBe(plaintext)
  })

  test('can be brought, in clear or as a ciphertext, and not as both', async () => {
    const key = await newKey()
    const plaintext = base64('0123456789abcdef')
    const brought = await root.ok('data-key-import', { name: 'brought', key, plaintext })
    expect(await root.ok('data-key-read', { dataKey: brought.dataKey })).toEqual({ plaintext })
    const loose = await root.ok('generate-data-key', { key })
    const { dataKey, keyId } = await root.ok('data-key-import', { name: 'kept', ciphertext: loose.ciphertext })
    expect(keyId).toBe(key)
    expect((await root.ok('data-key-read', { dataKey })).plaintext).toBe(loose.plaintext)
    // Data is no data key: else the rights to data keys would read it.
    const { ciphertext: data } = await root.ok('encrypt', { key, plaintext })
    expect(await statusOf('data-key-import', { name: 'data', ciphertext: data })).toBe(422)
    for (const members of [{}, { plaintext }, { key }, { key, ciphertext: data }, { plaintext, ciphertext: data }])
      expect(await statusOf('data-key-import', { name: 'wrong', ...members })).toBe(400)
  })

  test('gets another name and description, and is shut with its key', async () => {
    const { dataKey, keyId } = await made()
    const { dataKey: other } = await made({ key: keyId, name: 'taken' })
    expect(await statusOf('data-key-rename', { dataKey, name: 'taken' })).toBe(409)
    await root.ok('data-key-rename', { dataKey, name: 'renamed' })
    await root.ok('data-key-describe', { dataKey, description: 'anew' })
    const { dataKey: shown } = await root.ok('data-key-show', { dataKey })
    expect(shown).toMatchObject({ name: 'renamed', description: 'anew', state: 'active' })
    await root.ok('data-key-suspend', { dataKey: other })
    expect(await statusOf('data-key-read', { dataKey: other })).toBe(409)
    await root.ok('key-suspend', { key: keyId })
    expect(await statusOf('data-key-read', { dataKey })).toBe(409)
    expect(await statusOf('data-key-read', { dataKey: 'nothing' })).toBe(404)
  })

  test('is read by whoever may read it and decrypt data keys, and by nobody with one of the two', async () => {
    const { dataKey } = await made()
    for (const [rights, status] of [
      [['readDataKey', 'decryptDataKey'], 200],
      [['readDataKey'], 403],
      [['decryptDataKey', 'decrypt', 'readDataKeyCiphertext'], 403],
    ] as const)
      expect((await (await userWith(...rights)).call('data-key-read', { dataKey })).status).toBe(status)
  })
})

describe('a key in two halves', () => {
  test.each([
    ['rsa-2048', 'rsaOaepSha256', 'rsaOaepSha1'],
    ['sm2', 'sm2Der', 'sm2Raw'],
  ])(
    'of %s opens what was encrypted to it, by the scheme that it was encrypted by',
    async (algorithm, scheme, other) => {
      const key = await newKey({ algorithm, usage: 'encryptDecrypt' })
      const plaintext = base64('a message')
      const { ciphertext } = await root.ok('encrypt-asymmetric', { key, plaintext, scheme })
      expect(await root.ok('decrypt-asymmetric', { key, ciphertext, scheme })).toEqual({ plaintext, keyId: key })
      // Both forms of SM2 are told apart by what they look like.
      const byOther = await statusOf('decrypt-asymmetric', { key, ciphertext, scheme: other })
      expect(byOther).toBe(algorithm === 'sm2' ? 200 : 422)
      const misfit = scheme.startsWith('rsa') ? 'sm2Der' : 'rsaOaepSha256'
      expect(await statusOf('decrypt-asymmetric', { key, ciphertext, scheme: misfit })).toBe(422)
      expect(await statusOf('encrypt-asymmetric', { key, plaintext: base64('x'.repeat(4096)), scheme: misfit })).toBe(
        422,
      )
      expect(await statusOf('encrypt-asymmetric', { key, plaintext, scheme: 'none' })).toBe(400)
    },
  )

  test('opens what anybody encrypted to its public half', async () => {
    const key = await newKey({ algorithm: 'rsa-2048', usage: 'encryptDecrypt' })
    const { publicKey, keyVersion } = await root.ok('key-public', { key })
    expect(await root.ok('key-public', { key, version: 1 })).toEqual({ publicKey, keyVersion, keyId: key })
    expect(await statusOf('key-public', { key, version: 2 })).toBe(404)
    const padding = { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
    const ciphertext = publicEncrypt(padding, Buffer.from('from outside')).toString('base64')
    const opened = await root.ok('decrypt-asymmetric', { key, ciphertext, scheme: 'rsaOaepSha256' })
    expect(bytes(opened.plaintext).toString()).toBe('from outside')
  })

  test('of ML-KEM seals and opens under a context', async () => {
    const key = await newKey({ algorithm: 'ml-kem-1024' })
    const [plaintext, context] = [base64('for long'), { a: '1' }]
    const { ciphertext } = await root.ok('encrypt-post-quantum', { key, plaintext, context })
    expect(await root.ok('decrypt-post-quantum', { ciphertext, context })).toEqual({ plaintext, keyId: key })
    expect(await statusOf('decrypt-post-quantum', { ciphertext })).toBe(422)
    expect(await statusOf('encrypt', { key, plaintext })).toBe(422)
  })

  test('agrees with a stranger on a secret', async () => {
    const key = await newKey({ algorithm: 'ec-p256', usage: 'keyAgreement' })
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const publicKey = stranger.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    const { secret } = await root.ok('derive-shared-secret', { key, publicKey })
    const ours = createPublicKey((await root.ok('key-public', { key })).publicKey)
    expect(bytes(secret).equals(diffieHellman({ privateKey: stranger.privateKey, publicKey: ours }))).toBe(true)
    expect(await statusOf('derive-shared-secret', { key, publicKey: base64('no key') })).toBe(422)
  })
})

test('a private key that was brought signs for the public key that it belongs to', async () => {
  const key = await newKey({ algorithm: 'ec-p256', usage: 'signVerify', origin: 'imported' })
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const prepared = await root.ok('key-import-prepare', { key, wrapping: 'oaepSha256' })
  const own = randomBytes(32)
  const wrapping = createCipheriv('id-aes256-wrap-pad', own, Buffer.from('a65959a6', 'hex'))
  const der = pair.privateKey.export({ type: 'pkcs8', format: 'der' })
  const to = { key: createPublicKey(prepared.wrappingKey), oaepHash: 'sha256' }
  const members = {
    key,
    ticket: prepared.ticket,
    wrapped: publicEncrypt(to, own).toString('base64'),
    wrappedPrivateKey: Buffer.concat([wrapping.update(der), wrapping.final()]).toString('base64'),
  }
  expect(await statusOf('key-import-private', { ...members, wrappedPrivateKey: base64('x'.repeat(48)) })).toBe(422)
  await root.ok('key-import-private', members)
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' })
  expect(
    createPublicKey((await root.ok('key-public', { key })).publicKey).export({ type: 'spki', format: 'pem' }),
  ).toBe(pem)
  // It never comes again.
  expect(await statusOf('key-import-private', members)).toBe(409)
})

test('material that was brought is followed by other material, and what was sealed before still opens', async () => {
  const key = await newKey({ origin: 'imported' })
  const bring = async (action: string, byte: number) => {
    const { ticket, wrappingKey } = await root.ok('key-import-prepare', { key, wrapping: 'oaepSha256' })
    const to = { key: createPublicKey(wrappingKey), oaepHash: 'sha256' }
    await root.ok(action, { key, ticket, wrapped: publicEncrypt(to, Buffer.alloc(32, byte)).toString('base64') })
  }
  await bring('key-import', 5)
  const plaintext = base64('sealed before')
  const { ciphertext } = await root.ok('encrypt', { key, plaintext })
  expect(await statusOf('key-rotate-imported', { key })).toBe(404)
  await bring('key-import-next', 6)
  expect((await root.ok('encrypt', { key, plaintext })).keyVersion).toBe(1)
  expect(await root.ok('key-rotate-imported', { key })).toEqual({ version: 2 })
  expect((await root.ok('encrypt', { key, plaintext })).keyVersion).toBe(2)
  expect((await root.ok('decrypt', { ciphertext })).plaintext).toBe(plaintext)
})

describe('a white-box key', () => {
  test('encrypts for its tables, which open it on the devices that they are for', async () => {
    const tags = [{ key: 'a', value: '1' }]
    const made = await root.ok('white-box-create', { name: 'tables', algorithm: 'sm4', tags })
    const { id: key } = made.key
    expect(made.key).toMatchObject({ name: 'tables', state: 'active', algorithm: 'sm4', bound: false, tags })
    expect(await root.ok('white-box-show', { key })).toEqual({ key: made.key })
    expect((await root.ok('white-box-list')).keys).toEqual([made.key])
    expect(await root.ok('white-box-tables', { key })).toEqual({ tables: made.tables })

    const { initializationVector, ciphertext } = await root.ok('white-box-encrypt', {
      key,
      plaintext: base64('hidden'),
    })
    const opened = (await openWhiteBox(bytes(made.tables))).decrypt(bytes(ciphertext), bytes(initializationVector))
    expect(Buffer.from(opened).toString()).toBe('hidden')

    const devices = [{ fingerprint: fingerprintOf(7), description: 'a till' }]
    await root.ok('white-box-set-devices', { key, devices })
    expect(await root.ok('white-box-devices', { key })).toEqual({ devices })
    expect((await root.ok('white-box-show', { key })).key.bound).toBe(true)
    const { tables } = await root.ok('white-box-tables', { key })
    await expect(openWhiteBox(bytes(tables))).rejects.toThrow()
    await openWhiteBox(bytes(tables), fingerprintOf(7))
    const twice = { key, devices: [...devices, ...devices] }
    expect(await statusOf('white-box-set-devices', twice)).toBe(400)
    expect((await (await userWith('describeWhiteBoxKey')).call('white-box-tables', { key })).status).toBe(403)

    expect(await statusOf('white-box-delete', { key })).toBe(409)
    await root.ok('white-box-suspend', { key })
    expect(await statusOf('white-box-encrypt', { key, plaintext: base64('x') })).toBe(409)
    await root.ok('white-box-resume', { key })
    await root.ok('white-box-encrypt', { key, plaintext: base64('x') })
    await root.ok('white-box-suspend', { key })
    await root.ok('white-box-delete', { key })
    expect(await statusOf('white-box-show', { key })).toBe(404)
  })
})
