/** Several processes of one machine that serve from one data folder, as an operator starts them. */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { verifyJournal } from '../../src/adapters/audit-log/verify.ts'
import { signedCall } from '../harness/keystead.ts'
import { type Child, credentialsOf, keystead, serving } from './child.ts'
import { newData } from './folders.ts'

const workersOf = ({ process: { pid } }: Child): number[] => {
  try {
    return execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .map(Number)
      .filter((id) => id > 0)
  } catch {
    return []
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('two workers', () => {
  const data = newData()
  let child: Child
  let endpoint: string
  /** A connection of its own each time: the system gives it to one worker or the other. */
  const call = (action: string, members: object) => {
    const now = Math.floor(Date.now() / 1000)
    return signedCall(endpoint, credentialsOf(data).tencent, now, action, members, { headers: { Connection: 'close' } })
  }
  beforeAll(async () => {
    child = serving(data, '--workers', '2')
    endpoint = await child.endpoint
    await vi.waitFor(() => expect(workersOf(child)).toHaveLength(2), 20_000)
    await vi.waitFor(() => expect(readdirSync(data)).toContain('audit-2'), 20_000)
  })
  afterAll(() => child.stop())

  test('answer from one state: what one took away no request sent after that gets from the other', async () => {
    const { response } = await call('CreateKey', { Alias: 'shared' })
    const use = () => call('Encrypt', { KeyId: response.KeyId, Plaintext: 'aGVsbG8=' })
    for (let round = 0; round < 5; round += 1) {
      expect((await Promise.all(Array.from({ length: 8 }, use))).map(({ code }) => code)).toEqual(
        Array(8).fill(undefined),
      )
      expect((await call('DisableKey', { KeyId: response.KeyId })).code).toBeUndefined()
      const after = await Promise.all(Array.from({ length: 8 }, use))
      expect(after.map(({ code }) => code)).toEqual(Array(8).fill('ResourceUnavailable.CmkDisabled'))
      expect((await call('EnableKey', { KeyId: response.KeyId })).code).toBeUndefined()
    }
    // Both took part, each with a whole journal of its own.
    const verdicts = await Promise.all(['audit', 'audit-2'].map((name) => verifyJournal(join(data, name))))
    for (const verdict of verdicts) expect(verdict).toMatchObject({ whole: true })
    for (const verdict of verdicts) expect(verdict.whole && verdict.entries).toBeGreaterThan(5)
  })

  test('are started again: one that was killed, and one that says nothing any more', async () => {
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      const [first = 0, second = 0] = workersOf(child)
      process.kill(second, signal)
      await expect.poll(() => isAlive(second), { timeout: 20_000 }).toBe(false)
      await expect.poll(() => workersOf(child).length, { timeout: 20_000 }).toBe(2)
      expect(workersOf(child)).toContain(first)
      await expect
        .poll(() => call('ListKeys', {}).then(({ code }) => code, String), { timeout: 20_000 })
        .toBeUndefined()
    }
    expect(child.stderr()).toMatch(/worker \d ended \(SIGKILL\); it is started again/)
  }, 60_000)

  test('are reached by the operator as one server', async () => {
    const status = await keystead(['status', '--json', '--data', data]).exited
    expect(JSON.parse(status.stdout)).toMatchObject({ journalHealthy: true })
    const second = await keystead(['serve', '--data', data, '--port', '0']).exited
    expect(second.stderr).toContain('another Keystead server is using this data folder')
  })

  test('share their port with no other server', async () => {
    const { port } = new URL(endpoint)
    for (const more of [[], ['--workers', '2']]) {
      const { code, stderr } = await keystead(['serve', '--init', '--data', newData(), '--port', port, ...more]).exited
      expect([code, stderr]).toEqual([1, expect.stringContaining(`127.0.0.1:${port} is in use`)])
    }
  })
})

test('workers end with the process that started them, however that ends', async () => {
  const data = newData()
  for (const end of ['SIGTERM', 'SIGKILL'] as const) {
    const child = serving(data, '--workers', '2')
    await child.endpoint
    await expect.poll(() => workersOf(child).length, { timeout: 20_000 }).toBe(2)
    const workers = workersOf(child)
    child.process.kill(end)
    expect(await child.exited).toMatchObject(end === 'SIGTERM' ? { code: 0 } : { signal: 'SIGKILL' })
    await expect.poll(() => workers.some(isAlive), { timeout: 20_000 }).toBe(false)
  }
  const again = serving(data)
  await again.endpoint
  expect((await again.stop()).code).toBe(0)
}, 60_000)
