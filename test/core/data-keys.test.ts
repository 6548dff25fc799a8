import { describe, expect, test } from 'vitest'
import type { Right } from '../../src/core/access/right.ts'
import { parseSealed } from '../../src/core/ciphertext.ts'
import { type Context, noContext } from '../../src/core/context.ts'
import { Refusal } from '../../src/core/failure.ts'
import type { DataKey, Key } from '../../src/core/object.ts'
import { decrypt, generateDataKey } from '../../src/core/operations/cryptography.ts'
import {
  cancelDataKeyDestruction,
  destroyDataKey,
  renameDataKey,
  resumeDataKeys,
  scheduleDataKeyDestruction,
  suspendDataKeys,
} from '../../src/core/operations/data-key-lifecycle.ts'
import { describeDataKeys, listDataKeys } from '../../src/core/operations/data-key-lists.ts'
import { hostDataKey, importDataKey, readDataKey, readDataKeyCiphertext } from '../../src/core/operations/data-keys.ts'
import { checkPolicy } from '../../src/core/operations/inspect.ts'
import { tagsMax } from '../../src/core/operations/tags.ts'
import { type State, states } from '../../src/core/state.ts'
import { account, here, openHouse, statement, type TestHouse } from './house.ts'

let names = 0
const labels = () => ({ at: here, name: `data key ${++names}`, description: '', tags: new Map<string, string>() })

const hosted = async (house: TestHouse, key: Key, context: Context = noContext) =>
  house.ok(hostDataKey, { ...labels(), keyId: key.id, bytes: 32, context })

const start = async () => {
  const house = openHouse()
  const key = await house.key()
  return { house, key, ...(await hosted(house, key)) }
}
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** The facts of a data key in each state that it can be in. */
const facts: Readonly<Partial<Record<State, (now: number) => Partial<DataKey>>>> = {
  active: () => ({}),
  suspended: () => ({ suspended: true }),
  destructionScheduled: (now) => ({ destroyAt: now + 1000 }),
}
const allowed: readonly [string, unknown, (id: string) => object, readonly State[]][] = [
  ['readDataKey', readDataKey, (dataKeyId) => ({ dataKeyId }), ['active']],
  ['readDataKeyCiphertext', readDataKeyCiphertext, (dataKeyId) => ({ dataKeyId }), ['active']],
  ['describeDataKeys', describeDataKeys, (id) => ({ dataKeyIds: [id] }), states],
  ['resumeDataKeys', resumeDataKeys, (id) => ({ dataKeyIds: [id] }), ['active', 'suspended']],
  ['suspendDataKeys', suspendDataKeys, (id) => ({ dataKeyIds: [id] }), ['active', 'suspended']],
  [
    'scheduleDataKeyDestruction',
    scheduleDataKeyDestruction,
    (dataKeyId) => ({ dataKeyId, days: 7 }),
    ['active', 'suspended'],
  ],
  ['cancelDataKeyDestruction', cancelDataKeyDestruction, (dataKeyId) => ({ dataKeyId }), ['destructionScheduled']],
  ['renameDataKey', renameDataKey, (dataKeyId) => ({ dataKeyId, name: 'another' }), states],
]
const cells = allowed.flatMap(([name, operation, request, in_]) =>
  (Object.keys(facts) as State[]).map((state) => ({ name, operation, request, state, ok: in_.includes(state) })),
)

describe('every operation in every state', () => {
  test.each(cells)('$name of a data key that is $state: $ok', async ({ operation, request, state, ok }) => {
    const { house, dataKey } = await start()
    house.store.set({ ...dataKey, ...facts[state]?.(house.clock.now()) })
    const result = await house.ask(operation as typeof readDataKey, request(dataKey.id) as { dataKeyId: string })
    const failures = [{ reason: 'wrongKeyLifecycleState', kind: 'dataKey', state }]
    expect(result instanceof Refusal ? result.failures : []).toEqual(ok ? [] : failures)
  })
})

