import { describe, expect, test } from 'vitest'
import { type Key, keyVersionId, type Usage } from '../../src/core/object.ts'
import { createAccessPoint } from '../../src/core/operations/access-points.ts'
import { decryptRsa, decryptSm2, getPublicKey, sign, signPostQuantum } from '../../src/core/operations/asymmetric.ts'
import { create } from '../../src/core/operations/create.ts'
import { decrypt } from '../../src/core/operations/cryptography.ts'
import { suspend } from '../../src/core/operations/lifecycle.ts'
import { QueueFull } from '../../src/core/ports.ts'
import { encryptionSchemes } from '../../src/crypto/encryption.ts'
import { findingsOf } from './findings.ts'
import { createRequest, openHouse, statement, type TestHouse } from './house.ts'

const kinds: readonly (readonly [Usage, string])[] = [
  ['encryptDecrypt', 'rsa-2048'],
  ['encryptDecrypt', 'sm2'],
  ['signVerify', 'rsa-2048'],
  ['signVerify', 'ec-p256'],
  ['signVerify', 'ec-p384'],
  ['signVerify', 'sm2'],
  ['signVerify', 'ml-dsa-87'],
  ['encryptDecrypt', 'ml-kem-1024'],
  ['encryptDecrypt', 'rsa-3072'],
  ['signVerify', 'rsa-4096'],
  ['signVerify', 'ec-secp256k1'],
  ['signVerify', 'ed25519'],
  ['signVerify', 'ml-dsa-44'],
  ['signVerify', 'ml-dsa-65'],
  ['keyAgreement', 'ec-p256'],
  ['keyAgreement', 'ec-p384'],
  ['keyAgreement', 'ec-secp256k1'],
  ['keyAgreement', 'sm2'],
  ['generateVerifyMac', 'hmac-sha256'],
  ['generateVerifyMac', 'hmac-sha384'],
  ['generateVerifyMac', 'hmac-sha512'],
  ['generateVerifyMac', 'hmac-sm3'],
]
const make = (house: TestHouse, usage: Usage, algorithm: string): Promise<Key> =>
  house.ok(create, createRequest({ name: `${usage} ${algorithm}`, usage, algorithm }))
const versionOf = (house: TestHouse, key: Key) => {
  const version = house.store.get('keyVersion', keyVersionId(key.id, 1))
  if (!version) throw new Error('no version')
  return version
}
const message = { type: 'message', bytes: new Uint8Array(10) } as const
const wrongUsage = [expect.objectContaining({ reason: 'incompatibleCryptographicUsageMask' })]

describe('the known answers', () => {
  const check = async (house: TestHouse) => {
    const finding = (await findingsOf(house)).find(({ name }) => name === 'key versions')
    return finding
  }

  test('are held against no row once the root key is sealed, and the check says so', async () => {
    const house = openHouse()
    for (const algorithm of ['aes-256', 'sm4']) await make(house, 'encryptDecrypt', algorithm)
    const { state } = house.rootKey
    let asked = 0
    // The first is that of the one domain key.
    const sealing = () => ({ ...state(), sealed: ++asked > 2 })
    Object.assign(house, { rootKey: { ...house.rootKey, state: sealing } })
    const told = 'not all could be tried: the root key was sealed meanwhile'
    expect(await check(house)).toEqual({ name: 'key versions', ok: false, detail: told })
  })

  test('are held against no row where callers have all threads of slow cryptography', async () => {
    const house = openHouse()
    for (const algorithm of ['rsa-2048', 'ec-p256', 'sm2']) await make(house, 'signVerify', algorithm)
    const { slow } = house
    let tried = 0
    const full: typeof slow.run = (name, input) =>
      ++tried === 2 ? Promise.reject(new QueueFull('full')) : slow.run(name, input)
    Object.assign(house, { slow: { run: full } })
    const told = '1 could not be tried, because calls had all threads of slow cryptography; check again'
    expect(await check(house)).toEqual({ name: 'key versions', ok: false, detail: told })
  })

  test('of keys of every algorithm are found to hold', async () => {
    const house = openHouse()
    for (const [usage, algorithm] of kinds) await make(house, usage, algorithm)
    expect(await check(house)).toEqual({
      name: 'key versions',
      ok: true,
      detail: `${kinds.length} key versions open what they sealed`,
    })
  })

  test.each(kinds)('of a key for %s with %s name it when they are exchanged or damaged', async (usage, algorithm) => {
    const house = openHouse()
    const key = await make(house, usage, algorithm)
    const other = await house.ok(create, createRequest({ name: 'other', usage, algorithm }))
    const version = versionOf(house, key)
    for (const damage of [
      { canary: versionOf(house, other).canary },
      { wrapped: versionOf(house, other).wrapped },
      { publicKey: versionOf(house, other).publicKey },
    ].filter((damage) => damage.publicKey !== null)) {
      house.store.set({ ...version, ...damage })
      expect(await check(house)).toMatchObject({ ok: false, detail: `these do not: ${version.id}` })
    }
    house.store.set({ ...version })
    expect(await check(house)).toMatchObject({ ok: true })
  })
})

