import type { AuditCriteria } from '../../core/audit.ts'
import { headOf, quote } from './line.ts'
import { dayOf, LineSplitter, listParts, readPart } from './parts.ts'

export type Criteria = AuditCriteria

const members = ['action', 'principal', 'outcome', 'request', 'source'] as const

/**
 * Compares the line's text and parses nothing: a quote inside a value is escaped, so a member's name and value in quotes
 * can stand in a line only where they are that member.
 */
export const matcher = (criteria: Criteria): ((line: string) => boolean) => {
  const needles = members.flatMap((member) => {
    const value = criteria[member]
    return value === undefined ? [] : [`"${member}":${quote(value)}`]
  })
  if (criteria.key !== undefined) needles.push(`{"kind":"key","id":${quote(criteria.key)}`)
  const since = criteria.since === undefined ? '' : new Date(criteria.since).toISOString()
  const until = criteria.until === undefined ? '~' : new Date(criteria.until).toISOString()
  return (line) => {
    if (!needles.every((needle) => line.includes(needle))) return false
    const head = headOf(line)
    return head?.type === 'entry' && head.at >= since && head.at < until
  }
}

const dayMs = 86_400_000

/**
 * The entries that match, oldest part first, in the chain's order. Parts that were written before the day before `since`
 * are not opened: an entry is written after its time, and one day is left to clocks that were set back. Nor are parts
 * that end with line `after` or before it.
 */
export async function* searchJournal(folder: string, criteria: Criteria, after = 0): AsyncGenerator<string> {
  const firstDay = criteria.since === undefined ? '' : dayOf(criteria.since - dayMs)
  const matches = matcher(criteria)
  const parts = await listParts(folder)
  for (const [index, part] of parts.entries()) {
    if (part.day < firstDay || (parts[index + 1]?.seq ?? Number.POSITIVE_INFINITY) - 1 <= after) continue
    const splitter = new LineSplitter()
    for await (const chunk of readPart(folder, part)) {
      for (const bytes of splitter.push(chunk)) {
        const line = bytes.toString('latin1')
        if (matches(line)) yield line
      }
    }
  }
}