describe('a data key that is kept', () => {
  test('is given back as it was made, with its context and without', async () => {
    const { house, key } = await start()
    const context: Context = { kind: 'map', members: new Map([['purpose', 'disk']]) }
    for (const bound of [noContext, context, { kind: 'bytes', bytes: Uint8Array.of(1) } as const]) {
      const { dataKey, plaintext, ciphertext } = await hosted(house, key, bound)
      expect(hex((await house.ok(readDataKey, { dataKeyId: dataKey.id })).plaintext)).toBe(hex(plaintext))
      const kept = await house.ok(readDataKeyCiphertext, { dataKeyId: dataKey.id })
      expect(hex(kept.ciphertext)).toBe(hex(ciphertext))
      const sealed = parseSealed(ciphertext)
      if (!sealed) throw new Error('no ciphertext')
      expect(hex((await house.ok(decrypt, { sealed, context: bound })).plaintext)).toBe(hex(plaintext))
    }
  })

  test('is in the row neither in clear nor as the ciphertext that is given out', async () => {
    const { dataKey, plaintext, ciphertext } = await start()
    expect(hex(dataKey.wrapped)).not.toContain(hex(plaintext))
    expect(hex(dataKey.wrapped)).not.toContain(hex(ciphertext))
  })

  test('is not given out under the name of another one', async () => {
    const { house, key, dataKey } = await start()
    const other = (await hosted(house, key)).dataKey
    house.store.set({ ...dataKey, wrapped: other.wrapped })
    await expect(house.ask(readDataKey, { dataKeyId: dataKey.id })).rejects.toThrow('does not unwrap')
    expect(house.journal.last).toMatchObject({ action: 'readDataKey', outcome: 'failed' })
  })

  test('takes its key as well: a right to it, and a state in which it opens', async () => {
    const { house, key, dataKey } = await start()
    const asked = { dataKeyId: dataKey.id }
    const on = (kind: string, right: string) => statement('allow', [right], { kind })
    const both = [on('dataKey', 'readDataKey'), on('key', 'decryptDataKey')]
    await house.ok(readDataKey, asked, { caller: house.principal(both) })
    for (const one of both)
      expect(await house.refused(readDataKey, asked, { caller: house.principal([one]) })).toEqual([
        { reason: 'permissionDenied' },
      ])
    house.store.set({ ...key, deactivated: true })
    await house.ok(readDataKey, asked)
    house.store.set({ ...key, suspended: true })
    expect(await house.refused(readDataKey, asked)).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'suspended' },
    ])
    house.store.set({ ...key, destroyAt: house.clock.now() - 1 })
    expect(await house.refused(readDataKey, asked)).toEqual([{ reason: 'objectNotFound', kind: 'key' }])
  })

  test('is refused by what the store says, where what is remembered is older', async () => {
    const { house, dataKey } = await start()
    house.coherence.remember({ ...dataKey, suspended: true })
    await house.ok(readDataKey, { dataKeyId: dataKey.id })
    expect(house.coherence.reloaded).toContain(`dataKey/${dataKey.id}`)
  })

  test('of another region or account is not there', async () => {
    const { house, dataKey } = await start()
    const gone = [{ reason: 'objectNotFound', kind: 'dataKey' }]
    const asked = { dataKeyIds: [dataKey.id] }
    expect(await house.refused(describeDataKeys, asked, { region: 'shanghai' })).toEqual(gone)
    house.store.set({ ...dataKey, account: 'another' })
    expect(await house.refused(describeDataKeys, asked)).toEqual(gone)
    expect(await house.refused(readDataKey, { dataKeyId: dataKey.id })).toEqual([...gone, ...gone])
  })

  test('counts as a use of the version of the key that protects it', async () => {
    const { house, key, dataKey } = await start()
    await house.ok(readDataKey, { dataKeyId: dataKey.id })
    expect(house.uses.take()).toMatchObject([{ key: key.id, version: 1, count: 1 }])
  })

  test('is nowhere in the record but by its id', async () => {
    const { house, key, dataKey } = await start()
    expect(house.journal.last.objects).toEqual([
      { kind: 'key', id: key.id, version: 1 },
      { kind: 'dataKey', id: dataKey.id },
    ])
  })
})

describe('a change that is overtaken', () => {
  test('keeps no data key under a key that was suspended meanwhile', async () => {
    const { house, key } = await start()
    house.store.meanwhile = () => {
      house.store.meanwhile = () => {}
      house.store.set({ ...key, suspended: true, revision: key.revision + 1 })
    }
    const asked = { ...labels(), keyId: key.id, bytes: 32, context: noContext }
    expect(await house.refused(hostDataKey, asked)).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'suspended' },
    ])
    expect(house.store.all('dataKey')).toHaveLength(1)
  })

  test('destroys no data key whose destruction is cancelled at the last moment', async () => {
    const { house, dataKey } = await start()
    const doomed = { ...dataKey, destroyAt: house.clock.now() - 1 }
    house.store.set(doomed)
    house.store.meanwhile = () => {
      house.store.meanwhile = () => {}
      house.store.set({ ...doomed, destroyAt: null, suspended: true, revision: 2 })
    }
    const system = { caller: house.caller({ reach: 'everything' }) }
    expect(await house.refused(destroyDataKey, { dataKeyId: dataKey.id }, system)).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'dataKey', state: 'suspended' },
    ])
    expect(house.store.tables.tombstones).toEqual([])
  })
})

