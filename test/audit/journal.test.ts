import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JournalBroken } from '../../src/adapters/audit-log/journal.ts'
import { entryBody, headOf, lineBytesMax, lineOf } from '../../src/adapters/audit-log/line.ts'
import type { AuditEntry } from '../../src/core/audit.ts'
import { chainHolds, dataFolder, entry, filesOf, linesOf, opened, requestsOf } from './journal-folder.ts'

const firstPart = 'journal-0000000000000001-2026-03-14.jsonl'
const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `r${index}`)

describe('a line', () => {
  test('has its members in the order of the page, and nothing else', async () => {
    const data = dataFolder()
    const log = await opened(data)
    await log.append(entry('r1', { outcome: 'refused', reason: 'permissionDenied', count: 3 }))
    expect(linesOf(data)).toEqual([
      `{"seq":1,"prev":"${'0'.repeat(64)}","type":"entry","at":"2026-03-14T12:00:00.000Z","request":"r1",` +
        '"dialect":"tencent","action":"Encrypt","region":"ap-guangzhou","account":"account-1",' +
        '"principal":"principal-1","credential":"AKIDexample","source":"192.0.2.7",' +
        '"objects":[{"kind":"key","id":"key-1","version":1}],"outcome":"refused","reason":"permissionDenied","count":3}',
    ])
  })

  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom('"', '\\', '\n', '\r', '\0', '\u2028', '\u0085', '\ud800', '\udfff', '\x9b', 'é'),
    }),
    fc.integer({ min: 500, max: 10_240 }).map((length) => '\ud83d\ude00"\n'.repeat(length / 4)),
  )
  const object = fc.record({ kind: hostile, id: hostile, version: fc.integer() }, { requiredKeys: ['kind', 'id'] })
  const anyEntry = fc.record(
    {
      request: hostile,
      at: fc.integer({ min: 0, max: 4e12 }),
      dialect: hostile,
      action: hostile,
      region: hostile,
      account: hostile,
      principal: hostile,
      credential: hostile,
      source: hostile,
      objects: fc.array(object, { maxLength: 4 }),
      outcome: fc.constantFrom('success', 'refused', 'unknown', 'failed'),
      reason: hostile,
      count: fc.integer(),
    },
    {
      requiredKeys: [
        'request',
        'at',
        'dialect',
        'action',
        'region',
        'account',
        'principal',
        'credential',
        'source',
        'objects',
        'outcome',
      ],
    },
  ) as fc.Arbitrary<AuditEntry>
  const asKept = (text: string): string => (text.length > 512 ? `${text.slice(0, 511)}\u2026` : text)
  const members = ['request', 'dialect', 'action', 'region', 'account', 'principal', 'credential', 'source'] as const

  test('is one line of printable ASCII that reads back as what went in, whatever the members are', () => {
    fc.assert(
      fc.property(anyEntry, (any) => {
        const line = lineOf(7, 'a'.repeat(64), entryBody(any))
        expect(line).toMatch(/^[ -~]+$/)
        expect(headOf(line)).toEqual({
          seq: 7,
          prev: 'a'.repeat(64),
          type: 'entry',
          at: new Date(any.at).toISOString(),
        })
        const read = JSON.parse(line)
        for (const member of members) expect(read[member]).toBe(asKept(any[member]))
        expect(read.reason).toBe(any.reason === undefined ? undefined : asKept(any.reason))
        expect(read.count).toBe(any.count)
        const objects = any.objects.map(({ kind, id, ...rest }) => ({ kind: asKept(kind), id: asKept(id), ...rest }))
        expect(read.objects).toEqual(objects)
      }),
      { numRuns: 500 },
    )
  })

  test('stays under the longest that a reader takes, and counts the objects that it leaves out', () => {
    const text = '\u2028'.repeat(10_000)
    const objects = Array.from({ length: 1017 }, () => ({ kind: text, id: text, version: 1 }))
    const line = lineOf(1, 'a'.repeat(64), entryBody(entry(text, { objects, reason: text })))
    expect(line.length).toBeLessThan(lineBytesMax)
    expect(JSON.parse(line).objects.length).toBe(1001)
    expect(JSON.parse(line).objects.at(-1)).toEqual({ kind: 'omitted', id: '17' })
  })

  test('is refused, with the entry, where its time is none', async () => {
    const log = await opened(dataFolder())
    await expect(log.append(entry('r1', { at: Number.NaN }))).rejects.toThrow(RangeError)
    expect(log.healthy).toBe(true)
  })
})

