import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { Exchange, Service } from '../../src/contract/serve.ts'
import { createHttpServer, type HttpServer, type Timeouts } from '../../src/http/server.ts'
import { trustedProxies } from '../../src/http/source.ts'

const quick: Timeouts = { headers: 150, request: 300, look: 20 }
const slow: Timeouts = { headers: 10_000, request: 10_000, look: 1000 }

let server: HttpServer | undefined
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server?.drain(1000)
})

const echo = async ({ head, body }: Exchange) => {
  const bytes = await body(1000, async () => true)
  const text = typeof bytes === 'string' ? bytes : `${head.method} ${head.path} ${Buffer.from(bytes)}`
  return { status: 200, contentType: 'text/plain', body: text }
}

const start = async (timeouts: Timeouts, answer: Service['answer'] = echo, connectionsPerSource = 100) => {
  const faults: unknown[] = []
  const settings = { trusted: trustedProxies([]), connectionsPerSource, tls: undefined }
  const services = [{ name: 'all', recognises: () => true, answer }]
  server = createHttpServer({ ...settings, services, onFault: (fault) => faults.push(fault) }, timeouts)
  const port = await server.listen('127.0.0.1', 0)
  return { port, server, faults }
}

interface Raw {
  readonly socket: Socket
  /** Everything that came, once the server closed the connection. */
  readonly closed: Promise<string>
}

const open = async (port: number, text: string): Promise<Raw> => {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(received)))
  await Promise.race([new Promise<void>((resolve) => socket.on('connect', () => resolve())), closed])
  if (!socket.destroyed) socket.write(text)
  return { socket, closed }
}

const head = 'POST /here HTTP/1.1\r\nHost: localhost\r\n'

