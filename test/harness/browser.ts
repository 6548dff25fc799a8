/** A browser that drives the real console of a real server, and what it must never say meanwhile. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findBrowser } from './find-browser.ts'

export const openBrowser = (): Promise<Browser> => {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('there is no browser on this machine')
  // Tests run as root in a container, where Chromium's own sandbox cannot be made.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

export interface Watched {
  readonly page: Page
  /** What the browser complained about: the page's policy, scripts that threw. */
  readonly complaints: readonly string[]
}

/** What a page asks and is refused belongs to the journeys; the browser logs it as if it were an error. */
const isRefusal = (text: string): boolean =>
  /^Failed to load resource: the server responded with a status of 4/.test(text)

export const openPage = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> => {
  // A window that still fades in has too little contrast to judge.
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !isRefusal(message.text())) complaints.push(message.text())
  })
  return { page, complaints }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

/** What stands in the way of somebody who does not see, or uses no mouse; as axe-core finds it. */
export const barriers = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe)
  const { violations } = (await page.evaluate('axe.run()')) as { violations: readonly Violation[] }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)
}
