/** A disk that is full, and one that the kernel made read-only, under the program as an operator runs it. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyJournal } from '../../src/adapters/audit-log/verify.ts'
import { checkJournals } from '../kill/journals.ts'
import type { World } from '../kill/world.ts'
import { type Child, keystead, serving } from '../server/child.ts'
import { newFolder } from '../server/folders.ts'
import { auditOf, Client, logOf } from './client.ts'
import {
  cannotFail,
  cannotMount,
  failDisk,
  fill,
  free,
  makeDisk,
  mendDisk,
  mountDisk,
  mountMemory,
  unmount,
} from './disk.ts'

const scratch = newFolder()
const roundsMax = 100

/** Calls of both kinds until `enough`, each alias used once. */
const callsUntil = async (client: Client, word: string, enough: (codes: string[]) => boolean): Promise<string[]> => {
  for (let round = 0; round < roundsMax; round += 1) {
    const calls = [client.create(`${word}-${round}`), client.encrypt(), client.create(`${word}-${round}-too`)]
    const codes = await Promise.all(calls)
    if (enough(codes)) return codes
  }
  throw new Error(`it never came to it: ${word}`)
}

const allFail = (codes: readonly string[]): boolean => !codes.includes('success')
const allSucceed = (codes: readonly string[]): boolean => codes.every((code) => code === 'success')
const isReady = (client: Client) => async () => (await client.get('/readyz')).status

/** Each call that was answered is recorded, once, in a chain that is whole. */
const isRecorded = async (data: string, { answered }: Client): Promise<void> => {
  const world = { acknowledged: new Set(answered), violations: [] } as unknown as World
  await checkJournals([auditOf(data)], world)
  expect(world.violations).toEqual([])
  expect(await verifyJournal(auditOf(data))).toMatchObject({ whole: true })
}

const whyNotFull = cannotMount(scratch)
describe.skipIf(whyNotFull)(`a full disk${whyNotFull ? ` (not tried: ${whyNotFull})` : ''}`, () => {
  const data = join(newFolder(), 'data')
  let child: Child
  let client: Client

  beforeAll(async () => {
    // Apart, so that each can be full alone.
    mountMemory(data)
    mountMemory(auditOf(data))
    child = serving(data)
    client = await Client.of(child, data)
    await client.create('first')
  })
  afterAll(async () => {
    await child.stop()
    for (const at of [auditOf(data), data]) unmount(at)
  })

  test('under the database refuses what it cannot keep, while keys that are known are used', async () => {
    fill(data)
    const codes = await callsUntil(client, 'database', ([one, , other]) => allFail([one ?? '', other ?? '']))
    expect(codes).toEqual(['InternalError', 'success', 'InternalError'])
    expect(await client.encrypt()).toBe('success')
    const line = logOf(child).find(({ err }) => err?.message.includes('database or disk is full'))
    expect(line).toMatchObject({ advice: expect.stringMatching(/^no space is left .* free some/) })

    free(data)
    await expect.poll(() => callsUntil(client, 'database-again', () => true)).toSatisfy(allSucceed)
    await client.findsEverything()
  })

  test('under the journal refuses every call, says so to the operator once, and passes by itself', async () => {
    const before = logOf(child).length
    fill(auditOf(data))
    expect(await callsUntil(client, 'journal', allFail)).toEqual(Array(3).fill('InternalError'))
    await Promise.all(Array.from({ length: 100 }, () => client.encrypt()))
    expect(await client.get('/livez')).toMatchObject({ status: 200 })
    expect(await client.get('/readyz')).toEqual({
      status: 503,
      body: 'the audit journal cannot be written; no space is left on its file system: free some, and it goes on by itself\n',
    })
    const lines = logOf(child).slice(before)
    expect(lines.length).toBeLessThan(8)
    for (const line of lines) expect(line).toMatchObject({ advice: expect.stringContaining('free some') })

    free(auditOf(data))
    await expect.poll(isReady(client), { timeout: 5_000 }).toBe(200)
    expect(await callsUntil(client, 'journal-again', () => true)).toSatisfy(allSucceed)
    await client.findsEverything()
  })

  test('has lost nothing that was answered, and left nothing unrecorded, after the next start', async () => {
    expect(await child.stop()).toMatchObject({ code: 0 })
    child = serving(data)
    await client.moveTo(child)
    await client.findsEverything()
    await isRecorded(data, client)
  })
})

const whyNotReadOnly = whyNotFull ?? cannotFail(scratch)
describe.skipIf(whyNotReadOnly)(
  `a disk that the kernel makes read-only${whyNotReadOnly ? ` (not tried: ${whyNotReadOnly})` : ''}`,
  () => {
    const [image, at] = [join(newFolder(), 'disk.img'), join(newFolder(), 'disk')]
    const data = join(at, 'data')
    let child: Child
    let client: Client

    beforeAll(async () => {
      makeDisk(image)
      mountDisk(image, at)
      child = serving(data)
      client = await Client.of(child, data)
      await client.create('first')
      expect(await callsUntil(client, 'before', () => true)).toSatisfy(allSucceed)
    })
    afterAll(async () => {
      await child.stop()
      unmount(at)
    })

    test('refuses every call, and says that it is read-only and what to do', async () => {
      failDisk(at)
      expect(await callsUntil(client, 'meanwhile', allFail)).toEqual(Array(3).fill('InternalError'))
      await expect.poll(isReady(client)).toBe(503)
      const { body } = await client.get('/readyz')
      expect(body).toMatch(/^the audit journal cannot be written; its file system is read-only: .* start again\n$/)
      const lines = logOf(child)
      expect(lines.length).toBeLessThan(8)
      for (const { advice } of lines) expect(advice).toMatch(/^its (file system is read-only|disk fails)/)
    })

    test('is told in one sentence by the server that ends, and by one that starts on it', async () => {
      const { code, stderr } = await child.stop()
      const sentences = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
      expect([code, sentences]).toEqual([1, [expect.stringMatching(/^keystead: .* \(its disk fails: .*\)$/)]])
      for (const args of [[], ['--init']])
        expect(await keystead(['serve', '--data', data, '--port', '0', ...args]).exited).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/^keystead: .* cannot be locked: .* \(its file system is read-only: .*\)\n$/),
        })
    })

    test('has lost nothing that was answered once it is mended', async () => {
      unmount(at)
      mendDisk(image)
      mountDisk(image, at)
      child = serving(data)
      await client.moveTo(child)
      await client.findsEverything()
      expect(await callsUntil(client, 'after', () => true)).toSatisfy(allSucceed)
      await isRecorded(data, client)
    })
  },
)
