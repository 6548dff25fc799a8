import { afterEach, describe, expect, test } from 'vitest'
import { iam } from '../../src/dialects/huawei/iam/index.ts'
import { huawei } from '../../src/dialects/huawei/index.ts'
import { native } from '../../src/dialects/native/index.ts'
import { tencent } from '../../src/dialects/tencent/index.ts'
import { Admission, type AdmissionBounds } from '../../src/http/admission.ts'
import { health } from '../../src/http/health.ts'
import { createHttpServer, type HttpServer } from '../../src/http/server.ts'
import { trustedProxies } from '../../src/http/source.ts'
import { exchange } from '../harness/http.ts'

const bounds: AdmissionBounds = { longMs: 25, patienceMs: 100, longestMs: 110, turnMs: 10, turnLeast: 2 }

/** An admission whose clock is the test's. */
const opened = () => {
  let at = 0
  const admission = new Admission(bounds, () => at)
  /** One turn in which so many requests arrive, each of which takes so long; how many of them were taken on. */
  const turn = (requests: number, eachMs: number, readMs = 0): number => {
    let taken = 0
    admission.begin()
    at += readMs
    for (let each = 0; each < requests; each++) {
      if (!admission.admits()) continue
      taken += 1
      at += eachMs
    }
    admission.end(requests - taken)
    return taken
  }
  return { turn }
}

describe('where more arrives than can be answered', () => {
  test('a burst that is worked off within the patience is taken on whole', () => {
    const { turn } = opened()
    expect(turn(100, 1)).toBe(100)
    expect(turn(90, 1)).toBe(90)
    expect(turn(1, 1)).toBe(1)
    expect(turn(100, 1)).toBe(100)
  })

  test('one pause, however long, sheds nothing', () => {
    const { turn } = opened()
    expect(turn(1, 10_000)).toBe(1)
    expect(turn(100, 1)).toBe(100)
  })

  test('once turns were too long for the patience, each takes on what it has time for', () => {
    const { turn } = opened()
    turn(60, 1)
    turn(60, 1)
    turn(60, 1)
    expect(turn(60, 1)).toBe(11)
    expect(turn(1000, 1)).toBe(11)
    expect(turn(60, 0.5)).toBe(21)
  })

  test('what reading took is not taken from the time for requests, and makes a turn long', () => {
    const { turn } = opened()
    for (let round = 0; round < 3; round++) turn(5, 1, 50)
    expect(turn(60, 1, 50)).toBe(11)
  })

  test('one turn takes on no more than it can within the longest that a turn may be, reading included', () => {
    const read = opened()
    expect(read.turn(1000, 1, 60)).toBe(51)
    const { turn } = opened()
    expect(turn(1000, 1)).toBe(111)
    expect(turn(1000, 1)).toBe(11)
  })

  test('every turn takes on so many, however slow each of them is', () => {
    const { turn } = opened()
    for (let round = 0; round < 3; round++) turn(10, 100)
    expect(turn(10, 100)).toBe(2)
  })

  test('the first turn that has time for all ends it, and it takes the patience again to begin', () => {
    const { turn } = opened()
    for (let round = 0; round < 3; round++) turn(60, 1)
    expect(turn(60, 1)).toBe(11)
    expect(turn(10, 1)).toBe(10)
    expect(turn(60, 1)).toBe(60)
    expect(turn(60, 1)).toBe(60)
    expect(turn(60, 1)).toBe(60)
    expect(turn(60, 1)).toBe(11)
  })

  test('turns that are not long never begin it, however many requests there are', () => {
    const { turn } = opened()
    for (let round = 0; round < 100; round++) expect(turn(250, 0.09)).toBe(250)
  })
})

describe('who is told to come back is told so in the words of its cloud', () => {
  const head = { method: 'POST', path: '/', query: '', headers: {}, source: '192.0.2.1', secure: false }
  const dialects = [
    [tencent({ regions: [], defaultRegion: '' }), 200, '"Code":"RequestLimitExceeded"'],
    [huawei({ defaultRegion: '' }), 429, '"error_code":"APIG.0308"'],
    [iam, 429, '"error_code":"429"'],
    [native({ actions: [], defaultRegion: '' }), 429, '"type":"tooManyRequests"'],
  ] as const
  test.each(dialects.map((row) => [row[0].name, ...row] as const))('%s', (_name, dialect, status, code) => {
    const answer = dialect.throttled(head, 'the-request')
    expect(answer.status).toBe(status)
    expect(answer.body).toContain(code)
    expect(answer.body).toContain('the-request')
  })
})

describe('a server that has too much to do', () => {
  let server: HttpServer | undefined
  afterEach(() => server?.drain(1000))

  /** Every turn of it is too long, and none has room for a request. */
  const always: AdmissionBounds = { longMs: -1, patienceMs: 0, longestMs: 0, turnMs: -1, turnLeast: 0 }
  const probes = health({ unready: () => undefined, metrics: async () => '' })
  const text = (body: string) => ({ status: 200, contentType: 'text/plain', body })

  const start = async () => {
    const asked: string[] = []
    const service = {
      name: 'all',
      recognises: () => true,
      answer: async ({ head }: { head: { path: string } }) => {
        asked.push(head.path)
        return text('done')
      },
      shed: () => text('come back'),
    }
    const settings = { trusted: trustedProxies([]), connectionsPerSource: 8, tls: undefined, onFault: () => {} }
    server = createHttpServer({ ...settings, services: [probes, service], admission: new Admission(always) })
    const port = await server.listen('127.0.0.1', 0)
    return { endpoint: `http://127.0.0.1:${port}`, asked }
  }
  const ask = (endpoint: string, path: string, body = '') =>
    exchange(endpoint, { method: body === '' ? 'GET' : 'POST', path, headers: {}, body })

  test('tells requests to come back, asks no service, and answers whether it is alive', async () => {
    const { endpoint, asked } = await start()
    const later = await ask(endpoint, '/later', 'x'.repeat(1000))
    expect([later.body, later.headers.connection]).toEqual(['come back', 'keep-alive'])
    expect((await ask(endpoint, '/livez')).body).toBe('ok\n')
    expect(asked).toEqual([])
  })

  test('closes the connection of who sends much', async () => {
    const { endpoint } = await start()
    const later = await ask(endpoint, '/later', 'x'.repeat(70_000))
    expect([later.body, later.headers.connection]).toEqual(['come back', 'close'])
  })
})
