/**
 * `npm run bench -- --search DIR`: how long somebody who types into the console's list of keys waits for the rows, in a real
 * browser, over a data folder with many keys (`npm run seed` makes one): from the last key stroke to the painted rows.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { en } from '../console/src/text/en.ts'
import { openBrowser, openPage } from '../test/harness/browser.ts'
import { listens, programs } from './cold-start.ts'
import { productionFlags } from './processes.ts'
import { machineHere, page as reportPage, type Section, writeReport } from './report.ts'

/** Of names as the seed gives them, by how many of a million keys have them. */
const texts: Readonly<Record<string, readonly string[]>> = {
  'one key, or some': [
    '0001234',
    '0999999',
    '0500000',
    '0123456',
    'orders-0000016',
    '000042',
    'ledger-00012',
    'mail-07001',
  ],
  'hundreds, or a thousand': ['archive-0500', 'backup-0000', 'earch-0099', 'ledger-0777', 'orders-012', '0314'],
  'about ten thousand': ['gin-00', 'ders-09', 'rchive-00', 'billing-01', 'orders-00', 'orders-03', '-000'],
  'a hundred thousand': ['mail-0', 'orders', 'orders-0', 'mai', '-00', '-03'],
  'two characters, once typing pauses': ['00', '42'],
}

/** A person's pace, ms; and what a page needs to be at rest. */
const [strokeMs, restMs] = [90, 700]

interface Waited {
  readonly text: string
  readonly rowsMs: number
  /** Of it, until the server's answer was there. */
  readonly answeredMs: number
}

const signIn = async (page: Page, endpoint: string, data: string): Promise<void> => {
  const { tencent } = JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8'))
  await page.goto(`${endpoint}/console/`)
  await page.getByRole('textbox', { name: en.signIn.accessKeyId }).fill(tencent.secretId)
  await page.getByLabel(en.signIn.secretKey).first().fill(tencent.secretKey)
  await page.getByRole('button', { name: en.signIn.go, exact: true }).click()
  await page.locator('table tbody tr').first().waitFor()
}

/**
 * Runs in the page: types the last letter, and waits until the list of just that text is there and a frame shows it. A text
 * of digits stands in quotes in the page's address.
 */
const lastStroke = (text: string): string => `new Promise((resolve) => {
  const input = document.activeElement
  performance.clearResourceTimings()
  const started = performance.now()
  const look = () => {
    const answer = performance.getEntriesByType('resource')
      .findLast(({ name, responseEnd }) => name.includes('/key-list') && responseEnd > 0)
    const asked = new URL(location.href).searchParams.get('search')?.replaceAll('"', '')
    if (!answer || asked !== input.value || document.querySelector('[aria-busy=true]')) return requestAnimationFrame(look)
    requestAnimationFrame(() =>
      resolve({ text: input.value, rowsMs: performance.now() - started, answeredMs: answer.responseEnd - started }))
  }
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, ${JSON.stringify(text)})
  input.dispatchEvent(new Event('input', { bubbles: true }))
  look()
})`

const search = async (page: Page, text: string): Promise<Waited> => {
  const box = page.getByRole('textbox', { name: en.keys.search })
  await box.fill('')
  await page.waitForTimeout(restMs)
  await box.pressSequentially(text.slice(0, -1), { delay: strokeMs })
  await page.waitForTimeout(restMs)
  return page.evaluate<Waited>(lastStroke(text))
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const sectionOf = (found: Readonly<Record<string, readonly Waited[]>>): Section => ({
  title: 'From the last key stroke to the rows',
  told: 'In Chromium, drawn without a graphics card, beside the server; the medians and the longest of each kind.',
  table: {
    columns: ['a text of', 'searches', 'rows ms', 'at most', 'answered ms', 'at most'],
    rows: Object.entries(found).map(([kind, waited]) => {
      const of = (member: 'rowsMs' | 'answeredMs') => {
        const values = waited.map((each) => each[member])
        return [median(values), Math.max(...values)].map((ms) => ms.toFixed(0))
      }
      return [kind, String(waited.length), ...of('rowsMs'), ...of('answeredMs')]
    }),
  },
})

const measured = async (page: Page): Promise<Record<string, Waited[]>> => {
  const found: Record<string, Waited[]> = {}
  // The first letters are for V8 to compile what is measured.
  for (const text of ['orders', 'mail', 'login-0']) await search(page, text)
  for (const [kind, each] of Object.entries(texts)) {
    process.stderr.write(`${kind} …\n`)
    const waited: Waited[] = []
    for (const text of each) waited.push(await search(page, text))
    found[kind] = waited
  }
  return found
}

/** The built program over the folder `data`. */
export const consoleSearch = async (data: string, folder: string): Promise<boolean> => {
  const browser = await openBrowser()
  const server = spawn(
    process.execPath,
    [...productionFlags(), programs.built, 'serve', '--port', '0', '--data', data],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const gone = once(server, 'exit')
  try {
    const endpoint = await listens(server)
    const { page } = await openPage(browser, { locale: 'en-GB' })
    await signIn(page, endpoint, data)
    const found = await measured(page)
    const machine = machineHere()
    const section = sectionOf(found)
    for (const row of section.table?.rows ?? []) process.stdout.write(`${row.join('  ')}\n`)
    writeReport(folder, 'search', { machine, found }, reportPage('Search in the console', machine, [section]))
    return true
  } finally {
    await browser.close()
    server.kill('SIGTERM')
    await gone
  }
}
