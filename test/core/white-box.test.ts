import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/core/failure.ts'
import { noTags, type WhiteBoxKey } from '../../src/core/object.ts'
import { verifyCanaries } from '../../src/core/operations/inspect.ts'
import { tagsMax } from '../../src/core/operations/tags.ts'
import { bindWhiteBoxDevices, listWhiteBoxDevices } from '../../src/core/operations/white-box-devices.ts'
import {
  createWhiteBoxKey,
  deleteWhiteBoxKey,
  encryptWhiteBox,
  resumeWhiteBoxKeys,
  suspendWhiteBoxKeys,
} from '../../src/core/operations/white-box-keys.ts'
import {
  describeWhiteBoxKey,
  listWhiteBoxKeys,
  readWhiteBoxTables,
  tablesMax,
} from '../../src/core/operations/white-box-lists.ts'
import type { State } from '../../src/core/state.ts'
import { openWhiteBox } from '../../src/white-box/decryptor.ts'
import { here, openHouse, statement, type TestHouse } from './house.ts'

let names = 0
const request = (over: Partial<Pick<WhiteBoxKey, 'name' | 'algorithm' | 'tags'>> = {}) => ({
  at: here,
  name: `white box ${++names}`,
  description: 'for players',
  algorithm: 'sm4' as const,
  tags: noTags,
  ...over,
})
const start = async (over = {}) => {
  const house = openHouse()
  return { house, ...(await house.ok(createWhiteBoxKey, request(over))) }
}
const device = (fingerprint: string) => ({ fingerprint, description: '' })
const decryptKeyOf = (house: TestHouse, keyId: string) => house.ok(readWhiteBoxTables, { keyId })
const plaintext = new TextEncoder().encode('a film')

const opens = async (house: TestHouse, keyId: string, decryptKey: Uint8Array, fingerprint?: string) => {
  const { ciphertext, initializationVector } = await house.ok(encryptWhiteBox, { keyId, plaintext })
  const whiteBox = await openWhiteBox(decryptKey, fingerprint).catch(() => undefined)
  return whiteBox && new TextDecoder().decode(whiteBox.decrypt(ciphertext, initializationVector)) === 'a film'
}

const both: readonly State[] = ['active', 'suspended']
const allowed: readonly [string, unknown, (id: string) => object, readonly State[]][] = [
  ['encryptWhiteBox', encryptWhiteBox, (keyId) => ({ keyId, plaintext }), ['active']],
  ['describeWhiteBoxKey', describeWhiteBoxKey, (keyId) => ({ keyId }), both],
  ['readWhiteBoxTables', readWhiteBoxTables, (keyId) => ({ keyId }), both],
  ['listWhiteBoxDevices', listWhiteBoxDevices, (keyId) => ({ keyId }), both],
  ['bindWhiteBoxDevices', bindWhiteBoxDevices, (keyId) => ({ keyId, devices: [device('a')] }), both],
  ['resumeWhiteBoxKeys', resumeWhiteBoxKeys, (id) => ({ keyIds: [id] }), both],
  ['suspendWhiteBoxKeys', suspendWhiteBoxKeys, (id) => ({ keyIds: [id] }), both],
  ['deleteWhiteBoxKey', deleteWhiteBoxKey, (keyId) => ({ keyId }), ['suspended']],
]
const cells = allowed.flatMap(([name, operation, asked, in_]) =>
  both.map((state) => ({ name, operation, asked, state, ok: in_.includes(state) })),
)

describe('every operation in every state', () => {
  test.each(cells)('$name of a white-box key that is $state: $ok', async ({ operation, asked, state, ok }) => {
    const { house, key } = await start()
    house.store.set({ ...key, suspended: state === 'suspended' })
    const result = await house.ask(
      operation as typeof encryptWhiteBox,
      asked(key.id) as { keyId: string; plaintext: Uint8Array },
    )
    const failures = [{ reason: 'wrongKeyLifecycleState', kind: 'whiteBoxKey', state }]
    expect(result instanceof Refusal ? result.failures : []).toEqual(ok ? [] : failures)
  })
})

