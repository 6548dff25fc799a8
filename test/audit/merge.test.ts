import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entryBody, lineOf } from '../../src/adapters/audit-log/line.ts'
import { mergeByTime, onlyOnce } from '../../src/adapters/audit-log/merge.ts'
import type { AuditLine } from '../../src/core/audit.ts'
import { entry, noon } from './journal-folder.ts'

const line = (journal: string, seq: number, request: string, at: number): AuditLine => ({
  journal,
  line: lineOf(seq, '0'.repeat(64), entryBody(entry(request, { at: noon + at }))),
})

async function* from(lines: readonly AuditLine[]): AsyncGenerator<AuditLine> {
  yield* lines
}

const all = async (lines: AsyncIterable<AuditLine>): Promise<AuditLine[]> => {
  const found: AuditLine[] = []
  for await (const each of lines) found.push(each)
  return found
}
const merged = (journals: readonly (readonly AuditLine[])[]) => all(mergeByTime(journals.map(from)))
const timeOf = (each: AuditLine): string => JSON.parse(each.line).at

/** Times of the lines of a few journals. */
const times = fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 12 }), { maxLength: 5 })
const journalsOf = (of: readonly (readonly number[])[]) =>
  of.map((ats, journal) => ats.map((at, index) => line(`j${journal}`, index + 1, `${journal}.${index}`, at)))

describe('journals that are merged', () => {
  test('give every line once, and keep the order of each journal, whatever their times are', async () => {
    await fc.assert(
      fc.asyncProperty(times, async (of) => {
        const journals = journalsOf(of)
        const found = await merged(journals)
        expect(found).toHaveLength(journals.flat().length)
        for (const [index, lines] of journals.entries())
          expect(found.filter(({ journal }) => journal === `j${index}`)).toEqual(lines)
      }),
    )
  })

  test('are in the order of time where each of them is', async () => {
    await fc.assert(
      fc.asyncProperty(times, async (of) => {
        const found = (await merged(journalsOf(of.map((ats) => ats.toSorted((a, b) => a - b))))).map(timeOf)
        expect(found).toEqual(found.toSorted())
      }),
    )
  })

  test('are let go of when their reader has enough', async () => {
    const ended: string[] = []
    const source = async function* (name: string) {
      try {
        for (let seq = 1; ; seq += 1) yield line(name, seq, `${name}.${seq}`, seq)
      } finally {
        ended.push(name)
      }
    }
    for await (const { journal } of mergeByTime([source('a'), source('b')])) if (journal === 'b') break
    expect(ended.sort()).toEqual(['a', 'b'])
  })
})

describe('an entry', () => {
  test('that stands in two journals is given once', async () => {
    const found = await all(
      onlyOnce(from([line('a', 5, 'same', 1), line('a', 6, 'other', 1), line('b', 9, 'same', 1)])),
    )
    expect(found.map(({ journal, line: text }) => [journal, JSON.parse(text).request])).toEqual([
      ['a', 'same'],
      ['a', 'other'],
    ])
  })

  test('that two sources have from one journal is given once', async () => {
    expect(await all(onlyOnce(from([line('a', 5, 'same', 1), line('a', 5, 'same', 1)])))).toHaveLength(1)
  })

  test('that a journal has twice by itself, or at two times, is given twice', async () => {
    expect(await all(onlyOnce(from([line('a', 5, 'same', 1), line('a', 6, 'same', 1)])))).toHaveLength(2)
    expect(await all(onlyOnce(from([line('a', 5, 'same', 1), line('b', 6, 'same', 2)])))).toHaveLength(2)
  })

  test('that is a summary is never taken for another one', async () => {
    expect(await all(onlyOnce(from([line('a', 5, '', 1), line('b', 6, '', 1)])))).toHaveLength(2)
  })
})
