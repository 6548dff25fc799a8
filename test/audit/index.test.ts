/** How journals come into the index and leave it, and that a search finds the same by it as in the files. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { indexedEntry } from '../../src/adapters/audit-log/indexed-entry.ts'
import { type IndexerOptions, indexClosedParts } from '../../src/adapters/audit-log/indexer.ts'
import { entryBody, lineOf } from '../../src/adapters/audit-log/line.ts'
import { auditRecord } from '../../src/adapters/audit-log/record.ts'
import { matcher } from '../../src/adapters/audit-log/search.ts'
import { auditIndexOver } from '../../src/adapters/sql/audit-index.ts'
import { migrate } from '../../src/adapters/sql/migrate.ts'
import { kyselyOf } from '../../src/adapters/sql/sqlite/connection.ts'
import { sqliteEngine } from '../../src/adapters/sql/sqlite/engine.ts'
import type { AuditCriteria, AuditIndex, AuditReach } from '../../src/core/audit.ts'
import { dataFolder, dayMs, entry, linesOf, MovedClock, noon, opened, partsOf } from './journal-folder.ts'

const newIndex = async (now = () => noon): Promise<AuditIndex> => {
  const db = kyselyOf(new DatabaseSync(':memory:'))
  await migrate(db, sqliteEngine(), true)
  return { ...auditIndexOver(db, sqliteEngine, (work) => work()), now: async () => now() }
}

/** By it a run ends after two batches. */
class HastyClock extends MovedClock {
  override monotonic = (): number => {
    this.ticks += 8_000
    return this.ticks
  }
}

const sources = ['192.0.2.1', '\u0000\ud800 "odd" \u2028', 'x'.repeat(512), '\u00e9'.repeat(500)]
const made = async (days: number, perDay: number, name = 'audit', data = dataFolder()): Promise<string> => {
  const clock = new MovedClock()
  const log = await opened(data, { folder: join(data, name), clock })
  for (let day = 0; day < days; day += 1) {
    const calls = Array.from({ length: perDay }, (_, call) =>
      log.append(
        entry(`${name} ${day}.${call}`, {
          at: clock.at + call,
          source: sources[call % sources.length] ?? '',
          objects: [{ kind: 'key', id: sources[(call + day) % sources.length] ?? '' }],
          outcome: call % 3 === 0 ? 'refused' : 'success',
        }),
      ),
    )
    await Promise.all(calls)
    clock.move(dayMs)
  }
  await log.close()
  return data
}

const runOf = (over: Partial<IndexerOptions> & Pick<IndexerOptions, 'data' | 'index'>): Promise<void> =>
  indexClosedParts({
    node: 'n1',
    clock: new MovedClock(),
    retentionDays: 400,
    indexDays: undefined,
    ending: new AbortController().signal,
    present: async () => new Set(['n1', 'n2']),
    ...over,
  })

const entriesOf = (lines: readonly string[]) => lines.filter((line) => JSON.parse(line).type === 'entry')
const indexed = async (index: AuditIndex) => (await index.page({}, undefined, 10_000)).map(({ line }) => line)

