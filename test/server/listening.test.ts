import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createHttpServer, type HttpServer } from '../../src/http/server.ts'
import { trustedProxies } from '../../src/http/source.ts'

let server: HttpServer | undefined
let busy = false
afterEach(async () => {
  busy = false
  await server?.drain(1000)
})

const start = async (): Promise<number> => {
  const answer = async () => ({ status: 200, contentType: 'text/plain', body: 'done' })
  const services = [{ name: 'all', recognises: () => true, answer }]
  const settings = { trusted: trustedProxies([]), connectionsPerSource: 1000, tls: undefined, onFault: () => {} }
  server = createHttpServer({ ...settings, services })
  return server.listen('127.0.0.1', 0)
}

/** Turns of the event loop from here on, each of them as long as a busy server's; counted. */
const longTurns = (): { count: number } => {
  const turns = { count: 0 }
  busy = true
  const work = () => {
    for (const from = performance.now(); performance.now() - from < 3; );
    turns.count += 1
    if (busy) setImmediate(work)
  }
  setImmediate(work)
  return turns
}

/** Asks from a connection of its own, and waits for the answer. */
const ask = async (port: number): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  let received = ''
  for await (const chunk of socket) received += chunk
  return received
}

describe('new connections beside a busy server', () => {
  // Elsewhere one socket listens, and they wait a turn each.
  test.runIf(process.platform === 'linux')('wait for each other a sixteenth of a turn, not a whole one', async () => {
    const port = await start()
    const turns = longTurns()
    const answers = await Promise.all(Array.from({ length: 320 }, () => ask(port)))
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 200 .*done$/s)
    expect(turns.count).toBeLessThan(100)
  })

  test('are refused as soon as it stops, by whichever socket they would come, and who is there is answered', async () => {
    const port = await start()
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nha')
    // The server has it under way.
    await ask(port)
    const over = server?.drain(5000)
    for (let each = 0; each < 32; each++) await expect(ask(port)).rejects.toThrow('ECONNREFUSED')
    socket.write('lf')
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 /)
    await over
  })
})