describe('a white-box key', () => {
  test.each(['aes-256', 'sm4'] as const)('of %s encrypts what its tables decrypt', async (algorithm) => {
    const { house, key, decryptKey } = await start({ algorithm })
    expect(await opens(house, key.id, decryptKey)).toBe(true)
    expect(await decryptKeyOf(house, key.id)).toEqual(decryptKey)
  })

  test('keeps neither its key nor its tables in clear', async () => {
    const { house, key, decryptKey } = await start()
    const tables = house.store.get('whiteBoxTables', key.id)!
    const kept = Buffer.from(tables.wrapped)
    for (let at = 24; at < decryptKey.length; at += 50_000)
      expect(kept.includes(Buffer.from(decryptKey.subarray(at, at + 32)))).toBe(false)
    expect(tables).toMatchObject({ devices: [], locked: null })
  })

  test('whose rows were exchanged with those of another does nothing', async () => {
    const { house, key } = await start()
    const { key: other } = await house.ok(createWhiteBoxKey, request())
    house.store.set({ ...key, wrapped: other.wrapped })
    await expect(house.ask(encryptWhiteBox, { keyId: key.id, plaintext })).rejects.toThrow('does not unwrap')
    const tables = house.store.get('whiteBoxTables', key.id)!
    house.store.set({ ...tables, wrapped: house.store.get('whiteBoxTables', other.id)!.wrapped })
    await expect(house.ask(readWhiteBoxTables, { keyId: key.id })).rejects.toThrow('does not unwrap')
    const findings = await house.ok(verifyCanaries, {}, { caller: house.caller({ reach: 'everything' }) })
    expect(findings.find(({ name }) => name === 'white-box keys')).toMatchObject({ ok: false })
  })

  test('is among what the operator checks', async () => {
    const { house } = await start()
    const findings = await house.ok(verifyCanaries, {}, { caller: house.caller({ reach: 'everything' }) })
    expect(findings.find(({ name }) => name === 'white-box keys')).toMatchObject({
      ok: true,
      detail: '1 white-box keys have their tables',
    })
  })

  test('is made at most as often as the quota says, by a name that is its own', async () => {
    const house = openHouse({ keysMax: null, dataKeysMax: null, whiteBoxKeysMax: 2 })
    const { key } = await house.ok(createWhiteBoxKey, request({ name: 'one' }))
    expect(await house.refused(createWhiteBoxKey, request({ name: 'one' }))).toEqual([
      { reason: 'nonUniqueNameAttribute' },
    ])
    await house.ok(createWhiteBoxKey, request())
    expect(await house.refused(createWhiteBoxKey, request())).toEqual([
      { reason: 'objectQuotaExceeded', kind: 'whiteBoxKey' },
    ])
    await house.ok(suspendWhiteBoxKeys, { keyIds: [key.id] })
    await house.ok(deleteWhiteBoxKey, { keyId: key.id })
    await house.ok(createWhiteBoxKey, request({ name: 'one' }))
  })

  test('has at most so many tags, and waits for no queue that is full', async () => {
    const house = openHouse()
    const tags = new Map(Array.from({ length: tagsMax + 1 }, (_, at) => [`k${at}`, '']))
    expect(await house.refused(createWhiteBoxKey, request({ tags }))).toEqual([{ reason: 'tooManyTags' }])
    ;(house.slow as unknown as { full: boolean }).full = true
    expect(await house.refused(createWhiteBoxKey, request())).toEqual([{ reason: 'serverBusy' }])
  })

  test('that is deleted is gone with its tables, and leaves a tombstone', async () => {
    const { house, key } = await start()
    await house.ok(suspendWhiteBoxKeys, { keyIds: [key.id] })
    await house.ok(deleteWhiteBoxKey, { keyId: key.id })
    expect(house.store.get('whiteBoxTables', key.id)).toBeUndefined()
    expect(house.store.tables.tombstones).toMatchObject([{ kind: 'whiteBoxKey', id: key.id }])
    expect(await house.refused(describeWhiteBoxKey, { keyId: key.id })).toEqual([
      { reason: 'objectNotFound', kind: 'whiteBoxKey' },
    ])
  })

  test('takes a right of its own for everything, and none of keys', async () => {
    const { house, key } = await start()
    const caller = house.principal([statement('allow', ['encrypt', 'describe', 'decrypt', 'suspend'])])
    for (const [, operation, asked] of allowed) {
      const refused = await house.refused(operation as typeof encryptWhiteBox, asked(key.id) as never, { caller })
      expect(refused).toContainEqual({ reason: 'permissionDenied' })
    }
    const able = house.principal([statement('allow', ['encryptWhiteBox'], { id: key.id })])
    await house.ok(encryptWhiteBox, { keyId: key.id, plaintext }, { caller: able })
    expect(await house.refused(readWhiteBoxTables, { keyId: key.id }, { caller: able })).toEqual([
      { reason: 'permissionDenied' },
    ])
  })

  test('is unknown in another region, and its tables and keys never in the record', async () => {
    const { house, key } = await start()
    expect(await house.refused(readWhiteBoxTables, { keyId: key.id }, { region: 'shanghai' })).toEqual([
      { reason: 'objectNotFound', kind: 'whiteBoxKey' },
    ])
    const { objects } = house.journal.entries.find(({ action }) => action === 'createWhiteBoxKey')!
    expect(objects).toEqual([{ kind: 'whiteBoxKey', id: key.id }])
    expect(JSON.stringify(house.journal.entries).length).toBeLessThan(2000)
  })
})

