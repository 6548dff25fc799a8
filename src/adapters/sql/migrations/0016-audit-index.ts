/**
 * Entries of closed journal parts, so that a node can be asked for what another one recorded. It only expands: a program
 * that knows nothing of these tables runs beside one that fills them.
 */
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

/** Whatever a search asks for is found without reading what it does not ask for. */
const asked = ['action', 'principal', 'outcome', 'request', 'source'] as const

export const auditIndex = async (db: Database, { integer, text, tableEnd }: Engine): Promise<void> => {
  for (const statement of [
    sql`create table audit_journal (
      node ${text} not null,
      journal ${text} not null,
      seq ${integer} not null,
      until ${integer} not null,
      primary key (node, journal)
    ) ${tableEnd}`,
    sql`create table audit_entry (
      node ${text} not null,
      journal ${text} not null,
      seq ${integer} not null,
      at ${integer} not null,
      action ${text} not null,
      principal ${text} not null,
      outcome ${text} not null,
      request ${text} not null,
      source ${text} not null,
      line ${text} not null,
      primary key (node, journal, seq)
    ) ${tableEnd}`,
    sql`create index audit_entry_at on audit_entry (at, node, journal, seq)`,
    ...asked.map(
      (column) =>
        sql`create index ${sql.ref(`audit_entry_${column}`)} on audit_entry (${sql.ref(column)}, at, node, journal, seq)`,
    ),
    sql`create table audit_key (
      key ${text} not null,
      at ${integer} not null,
      node ${text} not null,
      journal ${text} not null,
      seq ${integer} not null,
      primary key (key, at, node, journal, seq)
    ) ${tableEnd}`,
    sql`create index audit_key_entry on audit_key (node, journal, seq)`,
  ])
    await statement.execute(db)
}