describe('a key on its way out', () => {
  test.each([
    ['destructionScheduled', 1000, { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'destructionScheduled' }],
    ['destroyed', -1, { reason: 'objectNotFound', kind: 'key' }],
  ] as const)('%s takes back no data key', async (_state, after, failure) => {
    const { house, key, dataKey } = await start()
    house.store.set({ ...key, destroyAt: house.clock.now() + after })
    house.store.set({ ...dataKey, suspended: true })
    expect(await house.refused(resumeDataKeys, { dataKeyIds: [dataKey.id] })).toEqual([failure])
    house.store.set({ ...dataKey, destroyAt: house.clock.now() + 1000 })
    expect(await house.refused(cancelDataKeyDestruction, { dataKeyId: dataKey.id })).toEqual([failure])
  })

  test('and gone has no name any more, and its data keys are still listed', async () => {
    const { house, key, dataKey } = await start()
    const page = { filter: {}, order: 'newestFirst', offset: 0, limit: 10 } as const
    const listed = () => house.ok(listDataKeys, { at: here, page })
    expect(await listed()).toMatchObject({ total: 1, dataKeys: [{ row: { id: dataKey.id }, keyName: key.name }] })
    house.store.set({ ...key, destroyAt: house.clock.now() - 1 })
    expect(await listed()).toMatchObject({ total: 1, dataKeys: [{ keyName: undefined }] })
    const ofKey = { ...page, filter: { key: key.id } }
    expect(await house.refused(listDataKeys, { at: here, page: ofKey })).toEqual([
      { reason: 'objectNotFound', kind: 'key' },
    ])
  })
})

describe('importing', () => {
  test('zeroes what was given in clear, and keeps it', async () => {
    const { house, key } = await start()
    const plaintext = new Uint8Array(16).fill(9)
    const row = await house.ok(importDataKey, { ...labels(), from: { keyId: key.id, plaintext } })
    expect(hex(plaintext)).toBe('00'.repeat(16))
    expect(hex((await house.ok(readDataKey, { dataKeyId: row.id })).plaintext)).toBe('09'.repeat(16))
    expect(row).toMatchObject({ origin: 'imported', bytes: 16, key: key.id })
  })

  test('a ciphertext of an older version stays under that version', async () => {
    const { house, key } = await start()
    const made = await house.ok(generateDataKey, { keyId: key.id, bytes: 24, context: noContext })
    house.store.set({ ...key, primaryVersion: 2 })
    const sealed = parseSealed(made.ciphertext)
    if (!sealed) throw new Error('no ciphertext')
    const row = await house.ok(importDataKey, { ...labels(), from: { sealed } })
    expect(row).toMatchObject({ keyVersion: 1, bytes: 24, origin: 'generated' })
  })
})

test('a quota counts what is kept, and what comes back', async () => {
  const house = openHouse({ keysMax: null, dataKeysMax: 1, whiteBoxKeysMax: 50 })
  const key = await house.key()
  const { dataKey } = await hosted(house, key)
  const full = [{ reason: 'objectQuotaExceeded', kind: 'dataKey' }]
  const asked = () => ({ ...labels(), keyId: key.id, bytes: 32, context: noContext })
  expect(await house.refused(hostDataKey, asked())).toEqual(full)
  await house.ok(scheduleDataKeyDestruction, { dataKeyId: dataKey.id, days: 7 })
  await house.ok(hostDataKey, asked())
  expect(await house.refused(cancelDataKeyDestruction, { dataKeyId: dataKey.id })).toEqual(full)
})

test('a policy can be asked about one data key', async () => {
  const { house, dataKey } = await start()
  const over = { kind: 'dataKey', id: dataKey.id }
  const alice = house.principal([statement('allow', ['suspendDataKey'], over)]).principal
  house.store.set(alice)
  const asked = { principal: alice.id, dialect: 'tencent', word: '', region: 'guangzhou', source: '192.0.2.1' }
  const operator = { caller: house.caller({ reach: 'everything' }) }
  const may = async (right: Right, resource = dataKey.id) =>
    (await house.ok(checkPolicy, { ...asked, rights: [right], resource }, operator)).allowed
  expect(await may('suspendDataKey')).toBe(true)
  expect(await may('resumeDataKey')).toBe(false)
  expect(await may('suspendDataKey', '*')).toBe(false)
  expect(await may('suspendDataKey', dataKey.key)).toBe(false)
})

test('more tags than there may be are refused', async () => {
  const { house, key } = await start()
  const tags = new Map(Array.from({ length: tagsMax + 1 }, (_, n) => [`tag ${n}`, '']))
  const asked = { ...labels(), tags, keyId: key.id, bytes: 32, context: noContext }
  expect(await house.refused(hostDataKey, asked)).toEqual([{ reason: 'tooManyTags' }])
})

test('a destroyed data key frees its name and leaves a tombstone', async () => {
  const { house, dataKey } = await start()
  house.store.set({ ...dataKey, destroyAt: house.clock.now() - 1 })
  await house.ok(destroyDataKey, { dataKeyId: dataKey.id }, { caller: house.caller({ reach: 'everything' }) })
  expect(house.store.all('dataKey')).toEqual([])
  expect(house.store.tables.tombstones).toMatchObject([{ kind: 'dataKey', id: dataKey.id, account }])
})
