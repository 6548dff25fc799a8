/** Audit entries of changes, durable with the change itself, until the journal has them. */
import type { AuditEntry } from '../../core/audit.ts'
import type { Instant } from '../../core/object.ts'
import type { Database } from './schema.ts'
import { inSteps } from './steps.ts'

const pendingMax = 10_000
const drainStep = 500
/** Entries of one INSERT. */
const enqueueStep = 100

export const enqueue = async (db: Database, node: string, entries: readonly AuditEntry[]): Promise<void> => {
  const rows = entries.map((entry) => ({ request: entry.request, at: entry.at, node, entry: JSON.stringify(entry) }))
  for (const some of inSteps(rows, enqueueStep)) await db.insertInto('outbox').values(some).execute()
}

/** How long a node has to write its entries itself, ms: after it another one does, for it may never come back. */
const abandonedMs = 3_600_000

/**
 * The oldest entries that the journal of a node may not have yet, at most 10,000; those that another node left behind
 * are among them, and are this node's from then on. Its own journal may have had them, so that an entry can be found in
 * two journals, under one request id.
 */
export const pendingEntries = async (db: Database, node: string, now: Instant): Promise<readonly AuditEntry[]> => {
  await db
    .updateTable('outbox')
    .set({ node })
    .where('at', '<', now - abandonedMs)
    .where('node', '<>', node)
    .execute()
  const rows = await db
    .selectFrom('outbox')
    .select('entry')
    .where('node', '=', node)
    .orderBy('at')
    .orderBy('request')
    .limit(pendingMax)
    .execute()
  return rows.map((row) => JSON.parse(row.entry) as AuditEntry)
}

export const drain = async (db: Database, requests: readonly string[]): Promise<void> => {
  for (const some of inSteps(requests, drainStep)) await db.deleteFrom('outbox').where('request', 'in', some).execute()
}
