/** Where tables are made: on a thread of slow cryptography, and the thread that serves requests has next to nothing of it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenSlowQueue, openSlowQueue } from '../../src/adapters/slow-queue/queue.ts'
import { newWhiteBoxKey } from '../../src/crypto/white-box/tables.ts'

let queue: OpenSlowQueue
beforeAll(() => {
  queue = openSlowQueue({ workers: 1, waitingMax: 10 })
})
afterAll(() => queue.close())

/** Milliseconds of this thread alone, which other threads and programs do not lengthen; the least of several times. */
const ownMilliseconds = async (work: () => unknown): Promise<number> => {
  const times: number[] = []
  for (let time = 0; time < 8; time++) {
    const before = process.threadCpuUsage()
    await work()
    const { user, system } = process.threadCpuUsage(before)
    times.push((user + system) / 1000)
  }
  return Math.min(...times)
}

test.each(['aes-256', 'sm4'] as const)(
  'the serving thread works less than 5 ms for tables of %s',
  async (algorithm) => {
    const beside = await ownMilliseconds(() => queue.run('makeWhiteBoxKey', { algorithm }))
    expect(beside).toBeLessThan(5)
    expect(beside).toBeLessThan((await ownMilliseconds(() => newWhiteBoxKey(algorithm))) / 2)
  },
)

test('two hundred devices are locked there too', async () => {
  const { encoding } = await queue.run('makeWhiteBoxKey', { algorithm: 'sm4' })
  const fingerprints = Array.from({ length: 200 }, (_, at) => `device ${at}`)
  const asked = { algorithm: 'sm4', encoding, fingerprints } as const
  expect(await ownMilliseconds(() => queue.run('lockEncoding', asked))).toBeLessThan(5)
  expect(await queue.run('lockEncoding', asked)).toHaveLength(24 + 200 * 48 + 4112)
})
