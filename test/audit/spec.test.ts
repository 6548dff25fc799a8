import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StrangerCounts } from '../../src/adapters/audit-log/stranger-counts.ts'
import { chainHolds, dataFolder, entry, linesOf, MovedClock, opened, partsOf } from './journal-folder.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/spec/audit.md'), 'utf8')
const example = page.slice(page.indexOf('## Example'))
const blocks = [...example.matchAll(/```jsonl\n(.*?)```/gs)].map(([, block = '']) => block.split('\n').slice(0, -1))
const lines = blocks.flat()
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

test("the page's example is a chain whose hashes are real, to the hash of its last line", () => {
  expect(blocks.map(({ length }) => length)).toEqual([4, 3])
  expect(chainHolds(lines)).toBe(true)
  expect(example).toContain(`\n    ${sha256(lines.at(-1) ?? '')}\n`)
})

test("the page's note has the length and hash of the bytes that the page names", () => {
  const torn = /bytes `(.*?)`/.exec(example)?.[1] ?? ''
  const note = JSON.parse(lines[5] ?? '')
  expect(note).toMatchObject({ type: 'note', note: 'tornLine', bytes: 19, sha256: sha256(torn) })
  expect(torn.length).toBe(19)
})

test('every type of line has its members in the order of the tables of the page', () => {
  const membersUnder = (title: string): string[] => {
    const section = page.slice(page.indexOf(`${title}\n`)).split(/\n#+ /)[0] ?? ''
    return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name)
  }
  const common = membersUnder('## Lines')
  const tables = {
    entry: membersUnder('### Entries'),
    close: membersUnder('### Close lines'),
    note: membersUnder('### Notes'),
  }
  const seen = new Set<string>()
  for (const line of lines) {
    const members = JSON.parse(line)
    const expected = [...common, ...tables[members.type as keyof typeof tables]]
    expect(Object.keys(members)).toEqual(expected.filter((name) => name in members))
    for (const name of Object.keys(members)) seen.add(name)
  }
  expect([...seen].sort()).toEqual([...new Set([...common, ...Object.values(tables).flat()])].sort())
})

test("the server writes the page's example byte by byte", async () => {
  const data = dataFolder()
  const clock = new MovedClock()
  clock.at = Date.parse('2026-03-14T23:59:58.000Z')
  const log = await opened(data, { clock })
  const members = { principal: 'p-7', account: 'a-1', credential: 'AKIDexample', source: '192.0.2.7' }
  await log.append(entry('f7c1', { ...members, at: clock.at, objects: [{ kind: 'key', id: 'k-1', version: 3 }] }))
  const [from, to] = [
    { kind: 'key', id: 'k-1', version: 3 },
    { kind: 'key', id: 'clé "2"' },
  ]
  const refused = { action: 'ReEncrypt', outcome: 'refused', reason: 'permissionDenied' } as const
  await log.append(entry('f7c2', { ...members, ...refused, at: clock.at + 5, objects: [from, to] }))
  clock.move(1500)
  const strangers = new StrangerCounts({ journal: log, clock })
  for (let call = 0; call < 12; call += 1) strangers.count('198.51.100.9', 'unknownCredential')
  await strangers.stop()
  clock.move(1000)
  await log.append(entry('f7c3', { ...members, at: clock.at, objects: [], action: 'GenerateRandom' }))
  await log.close()
  appendFileSync(join(data, 'audit', partsOf(data).at(-1) ?? ''), '{"seq":6,"prev":"0f')
  clock.move(60_000)
  const again = await opened(data, { clock })
  await again.append(entry('f7c4', { ...members, at: clock.at, objects: [from], action: 'Decrypt' }))
  expect(partsOf(data)).toEqual([...example.matchAll(/`(journal-.*?)`/g)].map(([, name]) => name))
  expect(linesOf(data)).toEqual(lines)
})
