/** Irreversible steps over the real store: the database's own clock is one of those that must agree. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createRootKeyFile, openRootKeyFile } from '../../src/adapters/root-key/file.ts'
import type { OpenDatabase } from '../../src/adapters/sql/open-database.ts'
import { openSqlite } from '../../src/adapters/sql/sqlite/open.ts'
import { noContext } from '../../src/core/context.ts'
import type { House } from '../../src/core/house.ts'
import { Keyring } from '../../src/core/keyring.ts'
import { type DataKey, type Key, keyVersionId } from '../../src/core/object.ts'
import { create, dayMs } from '../../src/core/operations/create.ts'
import { scheduleDataKeyDestruction } from '../../src/core/operations/data-key-lifecycle.ts'
import { hostDataKey } from '../../src/core/operations/data-keys.ts'
import { describe as describeKeys } from '../../src/core/operations/describe.ts'
import { cancelDestruction, scheduleDestruction } from '../../src/core/operations/lifecycle.ts'
import { perform } from '../../src/core/perform.ts'
import { observedMinMs, performDue } from '../../src/core/schedule.ts'
import { account, createRequest, here, openHouse, type TestHouse } from './house.ts'

const minuteMs = 60_000
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

interface Kept {
  readonly house: House
  readonly memory: TestHouse
  readonly folder: string
  readonly database: OpenDatabase
  readonly faults: unknown[]
  /** Minutes go by on every clock, and the schedule runs after each. Gives how many steps were done. */
  run(minutes: number): Promise<number>
}

let kept: Kept
let skewOfDatabase = 0

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keystead-schedule-'))
  folders.push(folder)
  const memory = openHouse()
  skewOfDatabase = 0
  const databaseClockSkew = () => memory.clock.skew + skewOfDatabase
  const path = join(folder, 'keystead.db')
  const database = await openSqlite({ path, create: true, alone: true, cacheRows: 1000, databaseClockSkew })
  createRootKeyFile(join(folder, 'root.key'))
  const root = openRootKeyFile(join(folder, 'root.key'))
  const keyring = new Keyring({ ...memory, root })
  const { store, coherence, outbox } = database
  const house: House = { ...memory, store, coherence, outbox, keyring }
  const rows = [...memory.store.tables.rows.values()].filter(({ kind }) => kind !== 'domainKey')
  const effects = [...rows, keyring.newDomainKey(account, 1, 0)].map((add) => ({ add }))
  const entry = { ...(await entryOf(memory)), request: 'first' }
  await store.commit({ guards: [], effects, entry, now: 0 })
  const faults: unknown[] = []
  const run = async (minutes: number) => {
    let done = 0
    for (let minute = 0; minute < minutes; minute++) {
      memory.clock.pass(minuteMs)
      done += await performDue(house, minuteMs, (fault) => faults.push(fault))
    }
    return done
  }
  kept = { house, memory, folder, database, faults, run }
  return () => database.close().catch(() => {})
})

const entryOf = async (memory: TestHouse) => {
  await memory.ok(describeKeys, { keyIds: [] })
  return memory.journal.entries.pop()!
}

const ask = ({ house, memory }: Kept, operation: unknown, request: unknown) => {
  const bound = { operation: operation as typeof create, action: 'test', narrow: {} }
  return perform(house, memory.caller(), house.coherence.view() as never, 'guangzhou', bound, request as never)
}
const made = async (from: Kept, name = 'orders') => (await ask(from, create, createRequest({ name }))) as Key
const found = async ({ house }: Kept, { id }: Key) => (await house.coherence.view()).reload('key', id)
const wrappedOf = async ({ house }: Kept, { id }: Key) =>
  Buffer.from((await (await house.coherence.view()).reload('keyVersion', keyVersionId(id, 1)))!.wrapped!)
const filesHold = ({ folder }: Kept, bytes: Buffer) =>
  readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(bytes))
const systemEntries = ({ memory }: Kept) => memory.journal.entries.filter(({ dialect }) => dialect === 'system')

