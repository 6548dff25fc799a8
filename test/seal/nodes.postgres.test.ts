/** Nodes over one database: a rotation of the root key ends when every one of them has loaded the new generation. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { administer } from '../../src/cli/admin.ts'
import { type Running, start } from '../../src/main.ts'
import { type Members, signedCall, startKeystead, type TestKeystead, testSettings } from '../harness/keystead.ts'
import { newDatabase } from '../harness/postgres.ts'
import { newFolder } from '../server/folders.ts'
import { seal } from './command.ts'

const data = join(newFolder(), 'data')
const file = join(newFolder(), 'root.key')
const copied = join(newFolder(), 'root.key')
const plaintext = Buffer.from('everywhere').toString('base64')

let first: TestKeystead
let others: Running[]
let KeyId: string
let url: string
const joined = (path: string) => start(testSettings(join(newFolder(), 'data'), { database: url, lease: 1, seal: path }))
beforeAll(async () => {
  url = (await newDatabase()).url
  first = await startKeystead({ folder: data, settings: { database: url, lease: 1, seal: file } })
  others = [await joined(file)]
  KeyId = (await first.ok('CreateKey', { Alias: 'shared' })).KeyId
  for (let account = 0; account < 3; account++) await administer(data, 'account-create', { name: `shop-${account}` })
})
afterAll(() => Promise.all([first, ...others].map((node) => node.stop())))

const at = async (endpoint: string, action: string, members: Members): Promise<Members> => {
  const now = Math.floor(Date.now() / 1000)
  const { response, code } = await signedCall(endpoint, first.credentials.tencent, now, action, members)
  if (code !== undefined) throw new Error(`${action}: ${code}`)
  return response
}

const roundTrip = async (from: string, to: string): Promise<void> => {
  const { CiphertextBlob } = await at(from, 'Encrypt', { KeyId, Plaintext: plaintext })
  expect((await at(to, 'Decrypt', { CiphertextBlob })).Plaintext).toBe(plaintext)
}

test('that share the file go on without one failure, and load the new generation with their next lease', async () => {
  const [second = ''] = others.map(({ endpoint }) => endpoint)
  let [running, calls] = [true, 0]
  const client = async (from: string, to: string) => {
    for (; running; calls++) await roundTrip(from, to)
  }
  const clients = [client(first.endpoint, second), client(second, first.endpoint)]
  await Promise.race([seal(data, 'rotate-root'), Promise.all(clients)]).finally(() => {
    running = false
  })
  await Promise.all(clients)
  expect(calls).toBeGreaterThan(10)
  const said = (await administer(data, 'seal-status', {})) as Members
  expect(said).toMatchObject({ settled: true, generation: 2, domainKeys: [{ number: 2, count: 4 }] })
  expect(said.members.map(({ generation }: Members) => generation)).toEqual([2, 2])
})

test('with a copy of their own are waited for until they have been given the new one', async () => {
  copyFileSync(file, copied)
  others.push(await joined(copied))
  await administer(data, 'seal-rotate', {})
  const page = await administer(data, 'seal-rewrap', {})
  expect(page).toMatchObject({ rewrapped: 0, behind: expect.arrayContaining([expect.stringMatching(/^node /)]) })
  await expect.poll(async () => (await administer(data, 'seal-settle', {})).behind, { timeout: 5000 }).toHaveLength(1)
  copyFileSync(file, copied)
  expect(await seal(data, 'rotate-root', '--resume')).toContain('4 domain keys were wrapped anew')
  for (const { endpoint } of others) await roundTrip(first.endpoint, endpoint)
})
