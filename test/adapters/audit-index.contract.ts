/** What the index over the journals of all nodes keeps to, on every engine. */
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AuditCriteria, AuditIndex, FoundEntry, IndexedEntry, IndexedJournal } from '../../src/core/audit.ts'

export interface OpenIndex {
  readonly index: AuditIndex
  close(): Promise<void>
}

const journals = ['n1/audit', 'n1/audit-2', 'n2/audit'].map((name) => {
  const [node = '', journal = ''] = name.split('/')
  return { node, journal }
})

const pick = (seed: number, ...of: readonly string[]): string => of[seed % of.length] ?? ''
const entryAt = (seq: number, salt: number): IndexedEntry => ({
  seq,
  at: 1_000 + ((seq * 7 + salt * 3) % 40),
  action: pick(seq + salt, 'Encrypt', 'Decrypt', 'Sign'),
  principal: pick(seq, 'p1', 'p2'),
  outcome: pick(seq * salt, 'success', 'refused'),
  request: `r-${seq % 5}`,
  source: pick(salt + seq * 3, '192.0.2.1', '192.0.2.2'),
  keys: [`key-${seq % 3}`, `key-${3 + (salt % 2)}`],
  line: `{"line":"${salt}.${seq}"}`,
})

const perJournal = 25
const all = journals.flatMap((of, salt) =>
  Array.from({ length: perJournal }, (_, index) => ({ ...of, ...entryAt(index + 1, salt) })),
)

/** As the contract has it: by time, node, journal, number. */
const before = (a: FoundEntry, b: FoundEntry): number => {
  const [left, right] = [a, b].map(({ at, node, journal, seq }) =>
    [at, node, journal, String(seq).padStart(9)].join(' '),
  )
  return (left ?? '') < (right ?? '') ? -1 : 1
}

const texts = ['action', 'principal', 'outcome', 'request', 'source'] as const
const holds = (entry: IndexedEntry, { since, until, key, ...rest }: AuditCriteria): boolean =>
  texts.every((name) => rest[name] === undefined || rest[name] === entry[name]) &&
  (key === undefined || entry.keys.includes(key)) &&
  (since === undefined || entry.at >= since) &&
  (until === undefined || entry.at < until)

const expected = (criteria: AuditCriteria) =>
  all
    .filter((entry) => holds(entry, criteria))
    .map(({ at, node, journal, seq, line }) => ({ at, node, journal, seq, line }))
    .sort(before)

const maybe = (...of: readonly string[]) => fc.option(fc.constantFrom(...of), { nil: undefined, freq: 3 })
const criteria: fc.Arbitrary<AuditCriteria> = fc.record({
  since: fc.option(fc.integer({ min: 990, max: 1_040 }), { nil: undefined }),
  until: fc.option(fc.integer({ min: 1_000, max: 1_050 }), { nil: undefined }),
  action: maybe('Encrypt', 'Decrypt', 'Sign', 'None'),
  principal: maybe('p1', 'p2'),
  outcome: maybe('success', 'refused'),
  request: maybe('r-1', 'r-2'),
  source: maybe('192.0.2.1', '192.0.2.2'),
  key: maybe('key-0', 'key-1', 'key-3', 'key-4', "key' or 1=1"),
})

export const auditIndexContract = (name: string, open: () => Promise<OpenIndex>): void => {
  describe(name, () => {
    let opened: OpenIndex
    let index: AuditIndex
    beforeAll(async () => {
      opened = await open()
      index = opened.index
    })
    afterAll(() => opened.close())

    const found = async (asked: AuditCriteria, limit = 1_000): Promise<FoundEntry[]> => {
      const pages: FoundEntry[] = []
      for (;;) {
        const page = await index.page(asked, pages.at(-1), limit)
        pages.push(...page.map((row) => ({ ...row })))
        if (page.length < limit) return pages
      }
    }
    const marked = (of: { node: string; journal: string }, seq: number): IndexedJournal => ({
      ...of,
      seq,
      until: 2_000 + seq,
    })
    const fill = async () => {
      for (const of of journals) {
        const entries = all.filter(({ node, journal }) => node === of.node && journal === of.journal)
        await index.add(
          marked(of, perJournal),
          entries.map(({ node: _, journal: __, ...entry }) => entry),
        )
      }
    }
    beforeEach(async () => {
      for (const of of journals) {
        while (await index.forget(of, Number.MAX_SAFE_INTEGER));
        await index.drop(of)
      }
      await fill()
    })

    test('finds what is asked for and nothing else, in the order of time, however it is paged', async () => {
      await fc.assert(
        fc.asyncProperty(criteria, fc.constantFrom(1, 3, 10, 1_000), async (asked, limit) => {
          expect(await found(asked, limit)).toEqual(expected(asked))
        }),
        { numRuns: 60 },
      )
    })

    test('takes an entry that it has for the same one, and moves the mark with what is added', async () => {
      const of = journals[0] ?? { node: '', journal: '' }
      await index.add(marked(of, perJournal + 1), [entryAt(1, 0), { ...entryAt(2, 0), line: 'another' }])
      expect(await found({})).toEqual(expected({}))
      expect(await index.journals()).toEqual(journals.map((one, at) => marked(one, perJournal + (at === 0 ? 1 : 0))))
    })

    test('adds all or nothing', async () => {
      const of = journals[1] ?? { node: '', journal: '' }
      const many = Array.from({ length: 1_200 }, (_, at) => entryAt(perJournal + 1 + at, 1))
      const bad = { ...entryAt(2_000, 1), action: null as unknown as string }
      await expect(index.add(marked(of, 2_000), [...many, bad])).rejects.toThrow()
      expect(await found({})).toEqual(expected({}))
      expect((await index.journals())[1]).toEqual(marked(of, perJournal))
      await index.add(marked(of, 2_000), many)
      expect(await found({})).toHaveLength(all.length + 1_200)
    })

    test('forgets what is older in one journal, and leaves the others', async () => {
      const [first, ...others] = journals
      if (!first) throw new Error('there are journals')
      expect(await index.firstFrom(first, 0)).toMatchObject({ seq: 1 })
      expect(await index.forget(first, 11)).toBe(true)
      expect(await index.forget(first, 11)).toBe(false)
      const left = all.filter(({ node, journal, seq }) => seq > 10 || node !== first.node || journal !== first.journal)
      expect((await found({})).length).toBe(left.length)
      expect((await found({ key: 'key-0' })).length).toBe(left.filter(({ keys }) => keys.includes('key-0')).length)
      expect(await index.firstFrom(first, 0)).toMatchObject({ seq: 11 })
      expect(await index.firstFrom(first, 5_000)).toBeUndefined()
      await index.drop(first)
      expect(await index.journals()).toEqual(others.map((one) => marked(one, perJournal)))
    })

    test('tells the time by the clock that everybody shares', async () => {
      expect(Math.abs((await index.now()) - Date.now())).toBeLessThan(60_000)
    })
  })
}
