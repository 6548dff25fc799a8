import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseSealed } from '../../src/core/ciphertext.ts'
import { noContext } from '../../src/core/context.ts'
import { type Key, keyVersionId } from '../../src/core/object.ts'
import { create, dayMs } from '../../src/core/operations/create.ts'
import { decrypt, encrypt } from '../../src/core/operations/cryptography.ts'
import { deleteMaterial, dropMaterial, importMaterial } from '../../src/core/operations/import.ts'
import { importAttemptsMax, type Padding, prepareImport } from '../../src/core/operations/import-ticket.ts'
import { deactivate, suspend } from '../../src/core/operations/lifecycle.ts'
import { createRequest, openHouse, type TestHouse } from './house.ts'

const material = Buffer.alloc(32, 0x5a)

const options: Record<Exclude<Padding, 'sm2'>, object> = {
  pkcs1: { padding: constants.RSA_PKCS1_PADDING },
  oaepSha1: { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
  oaepSha256: { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
}
const wrapUnder = (publicKey: Uint8Array, padding: keyof typeof options, bytes: Uint8Array): Uint8Array => {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
  return publicEncrypt({ key, ...options[padding] }, bytes)
}

const start = async (algorithm = 'aes-256') => {
  const house = openHouse()
  const key = await house.ok(create, createRequest({ origin: 'imported', algorithm }))
  return { house, key }
}

/** A ticket, and what it makes of some material. */
const open = async (house: TestHouse, { id }: Key, padding: keyof typeof options = 'oaepSha256') => {
  const { token, publicKey } = await house.ok(prepareImport, { keyId: id, padding })
  return (bytes: Uint8Array = material, expiresAt: number | null = null) => ({
    keyId: id,
    token,
    wrapped: wrapUnder(publicKey, padding, bytes),
    expiresAt,
  })
}

const versionOf = (house: TestHouse, { id }: Key) => house.store.get('keyVersion', keyVersionId(id, 1))!
const roundTrip = async (house: TestHouse, { id }: Key): Promise<void> => {
  const { ciphertext } = await house.ok(encrypt, { keyId: id, plaintext: material, context: noContext })
  await house.ok(decrypt, { sealed: parseSealed(ciphertext)!, context: noContext })
}

test.each(['pkcs1', 'oaepSha1', 'oaepSha256'] as const)('material wrapped by %s becomes the key', async (padding) => {
  const { house, key } = await start()
  const request = await open(house, key, padding)
  await house.ok(importMaterial, request())
  expect(house.store.get('key', key.id)).toMatchObject({ materialPresent: true, materialExpiresAt: null })
  expect(versionOf(house, key)).toMatchObject({ wrapped: expect.any(Uint8Array), canary: expect.any(Uint8Array) })
  await roundTrip(house, key)
  expect(house.journal.entries.find(({ action }) => action === 'importMaterial')).toMatchObject({
    outcome: 'success',
    objects: [{ kind: 'key', id: key.id, version: 1 }],
  })
})

test('an SM4 key takes 16 bytes and no others', async () => {
  const { house, key } = await start('sm4')
  const request = await open(house, key)
  expect(await house.refused(importMaterial, request())).toEqual([{ reason: 'wrongMaterialLength', of: 'material' }])
  await house.ok(importMaterial, request(material.subarray(0, 16)))
  await roundTrip(house, key)
})

test('an import says when its material ends, and at that time the key waits again', async () => {
  const { house, key } = await start()
  const request = await open(house, key)
  const expiresAt = house.clock.now() + 3_600_000
  await house.ok(importMaterial, request(material, expiresAt))
  expect(house.store.get('key', key.id)?.materialExpiresAt).toBe(expiresAt)
  await roundTrip(house, key)
  house.clock.pass(3_600_000)
  expect(await house.refused(encrypt, { keyId: key.id, plaintext: material, context: noContext })).toEqual([
    { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'preActive' },
  ])
  await house.ok(importMaterial, request())
  await roundTrip(house, key)
})

test('neither the material, nor the wrapping key, nor the token is in any record', async () => {
  const { house, key } = await start()
  const request = await open(house, key)
  const { token, wrapped } = request()
  await house.ok(importMaterial, request())
  const { ticket } = house.store.get('importTicket', key.id)!
  const records = JSON.stringify(house.journal.entries)
  for (const secret of [material, token, wrapped, Buffer.from(ticket, 'hex')])
    for (const form of ['hex', 'base64'] as const) expect(records).not.toContain(Buffer.from(secret).toString(form))
})

describe('a ticket', () => {
  test('lasts for a day', async () => {
    const { house, key } = await start()
    const { expiresAt } = await house.ok(prepareImport, { keyId: key.id, padding: 'pkcs1' })
    expect(expiresAt).toBe(house.journal.last.at + dayMs)
    const request = await open(house, key)
    house.clock.pass(dayMs)
    expect(await house.refused(importMaterial, request())).toEqual([{ reason: 'expiredTicket' }])
  })

  test('can be used again while it lasts', async () => {
    const { house, key } = await start()
    const request = await open(house, key)
    await house.ok(importMaterial, request())
    await house.ok(importMaterial, request())
  })

  test('ends when a newer one is handed out', async () => {
    const { house, key } = await start()
    const [older, newer] = [await open(house, key), await open(house, key)]
    expect(await house.refused(importMaterial, older())).toEqual([{ reason: 'expiredTicket' }])
    await house.ok(importMaterial, newer())
  })

  test('of another key is told apart, and one that was changed, cut or invented is invalid', async () => {
    const { house, key } = await start()
    const other = await house.ok(create, createRequest({ name: 'other', origin: 'imported' }))
    const [request, foreign] = [await open(house, key), await open(house, other)]
    const { token } = request()
    const another = await house.refused(importMaterial, { ...request(), token: foreign().token })
    expect(another).toEqual([{ reason: 'ticketOfAnotherKey' }])
    const wrong = [token.with(130, token[130]! ^ 1), token.subarray(1), new Uint8Array(156)]
    for (const bytes of wrong)
      expect(await house.refused(importMaterial, { ...request(), token: bytes })).toEqual([{ reason: 'invalidTicket' }])
    expect(house.store.get('importTicket', key.id)?.failures).toBe(0)
  })

  test('dies of five wrong wraps, and the right one comes too late', async () => {
    const { house, key } = await start()
    const request = await open(house, key, 'pkcs1')
    for (let attempt = 1; attempt <= importAttemptsMax; attempt++) {
      const right = request().wrapped
      const wrapped = right.with(255, right[255]! ^ 1)
      expect(await house.refused(importMaterial, { ...request(), wrapped })).toEqual([{ reason: 'keyUnwrapFailure' }])
      expect(house.store.get('importTicket', key.id)?.failures).toBe(attempt)
      expect(house.journal.last).toMatchObject({ outcome: 'refused', reason: 'keyUnwrapFailure' })
    }
    expect(importAttemptsMax).toBe(5)
    expect(await house.refused(importMaterial, request())).toEqual([{ reason: 'expiredTicket' }])
    expect(house.store.get('key', key.id)).toEqual(key)
    const fresh = await open(house, key)
    await house.ok(importMaterial, fresh())
  })

  test('counts wrong wraps that come side by side, each of them, or refuses it without a look at the key', async () => {
    const { house, key } = await start()
    const request = await open(house, key)
    const wrong = () => house.refused(importMaterial, { ...request(), wrapped: new Uint8Array(256).fill(1) })
    const answers = (await Promise.all(Array.from({ length: 8 }, wrong))).map(([failure]) => failure?.reason)
    const counted = answers.filter((reason) => reason === 'keyUnwrapFailure').length
    expect(house.store.get('importTicket', key.id)?.failures).toBe(counted)
    expect(counted).toBeGreaterThan(0)
    expect(new Set(answers.filter((reason) => reason !== 'keyUnwrapFailure'))).toEqual(new Set(['conflict']))
  })

  test('whose private key was exchanged in the store is a defect', async () => {
    const { house, key } = await start()
    const request = await open(house, key)
    const ticket = house.store.get('importTicket', key.id)!
    house.store.set({ ...ticket, privateKey: versionOf(house, await house.key()).wrapped! })
    await expect(house.ask(importMaterial, request())).rejects.toThrow('does not unwrap')
    expect(house.journal.last.outcome).toBe('failed')
  })
})

describe('a key that had material', () => {
  test('takes the same again after it was deleted, and its ciphertexts open', async () => {
    const { house, key } = await start()
    const request = await open(house, key)
    await house.ok(importMaterial, request())
    const { canary } = versionOf(house, key)
    const { ciphertext } = await house.ok(encrypt, { keyId: key.id, plaintext: material, context: noContext })
    await house.ok(deleteMaterial, { keyId: key.id })
    expect(versionOf(house, key)).toMatchObject({ wrapped: null, canary })
    await house.ok(importMaterial, request())
    expect(versionOf(house, key).canary).toEqual(canary)
    await house.ok(decrypt, { sealed: parseSealed(ciphertext)!, context: noContext })
  })

  test('never takes other material, deleted or not, and the ticket is not blamed', async () => {
    const { house, key } = await start()
    const request = await open(house, key)
    await house.ok(importMaterial, request())
    const other = request(Buffer.alloc(32, 1))
    expect(await house.refused(importMaterial, other)).toEqual([{ reason: 'materialMismatch' }])
    await house.ok(deleteMaterial, { keyId: key.id })
    expect(await house.refused(importMaterial, other)).toEqual([{ reason: 'materialMismatch' }])
    expect(house.journal.last).toMatchObject({ outcome: 'refused', reason: 'materialMismatch' })
    expect(house.store.get('importTicket', key.id)?.failures).toBe(0)
  })

  test('comes back active, suspended or not before', async () => {
    const { house, key } = await start()
    const request = await open(house, key)
    await house.ok(importMaterial, request())
    await house.ok(suspend, { keyIds: [key.id] })
    await house.ok(deleteMaterial, { keyId: key.id })
    expect(house.store.get('key', key.id)).toMatchObject({ suspended: false, materialPresent: false })
    await house.ok(importMaterial, request())
    await roundTrip(house, key)
  })

  test('and whose material ended while it was archived comes back active by a new import', async () => {
    const { house, key } = await start()
    const request = await open(house, key)
    await house.ok(importMaterial, request(material, house.clock.now() + 1000))
    await house.ok(deactivate, { keyId: key.id })
    house.clock.pass(1000)
    const caller = house.caller({ reach: 'everything', dialect: 'system' })
    await house.ok(dropMaterial, { keyId: key.id }, { caller })
    await house.ok(importMaterial, request())
    expect(house.store.get('key', key.id)).toMatchObject({ deactivated: false, materialPresent: true })
  })
})

test('deleting material takes the wrapped bytes away and is waited for', async () => {
  const { house, key } = await start()
  const request = await open(house, key)
  await house.ok(importMaterial, request(material, house.clock.now() + dayMs))
  await house.ok(deleteMaterial, { keyId: key.id })
  expect(house.store.get('key', key.id)).toMatchObject({ materialPresent: false, materialExpiresAt: null })
  for (const effect of house.store.commits.at(-1)!.effects) expect(effect).not.toHaveProperty('only')
  expect(house.journal.last).toMatchObject({ action: 'deleteMaterial', objects: [{ id: key.id, version: 1 }] })
})

test('an import that a change of its key overtakes is decided again on the new row', async () => {
  const { house, key } = await start()
  const request = await open(house, key)
  let overtaken = 0
  house.store.meanwhile = () => {
    if (overtaken++ === 0) house.store.set({ ...house.store.get('key', key.id)!, name: 'renamed', revision: 9 })
  }
  await house.ok(importMaterial, request())
  expect(house.store.get('key', key.id)).toMatchObject({ name: 'renamed', materialPresent: true, revision: 10 })
})

test('a full queue for slow cryptography tells the caller to come back and counts nothing', async () => {
  const { house, key } = await start()
  const request = await open(house, key)
  house.slow.full = true
  expect(await house.refused(importMaterial, request())).toEqual([{ reason: 'serverBusy' }])
  expect(house.store.get('importTicket', key.id)?.failures).toBe(0)
  house.slow.full = false
  await house.ok(importMaterial, request())
})
