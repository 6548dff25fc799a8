/** The commands over a data folder that several processes have served from. */
import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { type AuditLog, openJournal } from '../../src/adapters/audit-log/journal.ts'
import { journalsIn, searchJournals } from '../../src/adapters/audit-log/journals.ts'
import { lastLinesIn } from '../../src/adapters/audit-log/tail.ts'
import { dataFolder, entry, MovedClock, noon, opened, until } from './journal-folder.ts'

const program = ['--no-warnings', join(import.meta.dirname, 'cli.ts')]
const audit = (...args: string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...program, ...args], { encoding: 'utf8' })
  return { stdout, stderr, status }
}
const requests = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).request)

/** Calls that two processes answered in turn, and one that both have: the second took it over. */
const made = async (): Promise<string> => {
  const data = dataFolder()
  const logs = await Promise.all(
    ['audit', 'audit-2'].map((name) => opened(data, { folder: join(data, name), clock: new MovedClock() })),
  )
  for (let call = 0; call < 6; call += 1)
    await logs[call % 2]?.append(entry(`call ${call}`, { at: noon + call, source: `192.0.2.${call % 3}` }))
  await logs[1]?.append(entry('call 4', { at: noon + 4, source: '192.0.2.1' }))
  await Promise.all(logs.map((log) => log.close()))
  return data
}

describe('a data folder with several journals', () => {
  test('is searched as one record, in which an entry that two of them have stands once', async () => {
    const data = await made()
    const found = async (criteria: object) => {
      const lines: string[] = []
      for await (const { line } of searchJournals(await journalsIn(data), criteria)) lines.push(line)
      return requests(lines)
    }
    expect(await found({})).toEqual([0, 1, 2, 3, 4, 5].map((call) => `call ${call}`))
    expect(await found({ source: '192.0.2.1' })).toEqual(['call 1', 'call 4'])
    const { stdout } = audit('search', '--data', data, '--limit', '3')
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(['JOURNAL', 'audit', 'audit-2', 'audit', ''])
  })

  test('is tailed as one, and followed in all of them, one that is made later too', async () => {
    const data = await made()
    const { lines } = await lastLinesIn(data, 4)
    expect(requests(lines.map(({ line }) => line))).toEqual(['call 3', 'call 4', 'call 5', 'call 4'])
    expect((await lastLinesIn(data, 0)).lines).toEqual([])
    const child = spawn(process.execPath, [...program, 'tail', '--data', data, '--json', '-n', '1', '--follow'])
    const seen: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => seen.push(line))
    await until(() => seen.length === 1)
    const logs: AuditLog[] = []
    for (const name of ['audit', 'audit-2', 'audit-3']) {
      const clock = new MovedClock()
      const log = await openJournal({ folder: join(data, name), retentionDays: 0, clock, onFault: () => {} })
      logs.push(log)
      await log.append(entry(`later ${name}`))
    }
    await until(() => seen.length === 4)
    child.kill()
    await Promise.all(logs.map((log) => log.close()))
    expect(requests(seen.slice(1)).sort()).toEqual(['later audit', 'later audit-2', 'later audit-3'])
  })

  test('is in the order of the journals’ numbers', async () => {
    const data = dataFolder()
    for (const name of ['audit-10', 'audit-2', 'audit', 'audit-x', 'audit-02'])
      await (await opened(data, { folder: join(data, name) })).close()
    expect((await journalsIn(data)).map(({ name }) => name)).toEqual(['audit', 'audit-2', 'audit-10'])
  })
})

describe('audit verify of several journals', () => {
  test('gives a verdict and a last line for each, takes them back, and finds the one that breaks or is gone', async () => {
    const data = await made()
    const part = (name: string) => join(data, name, readdirSync(join(data, name))[0] ?? '')
    const { stdout, status } = audit('verify', '--data', data)
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^whole: audit: 3 entries .*\nlast line: audit=3:[0-9a-f]{64}\nwhole: audit-2: 4 entries .*\nlast line: audit-2=4:[0-9a-f]{64}\n$/,
    )
    const anchors = [...stdout.matchAll(/last line: (.*)/g)].flatMap(([, anchor = '']) => ['--anchor', anchor])
    expect(audit('verify', '--data', data, ...anchors)).toMatchObject({ status: 0, stdout })
    expect(audit('verify', '--data', data, '--anchor', `3:${'0'.repeat(64)}`)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^broken: audit: journal-.*not the line whose hash was noted.*\nwhole: audit-2: /),
    })
    appendFileSync(part('audit-2'), 'no line\n')
    const broken = audit('verify', '--data', data)
    expect([broken.status, broken.stdout]).toEqual([1, expect.stringContaining('broken: audit-2: journal-')])
    expect(broken.stdout).toContain('whole: audit: 3 entries')
    rmSync(join(data, 'audit-2'), { recursive: true })
    expect(audit('verify', '--data', data, ...anchors)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('broken: audit-2: a line of it was noted elsewhere, and it is not there'),
    })
  })
})
