/** A journal file that was torn, or changed, where several processes serve from one folder and each has its own. */
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyJournal } from '../../src/adapters/audit-log/verify.ts'
import { auditFolder } from '../../src/adapters/data-folder/folder.ts'
import { checkEverything } from '../../src/cli/checking.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'

let folder: string
let journal: string
beforeAll(async () => {
  const first = await startKeystead()
  ;({ folder } = first)
  journal = auditFolder(folder, 2)
  await first.ok('CreateKey', { Alias: 'first' })
  await first.stop()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const second = (): Promise<TestKeystead> =>
  startKeystead({ folder, settings: { init: false, worker: { number: 2, of: 2 } } })

const newestPart = (): string => join(journal, readdirSync(journal).sort().at(-1) ?? '')

test('a line that the second process left torn is cut at its next start, and what was cut is noted', async () => {
  const before = await second()
  const { RequestId } = await before.ok('CreateKey', { Alias: 'second' })
  await before.stop()
  const whole = readFileSync(newestPart(), 'utf8')
  appendFileSync(newestPart(), whole.slice(0, 100))
  const after = await second()
  await after.ok('ListKeys')
  await after.stop()
  expect(await verifyJournal(journal)).toMatchObject({ whole: true })
  const text = readFileSync(newestPart(), 'utf8')
  expect(text.startsWith(whole)).toBe(true)
  expect(text).toContain(RequestId)
  expect(text.slice(whole.length)).toMatch(/^[^\n]*"note":"tornLine"[^\n]*"bytes":100/)
})

test('doctor reads every journal, and names the line of the one that was changed', async () => {
  const finding = async () => (await checkEverything(folder)).findings.find(({ name }) => name === 'audit journal')
  expect(await finding()).toMatchObject({ ok: true, detail: expect.stringContaining('of 2 journals, unbroken chains') })
  const path = newestPart()
  writeFileSync(path, readFileSync(path, 'utf8').replace('"CreateKey"', '"ListKeys"'))
  expect(await finding()).toMatchObject({ ok: false, detail: expect.stringMatching(/^audit-2: \S+, line \d+: /) })
})
