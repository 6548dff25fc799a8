/** What of an entry goes into the index, and what is asked of it there. */
import type { AuditCriteria, AuditObject, IndexedEntry } from '../../core/audit.ts'
import { hashOf, quote } from './line.ts'

/** So that a row of an index fits into a page of every engine. */
const wordMax = 255

/** As the value stands in a line, in ASCII; a long one is found by its hash. */
const wordOf = (value: unknown): string => {
  const word = quote(String(value)).slice(1, -1)
  return word.length <= wordMax ? word : hashOf(word)
}

/** @throws SyntaxError where the line is no JSON */
export const indexedEntry = (line: string): IndexedEntry => {
  const { seq, at, action, principal, outcome, request, source, objects } = JSON.parse(line)
  const keys = (objects as readonly AuditObject[]).filter(({ kind }) => kind === 'key').map(({ id }) => wordOf(id))
  return {
    seq,
    at: Date.parse(at),
    action: wordOf(action),
    principal: wordOf(principal),
    outcome: wordOf(outcome),
    request: wordOf(request),
    source: wordOf(source),
    keys: [...new Set(keys)],
    line,
  }
}

const words = ['action', 'principal', 'outcome', 'request', 'source', 'key'] as const

/** The same criteria, in the words of the index. */
export const indexedCriteria = ({ since, until, ...texts }: AuditCriteria): AuditCriteria => ({
  since,
  until,
  ...Object.fromEntries(
    words.flatMap((name) => (texts[name] === undefined ? [] : [[name, wordOf(texts[name])] as const])),
  ),
})
