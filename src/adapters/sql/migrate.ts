/**
 * Numbered, forward-only migrations. A migration first expands (an older program still runs on the result) and contracts
 * one release later: `oldest_program` is the lowest version whose program may run on the database as it is now.
 */
import { sql } from 'kysely'
import type { Engine } from './engine.ts'
import { DatabaseMissing, DatabaseTooNew } from './errors.ts'
import { first } from './migrations/0001-first.ts'
import { organisation } from './migrations/0002-organisation.ts'
import { dataKeys } from './migrations/0003-data-keys.ts'
import { tags } from './migrations/0004-tags.ts'
import { publicKeys } from './migrations/0005-public-keys.ts'
import { grants } from './migrations/0006-grants.ts'
import { keyStores } from './migrations/0007-key-stores.ts'
import { accessPoints } from './migrations/0008-access-points.ts'
import { credentialDescription } from './migrations/0009-credential-description.ts'
import { aliases } from './migrations/0010-aliases.ts'
import { materialDigests } from './migrations/0011-material-digests.ts'
import { nodes } from './migrations/0012-nodes.ts'
import { whiteBoxKeys } from './migrations/0013-white-box-keys.ts'
import { quarantine } from './migrations/0015-quarantine.ts'
import { auditIndex } from './migrations/0016-audit-index.ts'
import { keyCounts } from './migrations/0017-key-counts.ts'
import { keyText } from './migrations/0018-key-text.ts'
import type { Database } from './schema.ts'

interface Migration {
  readonly version: number
  readonly oldestProgram: number
  up(db: Database, engine: Engine): Promise<void>
}

const migrations: readonly Migration[] = [
  { version: 1, oldestProgram: 1, up: first },
  { version: 2, oldestProgram: 2, up: organisation },
  { version: 3, oldestProgram: 3, up: dataKeys },
  { version: 4, oldestProgram: 4, up: tags },
  { version: 5, oldestProgram: 5, up: publicKeys },
  { version: 6, oldestProgram: 6, up: grants },
  { version: 7, oldestProgram: 7, up: keyStores },
  { version: 8, oldestProgram: 8, up: accessPoints },
  { version: 9, oldestProgram: 9, up: credentialDescription },
  { version: 10, oldestProgram: 10, up: aliases },
  { version: 11, oldestProgram: 11, up: materialDigests },
  { version: 12, oldestProgram: 12, up: nodes },
  { version: 13, oldestProgram: 13, up: whiteBoxKeys },
  { version: 15, oldestProgram: 15, up: quarantine },
  { version: 16, oldestProgram: 15, up: auditIndex },
  { version: 17, oldestProgram: 15, up: keyCounts },
  { version: 18, oldestProgram: 15, up: keyText },
]

/** The schema version that this program writes. */
export const programVersion = Math.max(...migrations.map((migration) => migration.version))

const versionOf = async (db: Database): Promise<number> => {
  const row = await db.selectFrom('schema').select(['version', 'oldest_program']).executeTakeFirst()
  if (row && row.oldest_program > programVersion) {
    throw new DatabaseTooNew(`the database needs schema ${row.oldest_program}, this program knows ${programVersion}`)
  }
  return row?.version ?? 0
}

/**
 * Brings the database to this program's version, or to the one that is asked for, in one transaction. Throws
 * `DatabaseMissing`, `DatabaseTooNew`.
 */
export const migrate = async (
  db: Database,
  engine: Engine,
  create: boolean,
  upTo: number = programVersion,
): Promise<void> => {
  await db.transaction().execute(async (tx) => {
    await sql`create table if not exists schema (
      one integer not null primary key check (one = 1),
      version integer not null,
      oldest_program integer not null
    ) ${engine.tableEnd}`.execute(tx)
    await engine.oneAtATime?.execute(tx)
    const version = await versionOf(tx)
    if (version === 0 && !create) throw new DatabaseMissing('the file holds no Keystead database')
    for (const migration of migrations.filter((one) => one.version > version && one.version <= upTo)) {
      await migration.up(tx, engine)
      const row = { version: migration.version, oldest_program: migration.oldestProgram }
      await tx
        .insertInto('schema')
        .values({ one: 1, ...row })
        .onConflict((conflict) => conflict.column('one').doUpdateSet(row))
        .execute()
    }
  })
}

/** Which programs may run on the database. */
export interface SchemaState {
  readonly tables: number
  readonly oldestProgram: number
}

export const schemaState = async (db: Database): Promise<SchemaState> => {
  const row = await db.selectFrom('schema').select(['version', 'oldest_program']).executeTakeFirstOrThrow()
  return { tables: row.version, oldestProgram: row.oldest_program }
}

/** Refuses programs older than this one; never one that is newer. */
export const refuseOlder = async (db: Database): Promise<void> => {
  await db
    .updateTable('schema')
    .set({ oldest_program: programVersion })
    .where('oldest_program', '<', programVersion)
    .execute()
}
