import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import type { AuditLog } from '../../src/adapters/audit-log/journal.ts'
import { searchJournal } from '../../src/adapters/audit-log/search.ts'
import { verifyJournal } from '../../src/adapters/audit-log/verify.ts'
import { dataFolder, dayMs, entry, filesOf, linesOf, MovedClock, noon, opened, until } from './journal-folder.ts'

const program = ['--no-warnings', join(import.meta.dirname, 'cli.ts')]
const audit = (...args: string[]) => {
  const env = { ...process.env, KEYSTEAD_DATA: '' }
  const options = { encoding: 'utf8', env, maxBuffer: 1 << 26 } as const
  const { stdout, stderr, status } = spawnSync(process.execPath, [...program, ...args], options)
  return { stdout, stderr, status, lines: stdout.split('\n').slice(0, -1) }
}
const requests = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).request)

/** Three days of five entries each; the first two parts are compressed. Made once, and copied for each test. */
const made = new Map<string, Buffer>()
const make = async (): Promise<void> => {
  const folder = dataFolder()
  const clock = new MovedClock()
  const log = await opened(folder, { clock })
  for (let day = 0; day < 3; day += 1) {
    for (let index = 0; index < 5; index += 1) {
      const refused = index === 4 ? ({ outcome: 'refused', reason: 'permissionDenied' } as const) : {}
      const objects = [{ kind: 'key', id: `key-${index}`, version: 2 }]
      const members = { at: clock.at, action: index % 2 ? 'Decrypt' : 'Encrypt', source: `192.0.2.${index}`, objects }
      await log.append(entry(`day ${day} call ${index}`, { ...members, principal: `p${index}`, ...refused }))
    }
    if (day < 2) clock.move(dayMs)
  }
  await until(() => filesOf(folder).filter((file) => file.endsWith('.jsonl')).length === 1)
  for (const file of filesOf(folder)) made.set(file, readFileSync(join(folder, 'audit', file)))
}

let data: string
beforeEach(async () => {
  if (made.size === 0) await make()
  data = dataFolder()
  mkdirSync(join(data, 'audit'))
  for (const [file, bytes] of made) writeFileSync(join(data, 'audit', file), bytes)
})

/** A server that runs on the folder, on its third day. */
const serving = (): Promise<AuditLog> => {
  const clock = new MovedClock()
  clock.move(2 * dayMs)
  return opened(data, { clock })
}

describe('audit tail', () => {
  test('prints the newest lines over plain and compressed parts', () => {
    expect(audit('tail', '--data', data, '--json', '-n', '13').lines).toEqual(linesOf(data).slice(-13))
    expect(audit('tail', '--data', data, '--json').lines).toEqual(linesOf(data).slice(-10))
    expect(audit('tail', '--data', data, '--json', '-n', '999').lines).toEqual(linesOf(data))
    expect(audit('tail', '--data', data, '--json', '-n', '0').lines).toEqual([])
  })

  test('finds the newest lines of a part that is longer than it reads at once', async () => {
    const log = await serving()
    await Promise.all(Array.from({ length: 4000 }, (_, index) => log.append(entry(`many ${index}`))))
    for (const count of ['1', '1000', '3999', '4020']) {
      const { stdout } = audit('tail', '--data', data, '--json', '-n', count)
      // Compared outside of `expect`, which would print megabytes.
      const isExpected = stdout === `${linesOf(data).slice(-Number(count)).join('\n')}\n`
      expect([count, isExpected]).toEqual([count, true])
    }
  })

  test('follows what a running server writes, over the end of a part', async () => {
    const folder = dataFolder()
    const server = await opened(folder, { rotateBytes: 1 })
    await server.append(entry('before'))
    const child = spawn(process.execPath, [...program, 'tail', '--data', folder, '--json', '-n', '1', '--follow'])
    const seen: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => seen.push(line))
    await until(() => seen.length === 1)
    for (let index = 0; index < 5; index += 1) await server.append(entry(`later ${index}`))
    await until(() => seen.length === 11)
    child.kill()
    expect(seen).toEqual(linesOf(folder))
  })

  test('shows columns that line up, and no character that could move the cursor', async () => {
    await (await serving()).append(entry('evil', { source: '\u001b[2J\u202e', action: '\u009b31m' }))
    const { lines } = audit('tail', '--data', data, '-n', '3')
    expect(lines[0]).toMatch(/^TIME +OUTCOME +DIALECT +ACTION +PRINCIPAL +SOURCE +REQUEST +OBJECTS AND REASON *$/)
    const column = lines[0]!.indexOf('ACTION')
    expect(lines.slice(1).map((line) => line.slice(column).split(' ')[0])).toEqual(['Decrypt', 'Encrypt', '\\u009b31m'])
    expect(lines[2]).toContain('refused')
    expect(lines[2]).toMatch(/key\/key-4@2 permissionDenied$/)
    expect(lines.join('')).toMatch(/^[ -~]+$/)
  })
})

