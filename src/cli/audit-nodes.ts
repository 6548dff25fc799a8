/** `keystead audit search --all-nodes`: asks the server of the data folder, which finds what other nodes recorded. */
import type { AuditCriteria, AuditLine, AuditReach } from '../core/audit.ts'
import { askLines, type Reach } from './client.ts'

type Answered = AuditLine | { readonly reach: readonly AuditReach[] }

const time = (at: number): string => new Date(at).toISOString()

const told = ({ node, journal, seen, from, until, present }: AuditReach): string => {
  const name = node === '' ? journal : `${node}/${journal}`
  if (seen === 'whole') return `${name}: all of it`
  const far = from === undefined || until === undefined ? 'nothing of it' : `from ${time(from)} up to ${time(until)}`
  return present ? `${name}: ${far}; the rest is at that node` : `${name}: ${far}; THAT NODE IS SILENT`
}

/** How far the search saw, for standard error. A part is indexed once it is closed: when its UTC day ends, or it is full. */
const reachText = (reach: readonly AuditReach[]): string =>
  `searched:\n${reach.map((one) => `  ${told(one)}\n`).join('')}`

/** Hands out the lines as they come, and at the end says on standard error how far they were looked for. */
export const searchAllNodes = (
  reach: Reach,
  criteria: AuditCriteria & { readonly limit?: number },
  print: (line: AuditLine) => Promise<void>,
): Promise<void> =>
  askLines(reach, 'audit-lines', { ...criteria }, async (lines) => {
    let reach: readonly AuditReach[] | undefined
    for await (const text of lines) {
      const each = JSON.parse(text) as Answered
      if ('reach' in each) reach = each.reach
      else await print(each)
    }
    if (!reach) throw new Error('the answer ended before its end: what is printed is not all. The server log says why.')
    process.stderr.write(reachText(reach))
  })
