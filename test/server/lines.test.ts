/** Answers that come piece by piece. */

import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Answer } from '../../src/contract/serve.ts'
import { createHttpServer, type HttpServer } from '../../src/http/server.ts'
import { trustedProxies } from '../../src/http/source.ts'
import { newFolder } from './folders.ts'

const faults: unknown[] = []
const returned: string[] = []
let server: HttpServer
let socketPath: string

async function* pieces(fail: boolean, endless: boolean): AsyncGenerator<string> {
  try {
    for (let n = 0; n < 1000 || endless; n++) {
      if (fail && n === 500) throw new Error('it broke off')
      yield `${n} ${'x'.repeat(1000)}\n`
    }
  } finally {
    returned.push(fail ? 'failed' : endless ? 'endless' : 'whole')
  }
}

beforeAll(async () => {
  socketPath = join(newFolder(), 's')
  const answer = async ({ head }: { head: { path: string } }): Promise<Answer> => ({
    status: 200,
    contentType: 'application/jsonl',
    body: pieces(head.path === '/fail', head.path === '/endless'),
  })
  const services = [{ name: 'pieces', recognises: () => true, answer }]
  const onFault = (error: unknown) => faults.push(error)
  server = createHttpServer({ services, trusted: trustedProxies([]), connectionsPerSource: 8, tls: undefined, onFault })
  await server.listenFile(socketPath)
})
afterAll(() => server.drain(1000))

const get = (path: string, until = Number.POSITIVE_INFINITY): Promise<{ text: string; whole: boolean }> =>
  new Promise((resolve) => {
    let text = ''
    const sent = request({ socketPath, path, agent: false }, (response) => {
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
        if (text.length > until) sent.destroy()
      })
      response.on('close', () => resolve({ text, whole: response.complete }))
      response.on('error', () => {})
    })
    sent.on('error', () => {})
    sent.end()
  })

test('arrive whole, in their order', async () => {
  const { text, whole } = await get('/')
  expect(whole).toBe(true)
  expect(text.trimEnd().split('\n')).toHaveLength(1000)
})

test('are not taken for whole where their source fails in the middle, and the fault is told', async () => {
  expect((await get('/fail')).whole).toBe(false)
  expect(faults).toMatchObject([{ message: 'it broke off' }])
})

test('end at their source when the client goes away, which is no fault', async () => {
  await get('/endless', 100_000)
  await expect.poll(() => returned.includes('endless')).toBe(true)
  expect(faults).toHaveLength(1)
})
