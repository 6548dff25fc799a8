import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startWorker } from '../../src/adapters/worker.ts'

test('the young generation of a thread is small, whatever the process was told of its own', async () => {
  const [bytes] = await once(startWorker(import.meta.url, 'garbage'), 'message')
  expect(bytes).toBeLessThanOrEqual(2 * 2 * 1024 * 1024)
})
