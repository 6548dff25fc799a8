/** Audit entries of changes, durable with the change itself, until the journal has them. */
import type { AuditEntry } from '../../core/audit.ts'
import type { Database } from './schema.ts'

const pendingMax = 10_000
const drainStep = 500

export const enqueue = async (db: Database, node: string, entry: AuditEntry): Promise<void> => {
  await db
    .insertInto('outbox')
    .values({ request: entry.request, at: entry.at, node, entry: JSON.stringify(entry) })
    .execute()
}

/** The oldest entries that the journal of a node may not have yet, at most 10,000. */
export const pendingEntries = async (db: Database, node: string): Promise<readonly AuditEntry[]> => {
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
  for (let from = 0; from < requests.length; from += drainStep) {
    await db
      .deleteFrom('outbox')
      .where('request', 'in', requests.slice(from, from + drainStep))
      .execute()
  }
}