describe('what is no HTTP is told so and the connection closed', () => {
  test.each([
    ['bytes of no protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a line that is none', 'hello\r\n\r\n'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost localhost\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two lengths', `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    [
      'a length and chunks, which a proxy may read the other way',
      `${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a length that is none', `${head}Content-Length: -1\r\n\r\n`],
    ['a chunk without a length', `${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
    ['a line feed where the standard wants two characters', 'GET / HTTP/1.1\nHost: localhost\n\n'],
  ])('%s', async (_name, text) => {
    const { port } = await start(slow)
    const { closed } = await open(port, text)
    expect(await closed).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  })

  test('and others are served as before', async () => {
    const { port, faults } = await start(slow)
    await (await open(port, '\0\0\0\0\r\n\r\n')).closed
    const { closed } = await open(port, `${head}Connection: close\r\nContent-Length: 2\r\n\r\nhi`)
    expect(await closed).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*POST \/here hi$/)
    expect(faults).toEqual([])
  })
})

test.each([
  ['many headers', Array.from({ length: 1000 }, (_, n) => `X-${n}: ${'v'.repeat(70)}\r\n`).join('')],
  ['one header', `X: ${'v'.repeat(66_000)}\r\n`],
])('%s beyond 64 KiB are refused by 431', async (_name, headers) => {
  const { port } = await start(slow)
  const { closed } = await open(port, `${head}${headers}\r\n`)
  expect(await closed).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
})

test('60 KiB of headers are read', async () => {
  const { port } = await start(slow)
  const { closed } = await open(
    port,
    `${head}X: ${'v'.repeat(60_000)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  )
  expect(await closed).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
})

describe('who is too slow is let go', () => {
  test.each([
    ['that says nothing', ''],
    ['that never ends its headers', `${head}X-Slow: `],
  ])('a client %s', async (_name, text) => {
    const { port } = await start(quick)
    const begun = performance.now()
    const { closed } = await open(port, text)
    expect(await closed).toMatch(/^(HTTP\/1\.1 408 Request Timeout\r\n|$)/)
    expect(performance.now() - begun).toBeGreaterThan(100)
  })

  test('a client that sends a header byte now and then', async () => {
    const { port } = await start(quick)
    const { socket, closed } = await open(port, head)
    const dripping = setInterval(() => socket.write('X'), 30)
    await closed
    clearInterval(dripping)
  })

  test('a client that sends a body byte now and then', async () => {
    const { port, faults } = await start(quick)
    const { socket, closed } = await open(port, `${head}Content-Length: 900\r\n\r\n`)
    const dripping = setInterval(() => socket.write('b'), 30)
    expect(await closed).toMatch(/^HTTP\/1\.1 (408|503) /)
    clearInterval(dripping)
    expect(faults).toEqual([])
  })

  test('a service that does not answer in time is answered for, once', async () => {
    const { port } = await start(quick, () => new Promise(() => {}))
    const { socket, closed } = await open(port, `${head}Content-Length: 0\r\n\r\n`)
    setTimeout(() => socket.end(), 600)
    const received = await closed
    expect(received).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/)
    expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1)
  })

  test('and who is quick enough is not', async () => {
    const { port } = await start(quick)
    const { socket, closed } = await open(port, head)
    await sleep(50)
    socket.write('Content-Length: 2\r\n\r\n')
    await sleep(50)
    socket.write('hi')
    await sleep(20)
    socket.end()
    expect(await closed).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*hi$/)
  })
})

test('a source has so many connections and no more, until it closes one', async () => {
  const { port } = await start(slow, echo, 2)
  const first = await open(port, '')
  const second = await open(port, '')
  const third = await open(port, `${head}Content-Length: 0\r\n\r\n`)
  expect(await third.closed).toBe('')
  first.socket.destroy()
  await sleep(50)
  const fourth = await open(port, `${head}Connection: close\r\nContent-Length: 0\r\n\r\n`)
  expect(await fourth.closed).toMatch(/^HTTP\/1\.1 200 OK/)
  second.socket.destroy()
})

test('a body beyond what anybody may send and what a service takes is told so without being read', async () => {
  const { port } = await start(slow)
  const { closed } = await open(port, `${head}Content-Length: 65537\r\n\r\n`)
  const received = await closed
  expect(received).toMatch(/\r\nConnection: close\r\n[\s\S]*tooLarge$/)
})

test('a small body beyond what a service takes is told so once it has come, and the connection goes on', async () => {
  const { port } = await start(slow)
  const { socket, closed } = await open(port, `${head}Content-Length: 1001\r\n\r\n${'x'.repeat(1001)}`)
  await sleep(50)
  socket.end(`${head}Content-Length: 2\r\n\r\nhi`)
  expect(await closed).toMatch(/tooLarge[\s\S]*hi$/)
})

test('who goes away in the middle of a small body is asked nothing and answered nothing', async () => {
  const asked: Exchange[] = []
  const { port, faults } = await start(slow, (exchange) => {
    asked.push(exchange)
    return echo(exchange)
  })
  const { socket, closed } = await open(port, `${head}Content-Length: 10\r\n\r\nhalf`)
  await sleep(50)
  socket.destroy()
  await closed
  expect([asked, faults]).toEqual([[], []])
})

test('a service that fails is a fault, and its caller hears nothing of it', async () => {
  const { port, faults } = await start(slow, () => Promise.reject(new Error('a secret')))
  const { closed } = await open(port, `${head}Content-Length: 0\r\n\r\n`)
  expect(await closed).toBe('')
  expect(faults).toEqual([Error('a secret')])
})

describe('a server that drains', () => {
  /** A service whose answers wait until they are let go. */
  const held = () => {
    const gate = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const answer: Service['answer'] = async (exchange) => {
      asked.resolve()
      await gate.promise
      return echo(exchange)
    }
    return { answer, asked: asked.promise, release: gate.resolve }
  }
  const request = `${head}Content-Length: 2\r\n\r\nhi`

  test('answers what is under way, closes its connection, and takes no new one', async () => {
    const { answer, asked, release } = held()
    const { port, server: draining } = await start(slow, answer)
    const busy = await open(port, request)
    await asked
    const idle = await open(port, '')
    await sleep(50)
    const begun = performance.now()
    const drained = draining.drain(5000)
    expect(await idle.closed).toBe('')
    await expect(open(port, '').then(({ closed }) => Promise.race([closed, sleep(200, 'open')]))).resolves.toBe('')
    release()
    expect(await busy.closed).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\nConnection: close\r\n[\s\S]*hi$/)
    await drained
    expect(performance.now() - begun).toBeLessThan(2000)
  })

  test('does not wait for a client that keeps its connection busy', async () => {
    const { port, server: draining } = await start(slow)
    const { socket, closed } = await open(port, request)
    socket.on('data', () => socket.write(request))
    await sleep(50)
    const begun = performance.now()
    await draining.drain(5000)
    expect(performance.now() - begun).toBeLessThan(2000)
    await closed
  })

  test('waits so long and no longer', async () => {
    const { port, server: draining } = await start(slow, () => new Promise(() => {}))
    const { closed } = await open(port, request)
    await sleep(50)
    const begun = performance.now()
    await draining.drain(300)
    expect(performance.now() - begun).toBeGreaterThan(250)
    expect(performance.now() - begun).toBeLessThan(2000)
    expect(await closed).toBe('')
  })
})
