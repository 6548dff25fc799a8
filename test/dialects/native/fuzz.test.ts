/** Whatever is sent by whoever may do everything, what comes back is as the OpenAPI document says: no fault, no stack. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { captureStderr } from '../../harness/stderr.ts'
import { asker, documentOf, requestsOf, seeded, wrongWith } from './fuzzing.ts'

const stderr = captureStderr()
let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead({ settings: { logLevel: 'warn' } })
})
afterAll(async () => {
  await keystead.end()
  stderr.release()
})

test('requests of every kind', async () => {
  const requests = requestsOf(await documentOf(keystead), await seeded(keystead))
  const ask = asker(keystead)
  const answered = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(requests, async (asked) => {
      const answer = await ask(asked)
      answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1)
      expect(wrongWith(answer), JSON.stringify(asked)).toBeUndefined()
    }),
    { interruptAfterTimeLimit: 8000, numRuns: 1500 },
  )
  // It got somewhere: a fuzz whose every request is malformed finds nothing.
  for (const status of [200, 400, 404]) expect(answered.get(status) ?? 0, String(status)).toBeGreaterThan(10)
  expect(stderr.text()).not.toMatch(/a call failed on our side/)
}, 60_000)
