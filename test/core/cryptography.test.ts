import { describe, expect, test } from 'vitest'
import { overheadBytes, parseSealed, type Sealed, seal as sealUnder } from '../../src/core/ciphertext.ts'
import { type Context, contextFromObject, noContext } from '../../src/core/context.ts'
import { materialOf } from '../../src/core/material.ts'
import { type Key, keyVersionId } from '../../src/core/object.ts'
import { decrypt, encrypt, generateDataKey, reEncrypt } from '../../src/core/operations/cryptography.ts'
import { prepareImport } from '../../src/core/operations/import-ticket.ts'
import { emptyVersion, filledVersion } from '../../src/core/operations/new-version.ts'
import { text } from '../spec/fixed.ts'
import { account, openHouse, statement, type TestHouse } from './house.ts'

const plaintext = text('the plaintext that no record may hold')
const contextOf = (members: object): Context => contextFromObject(members)!
const sealedOf = (bytes: Uint8Array): Sealed => parseSealed(bytes)!

const start = async () => {
  const house = openHouse()
  const key = await house.key()
  const seal = async (context: Context = noContext, { id }: Key = key): Promise<Sealed> =>
    sealedOf((await house.ok(encrypt, { keyId: id, plaintext, context })).ciphertext)
  return { house, key, seal }
}

/** A second version, which protects from now on, as a rotation makes it. */
const rotate = (house: TestHouse, key: Key): void => {
  const domain = house.store.get('domainKey', `${account}.1`)!
  house.store.set(filledVersion(house, domain, key, emptyVersion(key, 2, 0), house.random.bytes(32)))
  house.store.set({ ...key, primaryVersion: 2 })
}

const dropVersion = (house: TestHouse, key: Key): void => {
  const version = house.store.get('keyVersion', keyVersionId(key.id, 1))!
  house.store.set({ ...version, wrapped: null })
}

test('what a key encrypted it decrypts, and only in its context', async () => {
  const { house, key, seal } = await start()
  const sealed = await seal(contextOf({ tenant: '7', stage: 'production' }))
  expect(sealed).toMatchObject({ content: 'data', lineage: key.lineage, version: 1 })
  const opened = await house.ok(decrypt, { sealed, context: contextOf({ stage: 'production', tenant: '7' }) })
  expect(opened).toEqual({ keyId: key.id, plaintext: Buffer.from(plaintext) })
  for (const context of [noContext, contextOf({ tenant: '7' }), contextOf({ tenant: 7, stage: 'production' })])
    expect(await house.refused(decrypt, { sealed, context })).toEqual([{ reason: 'cryptographicFailure' }])
})

test('a data key of the length asked for comes in clear and protected', async () => {
  const { house, key } = await start()
  const made = await house.ok(generateDataKey, { keyId: key.id, bytes: 24, context: noContext })
  expect(made.plaintext).toHaveLength(24)
  const sealed = sealedOf(made.ciphertext)
  expect(sealed.content).toBe('dataKey')
  expect((await house.ok(decrypt, { sealed, context: noContext })).plaintext).toEqual(Buffer.from(made.plaintext))
  const other = await house.ok(generateDataKey, { keyId: key.id, bytes: 24, context: noContext })
  expect(other.plaintext).not.toEqual(made.plaintext)
})

describe('versions', () => {
  test('of a rotated key: the newest protects, every one decrypts, and the record says which', async () => {
    const { house, key, seal } = await start()
    const old = await seal()
    rotate(house, key)
    const young = await seal()
    expect([old.version, young.version]).toEqual([1, 2])
    for (const sealed of [old, young]) {
      expect((await house.ok(decrypt, { sealed, context: noContext })).plaintext).toEqual(Buffer.from(plaintext))
      expect(house.journal.last.objects).toEqual([{ kind: 'key', id: key.id, version: sealed.version }])
    }
  })

  test('that never were are one answer with every other wrong ciphertext', async () => {
    const { house, key, seal } = await start()
    const { bytes } = await seal()
    const answers: unknown[] = []
    for (const at of [47, 50, 85, 95, 130, bytes.length - 1])
      answers.push(
        await house.refused(decrypt, { sealed: sealedOf(bytes.with(at, bytes[at]! ^ 2)), context: noContext }),
      )
    dropVersion(house, key)
    answers.push(await house.refused(decrypt, { sealed: sealedOf(bytes), context: noContext }))
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['[{"reason":"cryptographicFailure"}]']),
    )
  })
})

test("a wrapped key or a token is nobody's ciphertext, although the key could open it", async () => {
  const { house, key } = await start()
  house.store.set({ ...key, origin: 'imported' })
  const { token } = await house.ok(prepareImport, { keyId: key.id, padding: 'pkcs1' })
  const version = house.store.get('keyVersion', keyVersionId(key.id, 1))!
  const material = (await materialOf(house, house.coherence.view(), key, 1))!
  const own = (['wrappedKey', 'token'] as const).map((content) =>
    sealUnder(material, content, noContext, plaintext, house),
  )
  for (const bytes of own)
    for (const operation of [decrypt, reEncrypt]) {
      const request = {
        sealed: sealedOf(bytes),
        context: noContext,
        sourceContext: noContext,
        destinationContext: noContext,
      }
      expect(await house.refused(operation as typeof decrypt, request)).toEqual([{ reason: 'cryptographicFailure' }])
    }
  // Those that are in the store name the domain key, and no key has its lineage.
  for (const bytes of [token, version.wrapped!])
    expect(await house.refused(decrypt, { sealed: sealedOf(bytes), context: noContext })).toEqual([
      { reason: 'objectNotFound', kind: 'key' },
    ])
})