test('a decryption key signs nothing, a signing key decrypts nothing, and neither does for another algorithm', async () => {
  const house = openHouse()
  const [rsa, , signer, p256, , , dilithium] = await Promise.all(kinds.map((kind) => make(house, ...kind)))
  const [rsaId = '', signerId = '', p256Id = '', dilithiumId = ''] = [rsa, signer, p256, dilithium].map(
    (key) => key?.id,
  )
  const ciphertext = new Uint8Array(256).fill(1)
  const pss = { scheme: 'rsaPssSha256', signed: message } as const
  expect(await house.refused(sign, { keyId: rsaId, ...pss })).toEqual(wrongUsage)
  expect(await house.refused(sign, { keyId: p256Id, ...pss })).toEqual(wrongUsage)
  expect(await house.refused(sign, { keyId: dilithiumId, scheme: 'mlDsa87', signed: message })).toEqual(wrongUsage)
  expect(await house.refused(signPostQuantum, { keyId: signerId, ...pss })).toEqual(wrongUsage)
  expect(await house.refused(decryptRsa, { keyId: signerId, scheme: 'rsaOaepSha1', ciphertext })).toEqual(wrongUsage)
  expect(await house.refused(decryptSm2, { keyId: rsaId, scheme: 'sm2Der', ciphertext })).toEqual(wrongUsage)
  const symmetric = await house.key()
  expect(await house.refused(getPublicKey, { keyId: symmetric.id })).toEqual(wrongUsage)
})

test('the public half is that of the version that is asked for, and the primary one without it', async () => {
  const house = openHouse()
  const first = await make(house, 'signVerify', 'ec-p256')
  const other = await make(house, 'signVerify', 'ed25519')
  const keyId = first.id
  const next = { ...versionOf(house, other), id: keyVersionId(keyId, 2), key: keyId, version: 2 }
  house.store.set(next)
  const notThere = [{ reason: 'objectNotFound', kind: 'keyVersion' }]
  // It still waits.
  expect(await house.refused(getPublicKey, { keyId, version: 2 })).toEqual(notThere)
  house.store.set({ ...first, primaryVersion: 2 })
  const old = { keyId, version: 1, publicKey: versionOf(house, first).publicKey }
  expect(await house.ok(getPublicKey, { keyId, version: 1 })).toEqual(old)
  expect(await house.ok(getPublicKey, { keyId })).toEqual({ keyId, version: 2, publicKey: next.publicKey })
  expect(await house.refused(getPublicKey, { keyId, version: 3 })).toEqual(notThere)
})

test('a right to one of these is a right to no other', async () => {
  const house = openHouse()
  const key = await make(house, 'encryptDecrypt', 'rsa-2048')
  const { publicKey } = await house.ok(getPublicKey, { keyId: key.id })
  const ciphertext = encryptionSchemes.rsaPkcs1.encrypt(publicKey, Uint8Array.of(1, 2)) as Uint8Array
  const request = { keyId: key.id, scheme: 'rsaPkcs1', ciphertext } as const
  const denied = [{ reason: 'permissionDenied' }]
  for (const right of ['decryptSm2', 'decrypt', 'sign', 'getPublicKey']) {
    const caller = house.principal([statement('allow', [right])])
    expect(await house.refused(decryptRsa, request, { caller })).toEqual(denied)
  }
  const caller = house.principal([statement('allow', ['decryptRsa'])])
  expect((await house.ok(decryptRsa, request, { caller })).plaintext).toEqual(Uint8Array.of(1, 2))
  expect(await house.refused(getPublicKey, { keyId: key.id }, { caller })).toEqual(denied)
})

test('only an active key does anything', async () => {
  const house = openHouse()
  const key = await make(house, 'signVerify', 'ec-p256')
  await house.ok(suspend, { keyIds: [key.id] })
  const refused = [{ reason: 'wrongKeyLifecycleState', kind: 'key', state: 'suspended' }]
  expect(await house.refused(getPublicKey, { keyId: key.id })).toEqual(refused)
  expect(await house.refused(sign, { keyId: key.id, scheme: 'ecdsaSha256', signed: message })).toEqual(refused)
})

test('a ciphertext that names an asymmetric key is none of decrypt’s', async () => {
  const house = openHouse()
  const key = await make(house, 'encryptDecrypt', 'sm2')
  const sealed = { lineage: key.lineage, version: 1, content: 'data', bytes: new Uint8Array(140) } as never
  expect(await house.refused(decrypt, { sealed, context: { kind: 'none' } })).toEqual(wrongUsage)
})

test('a full queue makes no key and signs nothing', async () => {
  const house = openHouse()
  const key = await make(house, 'signVerify', 'rsa-2048')
  house.slow.full = true
  const busy = [{ reason: 'serverBusy' }]
  expect(await house.refused(sign, { keyId: key.id, scheme: 'rsaPssSha256', signed: message })).toEqual(busy)
  const request = createRequest({ name: 'another', usage: 'signVerify', algorithm: 'ec-p256' })
  expect(await house.refused(create, request)).toEqual(busy)
})

test('an access point whose private half is exchanged for another one is found and named', async () => {
  const house = openHouse()
  const at = { account: house.caller().account.id, region: 'guangzhou', project: '' }
  const creator = { of: 'principal', by: 'userId', id: '' } as const
  const said = { keySpace: 'space', name: 'point', type: 3, identity: '', cluster: '', description: '', creator }
  const points = []
  for (let made = 0; made < 2; made++)
    points.push(await house.ok(createAccessPoint, { at, pair: true, ...said } as never))
  const [one, two] = points
  const check = async () => (await findingsOf(house)).find(({ name }) => name === 'access points')
  expect(await check()).toMatchObject({ ok: true })
  house.store.set({ ...one!, privateKey: two!.privateKey })
  expect(await check()).toMatchObject({ ok: false, detail: `these do not: ${one!.id}` })
})
