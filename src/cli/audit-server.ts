/** `keystead audit` of a server that somebody has signed in to: the record as its account may see it. */
import { setTimeout as pause } from 'node:timers/promises'
import type { AuditCriteria } from '../core/audit.ts'
import { ask, type Reach } from './client.ts'
import type { Members } from './reply.ts'

type Print = (line: string) => Promise<void>

const pageMax = 200
const pollMs = 1000

const linesIn = ({ entries }: Members): string[] =>
  (entries as readonly Members[]).map((entry) => JSON.stringify(entry))

const isoOf = (at: number): string => new Date(at).toISOString()

const queryOf = ({ since, until, ...criteria }: AuditCriteria): Members => ({
  ...criteria,
  ...(since === undefined ? {} : { from: isoOf(since) }),
  ...(until === undefined ? {} : { to: isoOf(until) }),
})

/** The newest first, page by page; all of them where `limit` is infinite. */
export const searchServer = async (
  reach: Reach,
  criteria: AuditCriteria,
  limit: number,
  print: Print,
): Promise<void> => {
  const query = queryOf(criteria)
  let [left, cursor]: [number, unknown] = [limit, undefined]
  while (left > 0) {
    const page = { limit: Math.min(left, pageMax), ...(cursor === undefined ? {} : { cursor }) }
    const answer = await ask(reach, 'audit-search', { ...query, ...page })
    const lines = linesIn(answer)
    for (const line of lines) await print(line)
    left -= lines.length
    cursor = answer.next
    if (typeof cursor !== 'string') return
  }
}

/** The newest entries, oldest first; then, where asked to follow, what comes after them. */
export const tailServer = async (reach: Reach, count: number, follow: boolean, print: Print): Promise<void> => {
  let { next } = follow ? await ask(reach, 'audit-tail', {}) : { next: undefined }
  const newest: string[] = []
  await searchServer(reach, {}, count, async (line) => void newest.unshift(line))
  for (const line of newest) await print(line)
  // What came between the two answers is in both.
  const printed = new Set(newest)
  while (follow) {
    const answer = await ask(reach, 'audit-tail', { cursor: next, limit: pageMax })
    for (const line of linesIn(answer)) if (!printed.has(line)) await print(line)
    printed.clear()
    next = answer.next
    await pause(pollMs)
  }
}