describe('appending', () => {
  test('is flushed before the event loop goes on to anything else', async () => {
    const data = dataFolder()
    const log = await opened(data)
    const entries: Promise<void>[] = []
    setImmediate(() => entries.push(log.append(entry('one')), log.append(entry('two'))))
    const written = await new Promise<readonly string[]>((resolve) => {
      setImmediate(() => {
        // The loop turns only after the thread has written, or never will.
        const sleeping = new Int32Array(new SharedArrayBuffer(4))
        for (let waited = 0; waited < 200 && requestsOf(data).length < 2; waited++) Atomics.wait(sleeping, 0, 0, 10)
        resolve(requestsOf(data))
      })
    })
    expect(written).toEqual(['one', 'two'])
    await Promise.all(entries)
  })

  test('resolves only when the line is in the file', async () => {
    const data = dataFolder()
    const log = await opened(data)
    for (const request of numbers(20)) {
      await log.append(entry(request))
      expect(linesOf(data).at(-1)).toContain(`"request":"${request}"`)
    }
  })

  test('keeps the order of calls and chains every line, also over a restart', async () => {
    const data = dataFolder()
    const log = await opened(data)
    await Promise.all(numbers(500).map((request) => log.append(entry(request))))
    await log.close()
    const again = await opened(data)
    expect(again.recovered).toBeUndefined()
    await again.append(entry('last'))
    expect(requestsOf(data)).toEqual([...numbers(500), 'last'])
    expect(chainHolds(linesOf(data))).toBe(true)
  })

  test('shares flushes: the entries of one turn resolve together, those of a flush under way in the next', async () => {
    const log = await opened(dataFolder())
    const first = new Set(numbers(1000).map((request) => log.append(entry(request))))
    await new Promise((resolve) => setImmediate(resolve))
    const second = new Set(numbers(1000).map((request) => log.append(entry(request))))
    expect([first.size, second.size]).toEqual([1, 1])
    await Promise.all([...first, ...second])
  })

  test('refuses what would wait beyond a bound, and writes the rest', async () => {
    const data = dataFolder()
    const log = await opened(data)
    const text = '\u2028'.repeat(512)
    const huge = entry('huge', { objects: Array.from({ length: 1000 }, () => ({ kind: text, id: text })) })
    const settled = await Promise.allSettled(Array.from({ length: 14 }, () => log.append(huge)))
    const refused = settled.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBe(3)
    expect(String((refused[0] as PromiseRejectedResult).reason)).toContain('too many entries wait for the disk')
    expect(log.healthy).toBe(true)
    expect(linesOf(data).length).toBe(11)
  })

  test('after closing, or closing meanwhile, takes nothing more and has written what it took', async () => {
    const data = dataFolder()
    const log = await opened(data)
    const written = log.append(entry('r1'))
    const closing = log.close()
    await expect(log.append(entry('r2'))).rejects.toThrow('The audit journal cannot be written: it is closed')
    await Promise.all([written, closing])
    expect(log.healthy).toBe(false)
    expect(requestsOf(data)).toEqual(['r1'])
  })

  test('writes files and a folder that nobody else can read', async () => {
    const data = dataFolder()
    await opened(data)
    expect(statSync(join(data, 'audit')).mode & 0o777).toBe(0o700)
    expect(statSync(join(data, 'audit', firstPart)).mode & 0o777).toBe(0o600)
  })
})

