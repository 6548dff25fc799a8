import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { BlockList } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { consolePages } from '../../src/http/console.ts'
import { createHttpServer } from '../../src/http/server.ts'
import { exchange } from '../harness/http.ts'
import { startKeystead, temporaryFolder } from '../harness/keystead.ts'

const home = temporaryFolder()
const folder = join(home, 'dist')
const progress = join(home, 'build.json')

const serverOf = (settings: Parameters<typeof consolePages>[0]) =>
  createHttpServer({
    services: [consolePages(settings)],
    trusted: new BlockList(),
    connectionsPerSource: 16,
    tls: undefined,
    onFault(error) {
      throw error
    },
  })

const server = serverOf({ folder, progress })
let endpoint = ''
beforeAll(async () => {
  endpoint = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`
})
afterAll(async () => {
  await server.drain(0)
  rmSync(home, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  exchange(endpoint, { method, path, headers })

const build = () => {
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<p nonce="__NONCE__">console</p>')
  writeFileSync(join(folder, 'assets', 'a-1.js'), 'script')
  writeFileSync(join(folder, 'assets', 'a-1.js.br'), 'brotli')
  writeFileSync(join(folder, 'assets', 'a-1.js.gz'), 'gzip')
  writeFileSync(join(folder, 'mark.svg'), '<svg/>')
  writeFileSync(join(home, 'secret.js'), 'not to be had')
  writeFileSync(join(folder, '.sources'), 'not to be had')
}

describe('the console that was built', () => {
  beforeAll(build)
  afterAll(() => rmSync(folder, { recursive: true }))

  it('is one page for every path, with a nonce of its own each time, and is never kept', async () => {
    const pages = await Promise.all(['/console', '/console/', '/console/keys/1.2?tab=use'].map((path) => get(path)))
    const nonces = pages.map(({ status, headers, body }) => {
      const nonce = /nonce="([^"]{24})"/.exec(body)?.[1] ?? 'none'
      expect([status, headers['cache-control']]).toEqual([200, 'no-store'])
      expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}';`)
      return nonce
    })
    expect(new Set(nonces).size).toBe(3)
  })

  it('lets no script in but its own files, and nobody frame it', async () => {
    const { headers } = await get('/console/')
    const policy = String(headers['content-security-policy'])
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]),
    )
    expect(policy).not.toContain('unsafe')
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })

  it('has files that are kept for ever, in the best form that the client takes', async () => {
    const path = '/console/assets/a-1.js'
    expect((await get(path)).body).toBe('script')
    expect((await get(path, { 'Accept-Encoding': 'gzip, deflate' })).body).toBe('gzip')
    const { headers, body } = await get(path, { 'Accept-Encoding': 'gzip, deflate, br' })
    expect([body, headers['content-encoding'], headers.vary]).toEqual(['brotli', 'br', 'Accept-Encoding'])
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect((await get('/console/mark.svg')).headers['cache-control']).toBe('no-cache')
  })

  it('answers HEAD without a body, and no method that would change something', async () => {
    const head = await get('/console/assets/a-1.js', {}, 'HEAD')
    expect([head.status, head.headers['content-length'], head.body]).toEqual([200, '6', ''])
    const post = await get('/console/', {}, 'POST')
    expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD'])
  })

  it.each([
    '/console/assets/gone.js',
    '/console/assets/../../secret.js',
    '/console/assets/..%2f..%2fsecret.js',
    '/console/assets/a-1.js.br',
    '/console/assets/.a.js',
    '/console/assets//a-1.js',
    '/console/gone.css',
  ])('has nothing at %s', async (path) => {
    const { status, body } = await get(path)
    expect([status, body]).toEqual([404, 'Not found\n'])
  })

  it.each(['/console/../secret.js', '/console/.sources', '/console/%2e%2e/secret.js'])(
    'is its page, and no file, at %s',
    async (path) => {
      expect((await get(path)).body).toContain('>console</p>')
    },
  )

  it('is not what its name only begins', async () => {
    expect((await get('/consoles')).status).toBe(404)
  })
})

describe('a console that is not there', () => {
  afterEach(() => rmSync(progress, { force: true }))
  const tell = (told: object) => writeFileSync(progress, JSON.stringify(told))

  it('says that it is being built, and comes again by itself', async () => {
    tell({ state: 'building', process: process.pid })
    const { status, headers, body } = await get('/console/keys')
    expect([status, headers.refresh, headers['retry-after']]).toEqual([503, '3', '3'])
    expect(body).toContain('is being built')
  })

  it('says why its build failed, as text, and how to go on', async () => {
    tell({ state: 'failed', why: 'npm ci failed <script>', process: 1 })
    const { status, headers, body } = await get('/console')
    expect([status, headers.refresh]).toEqual([503, undefined])
    expect(body).toContain('npm ci failed &lt;script&gt;')
    expect(body).toContain('npm run build:console')
  })

  it('says that its build ended, where whoever built it is gone', async () => {
    tell({ state: 'building', process: 2 ** 22 + 1 })
    expect((await get('/console')).body).toContain('ended before it was done')
  })

  it('says that nobody built it', async () => {
    expect((await get('/console')).body).toContain('not built yet')
  })

  it('is not there in a package that was made without it', async () => {
    const pages = consolePages({ folder })
    const head = { method: 'GET', path: '/console', query: '', headers: {}, source: '', secure: false }
    const { status, body } = await pages.answer({ head, body: async () => new Uint8Array() })
    expect([status, String(body).includes('made without it')]).toEqual([404, true])
  })
})

it('a server has its console unless it is told not to', async () => {
  for (const [setting, found] of [
    [true, 200],
    [false, 404],
  ] as const) {
    const keystead = await startKeystead({ settings: { console: setting } })
    expect((await exchange(keystead.endpoint, { method: 'GET', path: '/console' })).status).toBe(found)
    await keystead.end()
  }
})