test('material that goes between two reads is a key without material, not a defect', async () => {
  const { house, key } = await start()
  dropVersion(house, key)
  const failure = { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'preActive' }
  expect(await house.refused(encrypt, { keyId: key.id, plaintext, context: noContext })).toEqual([failure])
  expect(await house.refused(generateDataKey, { keyId: key.id, bytes: 16, context: noContext })).toEqual([failure])
})

test('a version whose row was exchanged with that of another key is a defect', async () => {
  const { house, key } = await start()
  const other = await house.key()
  const version = house.store.get('keyVersion', keyVersionId(key.id, 1))!
  house.store.set({ ...version, wrapped: house.store.get('keyVersion', keyVersionId(other.id, 1))!.wrapped })
  await expect(house.ask(encrypt, { keyId: key.id, plaintext, context: noContext })).rejects.toThrow('does not unwrap')
  expect(house.journal.last).toMatchObject({ action: 'encrypt', outcome: 'failed' })
})

describe('re-encryption', () => {
  const contexts = { sourceContext: noContext, destinationContext: noContext }

  test('moves a ciphertext to another key and keeps its kind', async () => {
    const { house, key, seal } = await start()
    const other = await house.key()
    const data = await seal()
    const dataKey = sealedOf(
      (await house.ok(generateDataKey, { keyId: key.id, bytes: 16, context: noContext })).ciphertext,
    )
    for (const sealed of [data, dataKey]) {
      const moved = await house.ok(reEncrypt, { sealed, destinationKeyId: other.id, ...contexts })
      expect(moved).toMatchObject({ keyId: other.id, sourceKeyId: key.id, moved: true })
      expect(sealedOf(moved.ciphertext)).toMatchObject({ lineage: other.lineage, content: sealed.content })
      const before = await house.ok(decrypt, { sealed, context: noContext })
      const after = await house.ok(decrypt, { sealed: sealedOf(moved.ciphertext), context: noContext })
      expect(after.plaintext).toEqual(before.plaintext)
    }
    expect(house.journal.entries.find(({ action }) => action === 'reEncrypt')?.objects).toEqual([
      { kind: 'key', id: key.id, version: 1 },
      { kind: 'key', id: other.id, version: 1 },
    ])
  })

  test('to the same key, version and context gives the same ciphertext back', async () => {
    const { house, seal } = await start()
    const sealed = await seal()
    const same = await house.ok(reEncrypt, { sealed, ...contexts })
    expect(same).toMatchObject({ moved: false, ciphertext: sealed.bytes })
  })

  test('to another context or a newer version of the same key moves it', async () => {
    const { house, key, seal } = await start()
    const sealed = await seal()
    const context = contextOf({ a: 1 })
    const moved = await house.ok(reEncrypt, { sealed, sourceContext: noContext, destinationContext: context })
    expect(moved.moved).toBe(true)
    await house.ok(decrypt, { sealed: sealedOf(moved.ciphertext), context })
    rotate(house, key)
    const young = await house.ok(reEncrypt, { sealed, ...contexts })
    expect(sealedOf(young.ciphertext).version).toBe(2)
  })

  test('asks for a right on each side', async () => {
    const { house, seal } = await start()
    const other = await house.key()
    const sealed = await seal()
    const request = { sealed, destinationKeyId: other.id, ...contexts }
    for (const right of ['reEncryptFrom', 'reEncryptTo'])
      expect(
        await house.refused(reEncrypt, request, { caller: house.principal([statement('allow', [right])]) }),
      ).toEqual([{ reason: 'permissionDenied' }])
    const both = house.principal([statement('allow', ['reEncryptFrom', 'reEncryptTo'])])
    expect(await house.ok(reEncrypt, request, { caller: both })).toMatchObject({ moved: true })
  })

  test('with a wrong context shows nothing and records both keys', async () => {
    const { house, key, seal } = await start()
    const other = await house.key()
    const sealed = await seal(contextOf({ a: 1 }))
    expect(await house.refused(reEncrypt, { sealed, destinationKeyId: other.id, ...contexts })).toEqual([
      { reason: 'cryptographicFailure' },
    ])
    expect(house.journal.last).toMatchObject({ outcome: 'refused', reason: 'cryptographicFailure' })
    expect(house.journal.last.objects.map(({ id }) => id)).toEqual([key.id, other.id])
  })

  test('that finds no material in the destination does not answer the plaintext instead', async () => {
    const { house, seal } = await start()
    const other = await house.key()
    const sealed = await seal()
    dropVersion(house, other)
    expect(await house.refused(reEncrypt, { sealed, destinationKeyId: other.id, ...contexts })).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'preActive' },
    ])
  })
})

test('no plaintext, no ciphertext and no context is in any record', async () => {
  const { house, key, seal } = await start()
  const context = contextOf({ customer: 'the context that no record may hold' })
  const sealed = await seal(context)
  await house.ok(decrypt, { sealed, context })
  await house.refused(decrypt, { sealed, context: noContext })
  const { plaintext: dataKey } = await house.ok(generateDataKey, { keyId: key.id, bytes: 32, context })
  await house.ok(reEncrypt, { sealed, sourceContext: context, destinationContext: noContext })
  const records = JSON.stringify(house.journal.entries)
  expect(house.journal.entries).toHaveLength(6)
  for (const secret of [plaintext, dataKey, sealed.bytes, text('the context that')]) {
    const bytes = Buffer.from(secret)
    for (const form of ['utf8', 'hex', 'base64'] as const) expect(records).not.toContain(bytes.toString(form))
  }
})

test('a ciphertext is 140 bytes longer than its plaintext', async () => {
  const { seal } = await start()
  expect((await seal()).bytes).toHaveLength(plaintext.length + overheadBytes)
  expect(overheadBytes).toBe(140)
})