describe('opening', () => {
  const prepared = async (): Promise<{ data: string; path: string }> => {
    const data = dataFolder()
    const log = await opened(data)
    for (const request of numbers(3)) await log.append(entry(request))
    await log.close()
    return { data, path: join(data, 'audit', firstPart) }
  }

  test('cuts a torn last line, and a line of its own says what was cut', async () => {
    const { data, path } = await prepared()
    const torn = '{"seq":4,"prev":"00'
    appendFileSync(path, torn)
    const log = await opened(data)
    expect(log.recovered).toEqual({ cutBytes: torn.length })
    await log.append(entry('after'))
    const lines = linesOf(data)
    expect(JSON.parse(lines[3]!)).toMatchObject({
      seq: 4,
      type: 'note',
      note: 'tornLine',
      bytes: torn.length,
      sha256: createHash('sha256').update(torn).digest('hex'),
    })
    expect(requestsOf(data)).toEqual(['r0', 'r1', 'r2', 'after'])
    expect(chainHolds(lines)).toBe(true)
  })

  test('cuts the last line wherever it is torn, and loses no whole one', async () => {
    const { data, path } = await prepared()
    const whole = readFileSync(path)
    const start = whole.lastIndexOf(10, whole.length - 2) + 1
    for (let length = start + 1; length < whole.length; length += 37) {
      writeFileSync(path, whole.subarray(0, length))
      const log = await opened(data)
      await log.close()
      expect(log.recovered).toEqual({ cutBytes: length - start })
      expect(requestsOf(data)).toEqual(['r0', 'r1'])
      expect(chainHolds(linesOf(data))).toBe(true)
    }
  })

  test('goes on where only the first, torn line of a new part was written', async () => {
    const data = dataFolder()
    const log = await opened(data)
    await log.close()
    writeFileSync(join(data, 'audit', firstPart), '{"seq":1,"pr')
    const again = await opened(data)
    await again.append(entry('r1'))
    expect(again.recovered).toEqual({ cutBytes: 12 })
    expect(linesOf(data).map((line) => JSON.parse(line).type)).toEqual(['note', 'entry'])
    expect(chainHolds(linesOf(data))).toBe(true)
  })

  const damages: readonly [string, (text: string) => string, string][] = [
    ['a changed member', (text) => text.replace('"r1"', '"rX"'), 'line 3: prev is not the hash of the line before'],
    ['a removed line', (text) => text.replace(/^.*"r1".*\n/m, ''), 'line 2: gap: seq 3 follows 1, 1 lines are missing'],
    ['a repeated line', (text) => text.replace(/^(.*"r1".*\n)/m, '$1$1'), 'line 3: seq 2 follows 2'],
    ['a line that is none', (text) => text.replace(/^.*"r1".*$/m, 'x'), 'line 2: this is no line of a journal'],
    ['another first number', (text) => text.replace(/^.*"r0".*\n/m, ''), 'line 1: seq is 2, the file name says 1'],
    ['another first hash', (text) => text.replace('"0000', '"1000'), 'line 1: prev of the first line'],
  ]
  test.each(damages)('refuses %s with one sentence that names file, line and reason', async (_, damage, reason) => {
    const { data, path } = await prepared()
    writeFileSync(path, damage(readFileSync(path, 'latin1')))
    const damaged = readFileSync(path)
    const refusal = await opened(data).catch((error) => error)
    expect(refusal).toBeInstanceOf(JournalBroken)
    expect(refusal.message).toContain(path)
    expect(refusal.message).toContain(reason)
    expect(readFileSync(path)).toEqual(damaged)
    expect(filesOf(data)).toEqual([firstPart])
  })

  test('refuses a folder that cannot be one', async () => {
    const data = dataFolder()
    writeFileSync(join(data, 'audit'), '')
    await expect(opened(data)).rejects.toThrow('The audit journal cannot be written: EEXIST')
  })
})

describe('has', () => {
  test('finds exactly the requests that are in the newest parts, odd ids too', async () => {
    const data = dataFolder()
    const log = await opened(data)
    const odd = 'a"b\\c\n\u2028'
    await Promise.all([...numbers(50), odd].map((request) => log.append(entry(request))))
    expect(await log.has(['r7', 'absent', odd, 'r49'])).toEqual(new Set(['r7', odd, 'r49']))
    expect(await log.has([])).toEqual(new Set())
  })

  test('does not take a member of another name, or of an object, for a request id', async () => {
    const log = await opened(dataFolder())
    await log.append(entry('r1', { principal: 'r2', objects: [{ kind: 'key', id: '","request":"r3"' }] }))
    expect(await log.has(['r1', 'r2', 'r3'])).toEqual(new Set(['r1']))
  })

  test('looks through the two newest parts at least, and no further than it says', async () => {
    const data = dataFolder()
    const log = await opened(data, { rotateBytes: 1 })
    for (const request of numbers(4)) await log.append(entry(request))
    expect(await log.has(['r3', 'r2', 'r1', 'r0'])).toEqual(new Set(['r3', 'r2']))
  })
})
