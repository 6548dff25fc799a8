import { inferred } from '../../../contract/evidence.ts'
import { choice, integer, lines, text } from '../../../contract/fields.ts'
import type { AuditRecord } from '../../../core/audit.ts'
import { searchRecord } from '../../../core/operations/audit-search.ts'
import { action } from '../action.ts'

const word = text({ charactersMax: 512 }).optional()
const outcomes = ['success', 'refused', 'unknown', 'failed'] as const

async function* asLines(found: ReturnType<AuditRecord['search']>): AsyncGenerator<string> {
  for await (const each of found) yield JSON.stringify(each)
}

export const AuditLines = action({
  name: 'audit-lines',
  rights: { all: 'audit:lines' },
  summary: 'Find entries in the journals of all nodes; the last line tells how far each journal was seen.',
  evidence: inferred('ours'),
  request: {
    since: integer().describe('UTC ms, from this time on.').optional(),
    until: integer().describe('UTC ms, before this time.').optional(),
    action: word,
    principal: word,
    key: word,
    outcome: choice(outcomes).optional(),
    request: word,
    source: word,
    limit: integer().describe('Entries; absent for all.').optional(),
  },
  response: { lines },
  operation: searchRecord,
  toCore: ({ limit = Number.MAX_SAFE_INTEGER, ...criteria }) => ({ criteria, limit }),
  fromCore: (found) => ({ lines: asLines(found) }),
})
