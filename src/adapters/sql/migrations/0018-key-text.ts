/**
 * SQLite's index of every three characters that follow each other in a key's id or name. PostgreSQL has one of its own,
 * which needs an extension (`postgres/text-index.ts`).
 *
 * Triggers note which rows the index lacks; `sqlite/text-index.ts` takes them in, many at once. The index itself is not
 * written by a trigger: it flushes at every savepoint, and each change has one. It goes by rowid, keeps no text, and may tell of
 * keys that no longer have the text: whoever searches looks at the keys themselves.
 */
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../schema.ts'

const statements = [
  sql`create virtual table key_text using fts5 (id, name,
    content = '', contentless_delete = 1, detail = none, tokenize = 'trigram')`,
  sql`create table key_text_lacks (row integer primary key) strict`,
  sql`create table key_text_made (one integer primary key check (one = 1), schema_version integer not null) strict`,
  ...(['insert', 'delete'] as const).map(
    (change) => sql`create trigger ${sql.ref(`key_text_after_${change}`)} after ${sql.raw(change)} on "key" begin
      insert or ignore into key_text_lacks values (${sql.ref(change === 'insert' ? 'new.rowid' : 'old.rowid')}); end`,
  ),
  sql`create trigger key_text_after_update after update on "key" when old.name is not new.name or old.id is not new.id begin
    insert or ignore into key_text_lacks values (new.rowid); end`,
]

export const keyText = async (db: Database, { name }: Engine): Promise<void> => {
  if (name === 'sqlite') for (const statement of statements) await statement.execute(db)
}
