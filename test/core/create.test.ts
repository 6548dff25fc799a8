import { describe, expect, test } from 'vitest'
import { canaryPlaintext } from '../../src/core/canary.ts'
import { open, parseSealed } from '../../src/core/ciphertext.ts'
import { noContext } from '../../src/core/context.ts'
import { materialOf } from '../../src/core/material.ts'
import { keyVersionId } from '../../src/core/object.ts'
import { create, dayMs } from '../../src/core/operations/create.ts'
import { scheduleDestruction } from '../../src/core/operations/lifecycle.ts'
import { account, createRequest, here, openHouse } from './house.ts'

test('a new key has its place, its creator, one version and the rotation of a year, off', async () => {
  const house = openHouse()
  const key = await house.ok(create, createRequest())
  const { at } = house.journal.last
  expect(house.store.get('key', key.id)).toEqual(key)
  expect(key).toEqual({
    kind: 'key',
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    ...here,
    revision: 1,
    creator: account,
    lineage: key.id.replaceAll('-', ''),
    owner: 'user',
    name: 'orders',
    description: 'a key',
    usage: 'encryptDecrypt',
    algorithm: 'aes-256',
    origin: 'generated',
    createdAt: at,
    suspended: false,
    deactivated: false,
    destroyAt: null,
    materialPresent: true,
    materialExpiresAt: null,
    materialDigest: null,
    primaryVersion: 1,
    bindings: 0,
    grants: [],
    keyStore: null,
    copies: null,
    aliases: [],
    group: '',
    tags: new Map(),
    rotation: { enabled: false, periodDays: 365, nextAt: at + 365 * dayMs, lastAt: null },
  })
})

test.each(['aes-256', 'sm4'])('a generated key of %s has wrapped material that opens its canary', async (algorithm) => {
  const house = openHouse()
  const key = await house.ok(create, createRequest({ algorithm }))
  const version = house.store.get('keyVersion', keyVersionId(key.id, 1))
  expect(version).toMatchObject({ account, key: key.id, version: 1, algorithm, revision: 1 })
  const material = await materialOf(house, house.coherence.view(), key, 1)
  const canary = parseSealed(version?.canary ?? new Uint8Array(0))
  expect(canary).toMatchObject({ content: 'data', lineage: key.lineage, version: 1, contextKind: 'none' })
  expect(material && canary && open(material, canary, noContext)).toEqual(Buffer.from(canaryPlaintext))
})

test('a key for import is born pre-active, with a version and nothing in it', async () => {
  const house = openHouse()
  const key = await house.ok(create, createRequest({ origin: 'imported' }))
  expect(key).toMatchObject({ origin: 'imported', materialPresent: false, materialDigest: null })
  expect(house.store.get('keyVersion', keyVersionId(key.id, 1))).toMatchObject({ wrapped: null, canary: null })
})

test('two keys never share material', async () => {
  const house = openHouse()
  const made = await Promise.all(['a', 'b'].map((name) => house.ok(create, createRequest({ name }))))
  const domain = house.store.get('domainKey', `${account}.1`)!
  const bytes = made.map(({ id }) => {
    const { wrapped } = house.store.get('keyVersion', keyVersionId(id, 1))!
    return house.keyring.unwrap(domain, { kind: 'keyVersion', account, id, version: 1 }, wrapped!)
  })
  expect(bytes[0]).toHaveLength(32)
  expect(bytes[0]).not.toEqual(bytes[1])
})

test('the record names the new key and nothing of what was said about it', async () => {
  const house = openHouse()
  const caller = house.caller()
  const key = await house.ok(create, createRequest({ name: 'a name', description: 'a description' }), { caller })
  expect(house.journal.entries).toEqual([
    {
      request: caller.request,
      at: key.createdAt,
      dialect: 'tencent',
      action: 'create',
      region: 'guangzhou',
      account,
      principal: account,
      credential: 'AKIDroot',
      source: '192.0.2.1',
      objects: [{ kind: 'key', id: key.id }],
      outcome: 'success',
    },
  ])
})

describe('a name', () => {
  test('that is taken is refused, recorded, and nothing is made', async () => {
    const house = openHouse()
    await house.ok(create, createRequest())
    expect(await house.refused(create, createRequest())).toEqual([{ reason: 'nonUniqueNameAttribute' }])
    expect(house.journal.last).toMatchObject({ outcome: 'refused', reason: 'nonUniqueNameAttribute', objects: [] })
    expect(house.store.all('key')).toHaveLength(1)
    expect(house.store.all('keyVersion')).toHaveLength(1)
  })

  test('is free in another region', async () => {
    const house = openHouse()
    await house.ok(create, createRequest())
    await house.ok(create, createRequest({ at: { ...here, region: 'shanghai' } }), { region: 'shanghai' })
    expect(house.store.all('key')).toHaveLength(2)
  })
})

describe('the quota', () => {
  test('refuses one key more, in each region apart', async () => {
    const house = openHouse({ keysMax: 2, dataKeysMax: null, whiteBoxKeysMax: 50 })
    for (const name of ['a', 'b']) await house.ok(create, createRequest({ name }))
    expect(await house.refused(create, createRequest({ name: 'c' }))).toEqual([
      { reason: 'objectQuotaExceeded', kind: 'key' },
    ])
    expect(house.journal.last).toMatchObject({ outcome: 'refused', reason: 'objectQuotaExceeded' })
    await house.ok(create, createRequest({ at: { ...here, region: 'shanghai' }, name: 'c' }), { region: 'shanghai' })
  })

  test('counts a key no longer once its destruction is planned', async () => {
    const house = openHouse({ keysMax: 1, dataKeysMax: null, whiteBoxKeysMax: 50 })
    const { id } = await house.ok(create, createRequest({ name: 'a' }))
    await house.ok(scheduleDestruction, { keyId: id, days: 7 })
    await house.ok(create, createRequest({ name: 'b' }))
  })
})

test('an algorithm that nobody knows is a defect and makes nothing', async () => {
  const house = openHouse()
  await expect(house.ask(create, createRequest({ algorithm: 'rot13' }))).rejects.toThrow('unknown algorithm rot13')
  expect(house.store.all('key')).toEqual([])
  expect(house.journal.last).toMatchObject({ outcome: 'failed', action: 'create' })
})