describe('the closed parts of a journal', () => {
  test('are indexed and the open one is not, bit by bit, each run from where the last one ended', async () => {
    const data = await made(3, 600)
    const closed = entriesOf(linesOf(data)).slice(0, 1_200)
    const index = await newIndex()
    const clock = new HastyClock()
    const steps: number[] = []
    for (let run = 0; run < 5; run += 1) {
      await runOf({ data, index, clock })
      steps.push((await indexed(index)).length)
    }
    // Compared outside of `expect`, which would print megabytes.
    expect((await indexed(index)).join('\n') === closed.join('\n')).toBe(true)
    expect(new Set(steps).size).toBeGreaterThan(3)
    expect(await index.journals()).toEqual([{ node: 'n1', journal: 'audit', seq: 1_202, until: noon + 2 * dayMs }])
  })

  test('wait for the next run where the process is about to end', async () => {
    const index = await newIndex()
    await runOf({ data: await made(2, 3), index, ending: AbortSignal.abort() })
    expect(await indexed(index)).toEqual([])
  })

  test('leave the index when retention has removed them', async () => {
    const data = await made(3, 5)
    const index = await newIndex()
    await runOf({ data, index })
    const [first = ''] = partsOf(data)
    for (const end of ['', '.gz']) rmSync(join(data, 'audit', `${first}${end}`), { force: true })
    await runOf({ data, index })
    expect(await indexed(index)).toEqual(entriesOf(linesOf(data)).slice(0, 5))
  })

  test('are in the index for as many days as it is said, or not at all', async () => {
    const data = await made(4, 5)
    const index = await newIndex()
    const clock = new MovedClock()
    clock.move(3 * dayMs)
    const days = async (indexDays: number | undefined) => {
      await runOf({ data, index, clock, indexDays })
      return (await indexed(index)).length
    }
    expect([await days(2), await days(1), await days(0)]).toEqual([10, 5, 0])
    const fresh = { index: await newIndex(), data, clock }
    await runOf({ ...fresh, indexDays: 0 })
    expect(await indexed(fresh.index)).toEqual([])
    expect(await fresh.index.journals()).toMatchObject([{ node: 'n1', journal: 'audit', seq: 0 }])
  })

  test('of a node that is gone leave it by their date, when both clocks say so', async () => {
    const data = await made(3, 5)
    let shared = noon
    const index = await newIndex(() => shared)
    await runOf({ data, index, node: 'gone' })
    const other = await made(1, 1)
    const clock = new MovedClock()
    const tidy = async (present: readonly string[] = []) => {
      await runOf({ data: other, index, clock, retentionDays: 10, present: async () => new Set(present) })
      return (await indexed(index)).length
    }
    clock.move(12 * dayMs)
    expect(await tidy()).toBe(10)
    shared += 11.5 * dayMs
    expect(await tidy(['gone'])).toBe(10)
    expect(await tidy()).toBe(5)
    clock.move(dayMs)
    shared += 5 * dayMs
    clock.move(4 * dayMs)
    expect(await tidy()).toBe(0)
    expect((await index.journals()).map(({ node }) => node)).toEqual(['n1'])
  })
})

describe('the record of two nodes', () => {
  const some = <T>(...of: readonly T[]) => fc.option(fc.constantFrom(...of), { nil: undefined, freq: 2 })
  const criteria: fc.Arbitrary<AuditCriteria> = fc.record({
    since: some(noon, noon + 3, noon + dayMs),
    until: some(noon + 2, noon + dayMs, noon + 2 * dayMs),
    action: some('Encrypt', 'Decrypt'),
    outcome: some('success', 'refused'),
    request: some('audit 0.1', 'audit-2 1.2', 'other 0.1'),
    source: some(...sources),
    key: some(...sources),
  })

  test('is the same through the index as in the files, however far that is', async () => {
    const here = await made(3, 8, 'audit-2', await made(3, 8))
    const there = await made(3, 8)
    const index = await newIndex()
    await runOf({ data: there, index, node: 'n2' })
    const all = ['audit', 'audit-2'].flatMap((name) => entriesOf(linesOf(here, name)))
    // What both nodes have under one request id is one entry.
    const expected = (asked: AuditCriteria) => all.filter(matcher(asked)).map((line) => line.replace(/^.*?"type"/, ''))
    const present = async () => new Set(['n1', 'n2', 'n3'])
    const record = auditRecord({ data: here, node: 'n1', index, present })
    let reach: readonly AuditReach[] = []
    const found = async (asked: AuditCriteria, limit = Number.MAX_SAFE_INTEGER) => {
      const lines: string[] = []
      for await (const each of record.search(asked, limit))
        if ('reach' in each) reach = each.reach
        else lines.push(each.line.replace(/^.*?"type"/, ''))
      return lines
    }
    const compare = () =>
      fc.assert(
        fc.asyncProperty(criteria, async (asked) => {
          expect((await found(asked)).toSorted()).toEqual(expected(asked).toSorted())
        }),
        { numRuns: 25 },
      )
    await compare()
    expect(reach.filter(({ node }) => node === 'n1').map(({ seen }) => seen)).toEqual(['whole', 'whole'])
    await runOf({ data: here, index })
    await compare()
    expect(reach.filter(({ node }) => node !== 'n1')).toEqual([
      { node: 'n2', journal: 'audit', seen: 'indexed', from: noon, until: noon + 2 * dayMs, present: true },
      { node: 'n3', journal: 'audit', seen: 'none', present: true },
    ])
    expect(await found({}, 7)).toHaveLength(7)
    expect(await found({}, 0)).toEqual([])
  })
})

test('what is indexed of an entry is short ASCII, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const objects = [{ kind: 'key', id: text }]
      const {
        line: _,
        keys,
        ...rest
      } = indexedEntry(lineOf(1, '0'.repeat(64), entryBody(entry(text, { source: text, action: text, objects }))))
      for (const word of [...keys, rest.request, rest.source, rest.action]) expect(word).toMatch(/^[ -~]{0,255}$/)
    }),
    { numRuns: 30 },
  )
})