describe('audit search', () => {
  const found = (...args: string[]) => requests(audit('search', '--data', data, '--json', ...args).lines)
  const all = [0, 1, 2].flatMap((day) => [0, 1, 2, 3, 4].map((index) => `day ${day} call ${index}`))

  test('gives every entry in order where nothing is asked for', () => {
    expect(found()).toEqual(all)
  })

  test.each([
    [{ action: 'Decrypt' }, (name: string) => /call [13]/.test(name)],
    [{ action: 'Decryp' }, () => false],
    [{ principal: 'p3' }, (name: string) => name.endsWith('3')],
    [{ key: 'key-2' }, (name: string) => name.endsWith('2')],
    [{ outcome: 'refused' }, (name: string) => name.endsWith('4')],
    [{ request: 'day 1 call 1' }, (name: string) => name === 'day 1 call 1'],
    [{ source: '192.0.2.0' }, (name: string) => name.endsWith('0')],
    [{ since: noon + dayMs }, (name: string) => !name.startsWith('day 0')],
    [{ until: noon + dayMs }, (name: string) => name.startsWith('day 0')],
    [{ since: Date.parse('2026-03-15'), until: Date.parse('2026-03-16') }, (name: string) => name.startsWith('day 1')],
    [{ since: Date.parse('2026-03-16T12:00Z'), source: '192.0.2.1' }, (name: string) => name === 'day 2 call 1'],
  ])('for %j finds exactly what matches', async (criteria, matches) => {
    const lines: string[] = []
    for await (const line of searchJournal(join(data, 'audit'), criteria)) lines.push(line)
    expect(requests(lines)).toEqual(all.filter(matches))
  })

  test('takes all its options together', () => {
    const times = ['--since', '2026-03-15', '--until', '2026-03-16']
    const others = ['--principal', 'p4', '--key', 'key-4', '--outcome', 'refused', '--source', '192.0.2.4']
    expect(found(...times, ...others, '--action', 'Encrypt', '--request', 'day 1 call 4')).toEqual(['day 1 call 4'])
    expect(found(...times, ...others, '--action', 'Decrypt')).toEqual([])
  })

  test('stops at its limit', () => {
    expect(found('--limit', '7')).toEqual(all.slice(0, 7))
    expect(found('--limit', '0')).toEqual([])
  })

  test('reads a time without a zone as UTC wherever it runs, and refuses what is none', () => {
    const env = { ...process.env, TZ: 'Asia/Shanghai' }
    const args = ['search', '--data', data, '--json', '--since', '2026-03-16T12:00:00']
    const { stdout } = spawnSync(process.execPath, [...program, ...args], { encoding: 'utf8', env })
    expect(stdout.split('\n').length - 1).toBe(5)
    const { status, stderr } = audit('search', '--data', data, '--since', 'yesterday')
    expect([status, stderr]).toEqual([1, expect.stringContaining('Expected 2026-03-14')])
  })

  test('is not fooled by a value that looks like another member', async () => {
    await (await serving()).append(
      entry('","action":"Fooled', { objects: [{ kind: 'key","id":"Fooled', id: '{"kind":"key","id":"F"' }] }),
    )
    expect(found('--action', 'Fooled')).toEqual([])
    expect(found('--key', 'Fooled')).toEqual([])
    expect(found('--request', '","action":"Fooled').length).toBe(1)
  })
})