describe('the devices of a white-box key', () => {
  test('decide who can decrypt with tables that are read afterwards', async () => {
    const { house, key, decryptKey: forAll } = await start()
    const keyId = key.id
    await house.ok(bindWhiteBoxDevices, { keyId, devices: [device('a'), device('b')] })
    const first = await decryptKeyOf(house, keyId)
    expect(await opens(house, keyId, first, 'a')).toBe(true)
    expect(await opens(house, keyId, first, 'c')).toBeUndefined()
    expect(await opens(house, keyId, first)).toBeUndefined()

    await house.ok(bindWhiteBoxDevices, { keyId, devices: [device('b'), device('c')] })
    const second = await decryptKeyOf(house, keyId)
    expect(await opens(house, keyId, second, 'a')).toBeUndefined()
    expect(await opens(house, keyId, second, 'b')).toBe(true)
    expect(await opens(house, keyId, second, 'c')).toBe(true)
    // What was fetched before goes on as it did.
    expect(await opens(house, keyId, first, 'a')).toBe(true)
    expect(await opens(house, keyId, forAll)).toBe(true)

    expect((await house.ok(describeWhiteBoxKey, { keyId })).row.bound).toBe(true)
    await house.ok(bindWhiteBoxDevices, { keyId, devices: [] })
    expect((await house.ok(describeWhiteBoxKey, { keyId })).row.bound).toBe(false)
    expect(await opens(house, keyId, await decryptKeyOf(house, keyId))).toBe(true)
  })

  test('are read as they were written, and the tables are the same at every read', async () => {
    const { house, key } = await start()
    const devices = [device('b'), { fingerprint: 'a', description: 'the kitchen' }]
    await house.ok(bindWhiteBoxDevices, { keyId: key.id, devices })
    expect(await house.ok(listWhiteBoxDevices, { keyId: key.id })).toEqual(devices)
    expect(await decryptKeyOf(house, key.id)).toEqual(await decryptKeyOf(house, key.id))
  })

  test('are locked anew where another list was faster', async () => {
    const { house, key } = await start()
    house.store.faults.push('overtaken')
    await house.ok(bindWhiteBoxDevices, { keyId: key.id, devices: [device('a')] })
    expect(await opens(house, key.id, await decryptKeyOf(house, key.id), 'a')).toBe(true)
  })

  test('are of no key that was removed meanwhile', async () => {
    const { house, key } = await start()
    house.store.tables.rows.delete(`whiteBoxTables/${key.id}`)
    const gone = [{ reason: 'objectNotFound', kind: 'whiteBoxKey' }]
    expect(await house.refused(bindWhiteBoxDevices, { keyId: key.id, devices: [device('a')] })).toEqual(gone)
    expect(await house.refused(listWhiteBoxDevices, { keyId: key.id })).toEqual(gone)
    expect(await house.refused(readWhiteBoxTables, { keyId: key.id })).toEqual(gone)
  })
})

test('a page of white-box keys has few tables, however many rows it has', async () => {
  const house = openHouse()
  for (let made = 0; made < tablesMax + 2; made++) {
    await house.ok(createWhiteBoxKey, request({ tags: new Map([['number', String(made % 2)]]) }))
  }
  const list = (over: object) =>
    house.ok(listWhiteBoxKeys, { at: here, page: { tags: [], offset: 0, limit: 1_000_000, ...over } })
  const all = await list({})
  expect([all.total, all.keys.length]).toEqual([tablesMax + 2, tablesMax + 2])
  expect(all.keys.filter(({ decryptKey }) => decryptKey).length).toBe(tablesMax)
  const rest = await list({ offset: tablesMax, limit: 1 })
  expect([rest.total, rest.keys.length, rest.keys[0]?.decryptKey?.length]).toEqual([tablesMax + 2, 1, 823_320])
  expect((await list({ tags: [{ key: 'number', values: ['1'] }] })).total).toBe((tablesMax + 2) / 2)
  await house.ok(suspendWhiteBoxKeys, { keyIds: [all.keys[0]!.row.id] })
  expect((await list({ suspended: true })).keys.map(({ row }) => row.id)).toEqual([all.keys[0]!.row.id])
  expect((await list({ suspended: false })).total).toBe(tablesMax + 1)
})