/** A key whose destruction date is half a minute away. */
const doomed = async (name?: string): Promise<Key> => {
  const key = await made(kept, name)
  await ask(kept, scheduleDestruction, { keyId: key.id, days: 7 })
  kept.memory.clock.pass(7 * dayMs - minuteMs / 2)
  return key
}

describe('a planned destruction', () => {
  test('waits for its date, and after it for an hour of running time', async () => {
    const key = await made(kept)
    await ask(kept, scheduleDestruction, { keyId: key.id, days: 7 })
    kept.memory.clock.pass(7 * dayMs - 10 * minuteMs)
    expect(await kept.run(9)).toBe(0)
    expect(observedMinMs).toBe(60 * minuteMs)
    expect(await kept.run(60)).toBe(0)
    expect(await found(kept, key)).toBeDefined()
    expect(await kept.run(3)).toBe(1)
    expect(await found(kept, key)).toBeUndefined()
  })

  test('is seen by every request at its date, long before it is carried out', async () => {
    const key = await doomed()
    await kept.run(1)
    expect(await ask(kept, describeKeys, { keyIds: [key.id] })).toMatchObject({
      failures: [{ reason: 'objectNotFound' }],
    })
    expect(await ask(kept, cancelDestruction, { keyId: key.id })).toMatchObject({
      failures: [{ reason: 'objectNotFound' }],
    })
    expect(await found(kept, key)).toBeDefined()
  })

  test('leaves a tombstone, a record of the system, and no byte of the wrapped material in any file', async () => {
    const [key, other] = [await made(kept), await made(kept, 'other')]
    const [wrapped, kindred] = [await wrappedOf(kept, key), await wrappedOf(kept, other)]
    expect(filesHold(kept, wrapped)).toBe(true)
    await ask(kept, scheduleDestruction, { keyId: key.id, days: 7 })
    kept.memory.clock.pass(7 * dayMs)
    expect(await kept.run(62)).toBe(1)
    expect(systemEntries(kept)).toMatchObject([
      { action: 'destroy', outcome: 'success', account, credential: '', objects: [{ kind: 'key', id: key.id }] },
    ])
    await kept.database.close()
    expect(filesHold(kept, wrapped)).toBe(false)
    expect(filesHold(kept, wrapped.subarray(124, 156))).toBe(false)
    expect(filesHold(kept, kindred)).toBe(true)
    const { DatabaseSync } = await import('node:sqlite')
    const db = new DatabaseSync(join(kept.folder, 'keystead.db'))
    expect(db.prepare('select key, account, region, lineage from tombstone').all()).toEqual([
      { key: key.id, account, region: 'guangzhou', lineage: key.lineage },
    ])
    db.close()
  })

  test('of a data key is carried out by the same rule, and leaves no byte of it in any file', async () => {
    const key = await made(kept)
    const host = async (name: string) => {
      const labels = { at: here, name, description: '', tags: new Map() }
      const asked = { ...labels, keyId: key.id, bytes: 32, context: noContext }
      return ((await ask(kept, hostDataKey, asked)) as unknown as { dataKey: DataKey }).dataKey
    }
    const [gone, stays] = [await host('gone'), await host('stays')]
    await ask(kept, scheduleDataKeyDestruction, { dataKeyId: gone.id, days: 7 })
    kept.memory.clock.pass(7 * dayMs)
    expect(await kept.run(59)).toBe(0)
    expect(filesHold(kept, Buffer.from(gone.wrapped))).toBe(true)
    expect(await kept.run(3)).toBe(1)
    expect(systemEntries(kept)).toMatchObject([
      { action: 'destroy', outcome: 'success', objects: [{ kind: 'dataKey', id: gone.id }] },
    ])
    expect(await host('gone')).toHaveProperty('id')
    await kept.database.close()
    expect(filesHold(kept, Buffer.from(gone.wrapped).subarray(124, 156))).toBe(false)
    expect(filesHold(kept, Buffer.from(stays.wrapped))).toBe(true)
    expect(kept.faults).toEqual([])
  })

  test('frees the name', async () => {
    await doomed()
    await kept.run(63)
    expect(await made(kept)).toHaveProperty('id')
  })
})