describe('audit verify', () => {
  const verify = (...args: string[]) => audit('verify', '--data', data, ...args)
  const path = (index: number) => join(data, 'audit', filesOf(data)[index]!)
  const rewrite = (index: number, change: (text: string) => string) =>
    writeFileSync(path(index), gzipSync(change(gunzipSync(readFileSync(path(index))).toString('latin1'))))

  test('says what is there beside a running server, and gives the last line to keep elsewhere', async () => {
    const { stdout, status } = verify()
    expect(stdout).toMatch(/^whole: 15 entries in 17 lines in 3 parts, seq 1 to 17\nlast line: 17:[0-9a-f]{64}\n$/)
    expect(status).toBe(0)
    const kept = stdout.trim().split('last line: ')[1]!
    await (await serving()).append(entry('more'))
    expect(verify('--anchor', kept).status).toBe(0)
    const { stdout: refused, status: code } = verify('--anchor', `17:${'0'.repeat(64)}`)
    expect([refused, code]).toEqual([expect.stringContaining('line 5: this is not the line whose hash was noted'), 1])
    expect(verify('--anchor', `99:${'0'.repeat(64)}`).stdout).toContain('ends at seq 18, before seq 99')
  })

  test('tells parts that retention removed from a gap', () => {
    const [, second] = [0, 1].map(path)
    rmSync(path(0))
    const { stdout, status } = verify()
    expect(status).toBe(0)
    expect(stdout).toContain('whole: 10 entries in 11 lines in 2 parts, seq 7 to 17')
    expect(stdout).toContain('the chain starts at seq 7: retention removed older parts')
    expect(second).toContain('journal-0000000000000007')
  })

  test('names the file and line of a part that is missing in the middle', () => {
    rmSync(path(1))
    const { stdout, status } = verify()
    expect(status).toBe(1)
    expect(stdout).toBe(
      'broken: journal-0000000000000013-2026-03-16.jsonl, line 1: gap: seq 13 follows 6, 6 lines are missing\n',
    )
  })

  test.each([
    [
      'a changed member',
      (text: string) => text.replace('day 1 call 2', 'day 1 call X'),
      'line 4: prev is not the hash',
    ],
    [
      'a removed line',
      (text: string) => text.replace(/^.*day 1 call 2.*\n/m, ''),
      'line 3: gap: seq 10 follows 8, 1 lines',
    ],
    [
      'a missing close line',
      (text: string) => text.replace(/^.*"close".*\n/m, ''),
      'line 5: the part ends without a close',
    ],
    [
      'another number of entries',
      (text: string) => text.replace('"entries":5', '"entries":4'),
      'line 6: the close line does not',
    ],
    ['a line after the close line', (text: string) => `${text}{}\n`, 'line 7: this is no line of a journal'],
    ['bytes after the close line', (text: string) => `${text}{`, 'line 6: something follows the close line'],
    [
      'a line that is no JSON',
      (text: string) => text.replace('"action":"Encrypt"', '"action""Encrypt"'),
      'line 1: this is no JSON',
    ],
  ])('finds %s in a compressed part, and the line', async (_, change, reason) => {
    rewrite(1, change)
    const found = await verifyJournal(join(data, 'audit'))
    expect(found).toMatchObject({ whole: false, file: 'journal-0000000000000007-2026-03-15.jsonl.gz' })
    expect(found.whole || `line ${found.line}: ${found.reason}`).toContain(reason)
  })

  test('finds a compressed part that is cut short', () => {
    writeFileSync(path(1), readFileSync(path(1)).subarray(0, 200))
    expect(verify()).toMatchObject({ status: 1, stdout: expect.stringContaining('it cannot be read: unexpected end') })
  })

  test('finds a chain that was rewritten only from some line on by the first line of the next part', () => {
    rewrite(0, (text) =>
      text
        .replace(/"entries":5\}\n$/, '"entries":5}\n')
        .replace('T12:00:00.000Z","entries', 'T12:00:00.001Z","entries'),
    )
    expect(verify()).toMatchObject({ status: 1, stdout: expect.stringContaining('line 1: prev is not the hash') })
  })

  test('does not take a line that is being written for a break', () => {
    appendFileSync(path(2), '{"seq":18,"prev"')
    const { stdout, status } = verify()
    expect(status).toBe(0)
    expect(stdout).toContain('the last 16 bytes are no whole line: being written, or torn')
  })
})

describe('every audit command', () => {
  test.each(['tail', 'search', 'verify'])('%s of a folder without a journal is one sentence of help', (name) => {
    const { stdout, stderr, status } = audit(name, '--data', join(data, 'nowhere'))
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toBe(
      `error: there is no audit journal in ${join(data, 'nowhere', 'audit')}: ` +
        'name the data folder of a server that has run, with --data or KEYSTEAD_DATA\n',
    )
  })

  test('takes the data folder from KEYSTEAD_DATA, or ./data', () => {
    const run = (options: object) =>
      spawnSync(process.execPath, [...program, 'verify'], { encoding: 'utf8', ...options })
    expect(run({ env: { ...process.env, KEYSTEAD_DATA: data } }).stdout).toContain('whole: 15 entries')
    const empty = dataFolder()
    mkdirSync(join(empty, 'data', 'audit'), { recursive: true })
    const { KEYSTEAD_DATA: _, ...env } = process.env
    expect(run({ env, cwd: empty }).stdout).toContain('whole: 0 entries in 0 lines in 0 parts')
  })

  test('writes nothing into the folder', () => {
    const before = filesOf(data).map((file) => readFileSync(join(data, 'audit', file), 'base64'))
    for (const name of ['tail', 'search', 'verify']) expect(audit(name, '--data', data).status).toBe(0)
    expect(filesOf(data).map((file) => readFileSync(join(data, 'audit', file), 'base64'))).toEqual(before)
  })

  test('ends quietly when its reader goes away', () => {
    const script = `"${process.execPath}" ${program.join(' ')} search --data "${data}" --json | head -n 1`
    const { stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
    expect(stdout.split('\n').length).toBe(2)
    expect(stderr).toBe('')
  })
})
