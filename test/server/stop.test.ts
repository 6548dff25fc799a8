import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { signedCall } from '../harness/keystead.ts'
import { credentialsOf, serving } from './child.ts'
import { newData } from './folders.ts'

const now = () => Math.floor(Date.now() / 1000)

/** A running program, and a way to call it. */
const running = async (data: string) => {
  const child = serving(data)
  const endpoint = await child.endpoint
  const { tencent } = credentialsOf(data)
  const call = (action: string, members: object) => signedCall(endpoint, tencent, now(), action, members)
  return { child, call }
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s answers what is under way and ends with 0', async (signal) => {
  const data = newData()
  const { child, call } = await running(data)
  const keys = await Promise.all(Array.from({ length: 8 }, (_, n) => call('CreateKey', { Alias: `key-${n}`, Type: 2 })))
  const parameters = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }
  // More than there are pairs ready: the rest waits for RSA keys to be made.
  const underWay = keys.map(({ response: { KeyId } }) => call('GetParametersForImport', { KeyId, ...parameters }))
  await sleep(100)
  child.process.kill(signal)
  for (const { code, response } of await Promise.all(underWay)) {
    expect(code).toBeUndefined()
    expect(response.PublicKey).toBeDefined()
  }
  expect(await child.exited).toMatchObject({ code: 0, signal: null, stderr: '' })
})

test('SIGTERM under load ends soon, and everything that was answered is there afterwards', async () => {
  const data = newData()
  const { child, call } = await running(data)
  const made: string[] = []
  const client = async (name: number) => {
    for (let n = 0; ; n++) {
      const { response, code } = await call('CreateKey', { Alias: `key-${name}-${n}` })
      expect(code).toBeUndefined()
      made.push(response.KeyId)
    }
  }
  const load = Array.from({ length: 8 }, (_, name) => client(name).catch((error) => error))
  await sleep(400)
  const begun = performance.now()
  const { code, stderr } = await child.stop()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(performance.now() - begun).toBeLessThan(5000)
  for (const error of await Promise.all(load))
    expect(error).toMatchObject({ code: expect.stringMatching(/^ECONN|^EPIPE/) })

  expect(made.length).toBeGreaterThan(20)
  const again = await running(data)
  for (let from = 0; from < made.length; from += 100) {
    const KeyIds = made.slice(from, from + 100)
    const { response } = await again.call('DescribeKeys', { KeyIds })
    expect(response.KeyMetadatas.map((key: { KeyId: string }) => key.KeyId)).toEqual(KeyIds)
  }
  await again.child.stop()
})

test('a second signal does not wait', async () => {
  const { child } = await running(newData())
  child.process.kill('SIGTERM')
  child.process.kill('SIGINT')
  const { code, signal } = await child.exited
  expect([0, 1]).toContain(code)
  expect(signal).toBeNull()
})
