/** The shared database away for a while, and slow, under the program as an operator runs it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DatabaseAway } from '../../src/adapters/sql/errors.ts'
import { GroupWriter } from '../../src/adapters/sql/group-writer.ts'
import { openPostgres } from '../../src/adapters/sql/postgres/open.ts'
import type { Database } from '../../src/adapters/sql/schema.ts'
import { QueueFull } from '../../src/core/ports.ts'
import { commit, key } from '../adapters/objects.ts'
import { MovableClock } from '../harness/clock.ts'
import type { Members } from '../harness/keystead.ts'
import { newDatabase } from '../harness/postgres.ts'
import { type Network, openProxy } from '../nodes/proxy.ts'
import { type Child, serving } from '../server/child.ts'
import { newData, newFolder } from '../server/folders.ts'
import { Client, logOf, plaintext } from './client.ts'

/** A lease of one second and an absence of a few stand for ten seconds and a minute: what is told apart is before and after the lease. */
const leaseSeconds = 1
/** Each way, so that a statement takes twice as long. */
const slowMs = 150

let network: Network
let far: Child
let near: Child
/** Reaches the database through `network`. */
let client: Client
/** Reaches it directly. */
let other: Client

beforeAll(async () => {
  const database = await newDatabase()
  const url = new URL(database.url)
  network = await openProxy({ host: url.hostname, port: Number(url.port) }, slowMs)
  const seal = ['--seal', `file:${join(newFolder(), 'root.key')}`]
  const node = async (port: string): Promise<[Child, string]> => {
    const [file, data] = [join(newFolder(), 'database'), newData()]
    url.port = port
    writeFileSync(file, `${url.href}\n`, { mode: 0o600 })
    const child = serving(data, '--database-file', file, '--lease', String(leaseSeconds), ...seal)
    await child.endpoint
    return [child, data]
  }
  let data: string
  ;[near, data] = await node(url.port)
  ;[far] = await node(String(network.port))
  client = await Client.of(far, data)
  other = await Client.of(near, data)
  expect(await client.create('first')).toBe('success')
  expect(await client.encrypt()).toBe('success')
})
afterAll(async () => {
  network.weather = 'fine'
  await Promise.all([far.stop(), near.stop()])
  await network.close()
})

const disabled = 'ResourceUnavailable.CmkDisabled'

/** Used since every change was taken in, so that its rows are known here. */
const isKnown = async (): Promise<void> => {
  await sleep(leaseSeconds * 500)
  expect(await client.encrypt()).toBe('success')
}

test('while it is away, keys in use are used for the lease; then each cloud’s word for a service that is away, and a few lines', async () => {
  await isKnown()
  const before = logOf(far).length
  network.weather = 'cut'
  expect(await Promise.all([client.encrypt(), client.create('within-the-lease')])).toEqual(['success', 'InternalError'])
  await sleep(leaseSeconds * 1000 + 100)
  const away = 'UnsupportedOperation.ServiceTemporaryUnavailable'
  // The vendor lists no code for it with Encrypt.
  expect([await client.encrypt(), await client.create('after-it')]).toEqual(['InternalError', away])
  expect(await client.huawei('POST kms/list-keys')).toEqual([503, 'KMS.0104'])
  expect(await client.get('/readyz')).toEqual({ status: 503, body: 'the database does not answer\n' })
  await Promise.all(Array.from({ length: 100 }, () => client.encrypt()))
  await sleep(1_000)
  expect(logOf(far).slice(before).length).toBeLessThan(6)
  // Another node, which reaches it, serves all the while.
  expect((await other.call('Encrypt', { KeyId: client.keys[0], Plaintext: plaintext })).code).toBeUndefined()

  network.weather = 'fine'
  await expect.poll(async () => (await client.get('/readyz')).status, { timeout: 10_000 }).toBe(200)
  expect(await client.create('afterwards')).toBe('success')
  await client.findsEverything()
  const { response } = await client.call('ListKeyDetail', { Limit: 100 })
  // Refused is refused: nothing of those calls is done later, or half.
  expect(response.KeyMetadatas.map(({ Alias }: Members) => Alias).sort()).toEqual(['afterwards', 'first'])
})

test('while each statement takes 300 ms, calls are right, and no node uses a key after DisableKey was answered', async () => {
  await isKnown()
  network.weather = 'slow'
  const [KeyId = ''] = client.keys
  const usedBy = async (node: Client) => (await node.call('Encrypt', { KeyId, Plaintext: plaintext })).code
  const disable = client.call('DisableKey', { KeyId }).then(async ({ code }) => {
    expect([code, await usedBy(other), await usedBy(client)]).toEqual([undefined, disabled, disabled])
  })
  expect(await Promise.all([client.create('slowly'), disable])).toEqual(['success', undefined])
  network.weather = 'fine'
})

test('what waits for a database that hangs is bounded: beyond it, changes are refused as those of a busy server', async () => {
  const run = () => new Promise<never>(() => {})
  const writer = new GroupWriter({ db: {} as Database, node: '', run, removedMaterial() {} })
  const refusals: unknown[] = []
  for (let burst = 0; burst < 10; burst += 1) {
    for (let n = 0; n < 1_000; n += 1) writer.commit(commit([])).catch((error) => refusals.push(error))
    await sleep(1)
  }
  expect(refusals.length).toBeGreaterThan(5_000)
  for (const refusal of refusals) expect(refusal).toBeInstanceOf(QueueFull)
})

test.each([
  ['back by an hour', -3_600_000],
  ['ahead by a day', 86_400_000],
  ['ahead by a year', 365 * 86_400_000],
])('a node whose clock goes %s asks the database again at once, and its lease only ends early', async (_word, by) => {
  const clock = new MovableClock()
  const { url } = await newDatabase()
  const direct = new URL(url)
  const lane = await openProxy({ host: direct.hostname, port: Number(direct.port) })
  direct.port = String(lane.port)
  const options = { create: true, cacheRows: 100, node: 'node', leaseMs: 60_000, onWentBack() {} }
  const database = await openPostgres({ url: direct.href, clock, ...options })
  const row = key()
  await database.store.commit(commit([{ add: row }]))
  const read = async () => (await database.coherence.view()).get('key', row.id)
  expect(await read()).toEqual(row)
  clock.jump(by)
  expect(await read()).toEqual(row)
  lane.weather = 'cut'
  expect(await read()).toEqual(row)
  clock.jump(-by)
  // The lease had most of its minute to go, and what it was measured by is no longer trusted.
  await expect(read()).rejects.toBeInstanceOf(DatabaseAway)
  lane.weather = 'fine'
  expect(await read()).toEqual(row)
  await database.close()
  await lane.close()
})
