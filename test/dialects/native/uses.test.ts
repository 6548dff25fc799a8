import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeUses } from '../../../src/core/schedule.ts'
import { addAccessKey, addPrincipal } from '../../harness/access.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { clientOf, type NativeClient, signIn } from '../../harness/native.ts'

let keystead: TestKeystead
let root: NativeClient
const minuteMs = 60_000

beforeAll(async () => {
  keystead = await startKeystead()
  root = clientOf(keystead, await signIn(keystead))
})
afterAll(() => keystead.end())

const plaintext = Buffer.from('x').toString('base64')
const sum = (points: readonly Members[]) => points.reduce((total, { count }) => total + count, 0)
const lastHour = () => {
  const now = keystead.clock.now()
  return {
    from: new Date(now - 60 * minuteMs).toISOString(),
    to: new Date(now + minuteMs).toISOString(),
    step: 'minute',
  }
}

test('uses are told over time and by whom, written or not yet, and so is who would notice', async () => {
  const { id: key } = (await root.ok('key-create', { name: 'used' })).key
  const { id: other } = (await root.ok('key-create', { name: 'other' })).key
  for (let n = 0; n < 3; n++) await keystead.ok('Encrypt', { KeyId: key, Plaintext: plaintext })
  await writeUses(keystead.running.installation.house)
  await root.ok('encrypt', { key, plaintext })
  await root.ok('encrypt', { key: other, plaintext })

  const uses = await root.ok('key-uses', { key, ...lastHour() })
  expect(sum(uses.points)).toBe(4)
  expect(uses.points.every(({ at }: Members) => /:00\.000Z$/.test(at))).toBe(true)
  const principal = keystead.credentials.tencent.uin
  const by = { version: 1, principal, principalName: 'administrator' }
  expect(uses.by).toEqual([
    { ...by, dialect: 'tencent', count: 3 },
    { ...by, dialect: 'native', count: 1 },
  ])

  const total = await root.ok('uses-total', lastHour())
  expect(sum(total.points)).toBe(5)
  expect(total.keys).toEqual([
    { key, count: 4 },
    { key: other, count: 1 },
  ])
  expect((await root.ok('uses-total', lastHour(), { 'X-Keystead-Region': 'shanghai' })).points).toEqual([])

  await root.ok('alias-create', { name: 'relied', key })
  await keystead.ok('BindCloudResource', { KeyId: key, ProductId: 'cbs', ResourceId: 'disk' })
  const impact = await root.ok('key-impact', { key })
  expect(impact).toMatchObject({ bindings: 1, aliases: 1, grants: 0, dataKeys: 0 })
  expect(impact.uses[0]).toMatchObject({ ...by, dialect: 'tencent', count: 3, sources: ['127.0.0.1'] })
  expect(Date.parse(impact.uses[0].lastAt)).toBeGreaterThan(keystead.clock.now() - minuteMs)
  expect((await root.ok('key-impact', { key: other })).uses).toHaveLength(1)
})

test('what no statement lets a user read is not told, and a window is bounded', async () => {
  const { id: key } = (await root.ok('key-create', { name: 'untold' })).key
  const access = await addAccessKey(keystead, { principal: await addPrincipal(keystead) })
  const user = clientOf(keystead, await signIn(keystead, access))
  for (const [name, members] of [
    ['key-uses', { key, ...lastHour() }],
    ['uses-total', lastHour()],
    ['key-impact', { key }],
  ] as const)
    expect((await user.call(name, members)).status).toBe(403)
  const { from, to } = lastHour()
  for (const window of [
    { from: to, to: from, step: 'minute' },
    { from: '2000-01-01T00:00:00Z', to, step: 'minute' },
    { from: 'yesterday', to, step: 'day' },
  ])
    expect((await root.call('key-uses', { key, ...window })).status).toBe(400)
})
