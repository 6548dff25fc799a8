/**
 * `node scripts/screenshots.ts`: makes docs/images/ anew, the console's main pages as they are served by a real server with a
 * day of calls behind it. Needs Chromium and a console that is built.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser, openPage } from '../test/harness/browser.ts'
import { MovableClock } from '../test/harness/clock.ts'
import { type AccessKey, startKeystead, type TestKeystead } from '../test/harness/keystead.ts'
import { clientOf, signIn } from '../test/harness/native.ts'

const folder = join(import.meta.dirname, '..', 'docs', 'images')
const hourMs = 3_600_000

const names = ['search-index', 'partner-transfer', 'backups', 'session-tokens', 'customer-exports', 'invoice-archive']

/** Allows what a program needs, and nothing else. */
const useOf = (actions: readonly string[]): string =>
  JSON.stringify({ version: '2.0', statement: [{ effect: 'allow', action: actions, resource: '*' }] })

interface Made {
  /** The key that the pictures are of. */
  readonly key: string
  readonly programs: readonly AccessKey[]
}

const makeKeys = async (keystead: TestKeystead): Promise<string> => {
  const api = clientOf(keystead, await signIn(keystead))
  for (const name of names) await api.ok('key-create', { name })
  await api.ok('key-create', { name: 'release-signing', algorithm: 'ec-p256', usage: 'signVerify' })
  await api.ok('key-create', { name: 'brought-from-hsm', origin: 'imported' })
  const tags = [
    { key: 'team', value: 'orders' },
    { key: 'environment', value: 'production' },
  ]
  const rotation = { enabled: true, periodDays: 90 }
  const description = 'Data keys of the orders database'
  const { key } = await api.ok('key-create', { name: 'orders-database', description, tags, rotation })
  await api.ok('alias-create', { name: 'alias/orders', key: key.id })
  const { keys } = await api.ok('key-list')
  const idOf = (name: string) => keys.find((each: { name: string }) => each.name === name).id
  await api.ok('key-suspend', { key: idOf('backups') })
  await api.ok('key-schedule-destruction', { key: idOf('invoice-archive'), days: 14 })
  return key.id
}

const makePrograms = async (keystead: TestKeystead): Promise<AccessKey[]> => {
  const api = clientOf(keystead, await signIn(keystead))
  const programs: AccessKey[] = []
  for (const name of ['orders-service', 'reports']) {
    await api.ok('user-create', { name })
    const document = useOf(['kms:Encrypt', 'kms:Decrypt'])
    await api.ok('policy-attach', { user: name, name: 'use-keys', language: 'tencent', document })
    const { id, secret } = await api.ok('access-key-create', { user: name })
    programs.push({ secretId: id, secretKey: secret })
  }
  return programs
}

/** A day of calls, more of them in the middle. */
const liveThrough = async (keystead: TestKeystead, clock: MovableClock, { key, programs }: Made): Promise<void> => {
  for (let hour = 0; hour < 26; hour++) {
    if (hour === 13) await keystead.ok('RotateKey', { KeyId: key })
    const calls = Math.round(9 + 7 * Math.sin((hour - 6) / 4))
    for (let call = 0; call < calls; call++) {
      const program = programs[call % 5 === 0 ? 1 : 0]
      if (program) await keystead.ok('Encrypt', { KeyId: key, Plaintext: 'aGVsbG8=' }, { key: program })
    }
    clock.pass(hourMs)
  }
}

interface Picture extends BrowserContextOptions {
  readonly name: string
  readonly path: string
}

const desk = { viewport: { width: 1280, height: 800 }, locale: 'en-GB', colorScheme: 'light' } as const
const phone = { viewport: { width: 390, height: 780 }, locale: 'en-GB', colorScheme: 'light' } as const

const pictures = (key: string): Picture[] => [
  { ...desk, name: 'keys', path: '/' },
  { ...desk, name: 'keys-dark', path: '/', colorScheme: 'dark' },
  { ...desk, name: 'keys-chinese', path: '/', locale: 'zh-CN' },
  { ...phone, name: 'keys-phone', path: '/' },
  { ...desk, name: 'key', path: `/keys/${key}` },
  { ...desk, name: 'use-dark', path: `/keys/${key}?tab=use`, colorScheme: 'dark' },
  { ...desk, name: 'clouds', path: `/keys/${key}?tab=clouds` },
  { ...desk, name: 'danger', path: `/keys/${key}?tab=danger` },
  { ...desk, name: 'danger-chinese', path: `/keys/${key}?tab=danger`, locale: 'zh-CN' },
  { ...phone, name: 'use-phone', path: `/keys/${key}?tab=use` },
  { ...desk, name: 'user', path: '/users/orders-service' },
  { ...desk, name: 'audit', path: '/audit' },
  { ...desk, name: 'system', path: '/system' },
  { ...desk, name: 'connect', path: `/connect?key=${key}` },
]

/** Playwright writes no WebP; the browser does, at a third of the size of PNG. */
const capture = async (page: Page, name: string): Promise<void> => {
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 70 })
  writeFileSync(join(folder, `${name}.webp`), Buffer.from(data, 'base64'))
}

const letIn = async (page: Page, { endpoint, credentials }: TestKeystead): Promise<void> => {
  const { secretId: accessKey, secretKey } = credentials.tencent
  const answer = await page.request.post(`${endpoint}/api/v1/session-create`, {
    headers: { 'X-Keystead-Console': '1' },
    data: { accessKey, secretKey, console: true },
  })
  if (!answer.ok()) throw new Error(`session-create: ${await answer.text()}`)
}

const takeAll = async (keystead: TestKeystead, key: string): Promise<void> => {
  const browser = await openBrowser()
  for (const { name, path, ...options } of pictures(key)) {
    const { page } = await openPage(browser, options)
    await letIn(page, keystead)
    await page.goto(`${keystead.endpoint}/console${path}`, { waitUntil: 'networkidle' })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await capture(page, name)
    await page.context().close()
  }
  await browser.close()
}

const clock = new MovableClock()
clock.jump(-26 * hourMs)
const keystead = await startKeystead({ clock })
mkdirSync(folder, { recursive: true })
const key = await makeKeys(keystead)
await liveThrough(keystead, clock, { key, programs: await makePrograms(keystead) })
await takeAll(keystead, key)
await keystead.end()