describe('a clock that goes wrong destroys nothing', () => {
  test('a year ahead and back again', async () => {
    const key = await made(kept)
    await ask(kept, scheduleDestruction, { keyId: key.id, days: 7 })
    kept.memory.clock.jump(365 * dayMs)
    expect(await kept.run(59)).toBe(0)
    kept.memory.clock.jump(-365 * dayMs)
    expect(await kept.run(61)).toBe(0)
    kept.memory.clock.jump(365 * dayMs)
    expect(await kept.run(59)).toBe(0)
    kept.memory.clock.jump(-365 * dayMs)
    expect(await ask(kept, cancelDestruction, { keyId: key.id })).toEqual({ keyId: key.id, state: 'suspended' })
  })

  test('a process that stood still all the while', async () => {
    const key = await doomed()
    await kept.run(1)
    kept.memory.clock.pass(30 * dayMs)
    expect(await performDue(kept.house, 0, () => {})).toBe(0)
    expect(await found(kept, key)).toBeDefined()
  })

  test("the program's clock alone, while the database's does not agree", async () => {
    const key = await made(kept)
    await ask(kept, scheduleDestruction, { keyId: key.id, days: 7 })
    kept.memory.clock.jump(30 * dayMs)
    skewOfDatabase = -30 * dayMs
    expect(await kept.run(90)).toBe(0)
    expect(await found(kept, key)).toBeDefined()
  })

  test("the database's clock alone, while the program's does not agree", async () => {
    const key = await made(kept)
    await ask(kept, scheduleDestruction, { keyId: key.id, days: 7 })
    skewOfDatabase = 30 * dayMs
    expect(await kept.run(90)).toBe(0)
    expect(await found(kept, key)).toBeDefined()
  })
})

describe('imported material whose end has passed', () => {
  test('is dropped by the same rule, and the key stays', async () => {
    const key = await made(kept)
    const wrapped = await wrappedOf(kept, key)
    const entry = { ...(await entryOf(kept.memory)), request: 'imported' }
    const put = { ...key, origin: 'imported' as const, materialExpiresAt: kept.memory.clock.now() + minuteMs / 2 }
    await kept.house.store.commit({ guards: [], effects: [{ put, over: key }], entry, now: 0 })
    expect(await kept.run(60)).toBe(0)
    expect(filesHold(kept, wrapped)).toBe(true)
    expect(await kept.run(2)).toBe(1)
    expect(await found(kept, key)).toMatchObject({ materialPresent: false, materialExpiresAt: null })
    expect(systemEntries(kept)).toMatchObject([{ action: 'dropMaterial', objects: [{ id: key.id, version: 1 }] }])
    expect(await kept.run(62)).toBe(0)
    await kept.database.close()
    expect(filesHold(kept, wrapped)).toBe(false)
  })
})

describe('a step that fails', () => {
  test('is reported and tried again, while the others go on', async () => {
    const [first, second] = [await made(kept, 'first'), await made(kept, 'second')]
    for (const { id } of [first, second]) await ask(kept, scheduleDestruction, { keyId: id, days: 7 })
    kept.memory.clock.pass(7 * dayMs)
    const { store } = kept.house
    let failing = true
    const commit: typeof store.commit = (change) =>
      failing && change.guards.some(({ id }) => id === first.id)
        ? Promise.reject(new Error('the disk is full'))
        : store.commit(change)
    kept = { ...kept, house: { ...kept.house, store: { ...store, commit } } }
    const run = () => performDue(kept.house, minuteMs * 61, (fault) => kept.faults.push(fault))
    expect([await run(), await run()]).toEqual([0, 1])
    expect(kept.faults).toEqual([Error('the disk is full')])
    expect([await found(kept, first), await found(kept, second)]).toMatchObject([{ id: first.id }, undefined])
    expect(systemEntries(kept).map(({ outcome }) => outcome)).toEqual(['failed', 'success'])
    failing = false
    expect(await run()).toBe(1)
    expect(await found(kept, first)).toBeUndefined()
  })
})
