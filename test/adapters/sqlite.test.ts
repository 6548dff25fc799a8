import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { commitGroup } from '../../src/adapters/sql/commit.ts'
import { DatabaseMissing, DatabaseTooNew, DatabaseWentBack } from '../../src/adapters/sql/errors.ts'
import { programVersion } from '../../src/adapters/sql/migrate.ts'
import { first } from '../../src/adapters/sql/migrations/0001-first.ts'
import type { OpenDatabase } from '../../src/adapters/sql/open-database.ts'
import type { Schema } from '../../src/adapters/sql/schema.ts'
import { kyselyOf, openWriter } from '../../src/adapters/sql/sqlite/connection.ts'
import { sqliteDialect } from '../../src/adapters/sql/sqlite/dialect.ts'
import { sqliteEngine } from '../../src/adapters/sql/sqlite/engine.ts'
import { openSqlite } from '../../src/adapters/sql/sqlite/open.ts'
import type { Key, Snapshot } from '../../src/core/object.ts'
import type { Use } from '../../src/core/ports.ts'
import { emptyingSql } from './emptying.ts'
import { faulty } from './faulty.ts'
import { commit, credential, importTicket, key, keyVersion, place, wrapped } from './objects.ts'
import { sqliteFile } from './sqlite-file.ts'
import { type Harness, storeContract } from './store.contract.ts'

const newHarness = async (): Promise<Harness> => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  const path = join(folder, 'keys.db')
  return {
    open: ({ skew = () => 0, cacheRows = 1000, node = 'node' } = {}) =>
      openSqlite({ path, create: true, alone: false, cacheRows, node, databaseClockSkew: skew }),
    commitFaulty: async (fault, group) => {
      const connection = openWriter(path, false)
      const dialect = sqliteDialect(connection)
      const db = new Kysely<Schema>({
        dialect: { ...dialect, createDriver: () => faulty(dialect.createDriver(), fault) },
      })
      try {
        return (await commitGroup(db, group, { node: 'node', drained: [] })).results
      } finally {
        connection.close()
      }
    },
    uses: async () => {
      const db = new DatabaseSync(path, { readOnly: true })
      try {
        return db.prepare('select key, version, principal, dialect, minute, count from usage').all() as unknown as Use[]
      } finally {
        db.close()
      }
    },
    empty: async () => {
      const db = new DatabaseSync(path, { timeout: 10_000 })
      db.exec(`pragma foreign_keys = off; begin; ${emptyingSql.join(';')}; commit`)
      db.close()
    },
    destroy: async () => rmSync(folder, { recursive: true }),
  }
}

storeContract('the SQLite store', newHarness)

describe('a SQLite database', () => {
  const file = sqliteFile()
  const { open, close, meddle } = file

  test('is missing where there is no file, and is not made unasked', async () => {
    await expect(open(false)).rejects.toBeInstanceOf(DatabaseMissing)
    expect(existsSync(file.path)).toBe(false)
  })

  test('is missing where the file is empty', async () => {
    writeFileSync(file.path, '')
    await expect(open(false)).rejects.toBeInstanceOf(DatabaseMissing)
  })

  test('of the first version is brought up to date, and keeps what is in it', async () => {
    const connection = openWriter(file.path, true)
    const db = kyselyOf(connection)
    await sql`create table schema (one integer not null primary key, version integer not null, oldest_program integer
      not null) strict`.execute(db)
    await first(db, sqliteEngine())
    await sql`insert into schema values (1, 1, 1)`.execute(db)
    connection.close()
    meddle(`insert into "key" select 'old', 'account-1', 1, 'region-1', 'p', 'c', 'ee', 'user', 'a name', '',
      'encryptDecrypt', 'aes-256', 'generated', 1, 0, 0, 5, 1, null, null, 1, 0, 365, 9, null, 0`)
    meddle(`insert into observed values ('old', 'destroy', 5, 3000000)`)
    meddle(`insert into tombstone values ('older', 'account-1', 'region-1', 'ff', 4)`)

    const now = await open(false)
    const row = await (await now.coherence.view()).get('key', 'old')
    expect(row).toMatchObject({ name: 'a name', destroyAt: 5, tags: new Map() })
    // It was about keys alone before; to observe it anew only makes the destruction later.
    expect(await now.store.due(Date.now(), 0, 1)).toEqual([])
    expect(await now.store.due(Date.now(), 1, 1)).toMatchObject([{ step: 'destroy', kind: 'key', id: 'old' }])
    await close()
    const after = new DatabaseSync(file.path)
    expect(after.prepare('select kind, key from tombstone').all()).toEqual([{ kind: 'key', key: 'older' }])
    expect(after.prepare('select version from schema').get()).toEqual({ version: programVersion })
    after.close()
  })

  test('is opened again without being made', async () => {
    await open()
    await close()
    await expect(open(false)).resolves.toBeDefined()
  })

  test('is for its owner only', async () => {
    const db = await open()
    await db.store.commit(commit([{ add: key() }]))
    for (const one of [file.path, `${file.path}-wal`]) expect(statSync(one).mode & 0o077).toBe(0)
  })

  test('is refused when a newer program wrote it that excludes this one', async () => {
    await open()
    await close()
    meddle(`update schema set version = ${programVersion + 1}, oldest_program = ${programVersion + 1}`)
    await expect(open()).rejects.toBeInstanceOf(DatabaseTooNew)
  })

  test('is accepted when a newer program wrote it that this one may run beside, and is left as it is', async () => {
    await open()
    await close()
    meddle(`update schema set version = ${programVersion + 1}, oldest_program = ${programVersion}`)
    await open()
    await close()
    const db = new DatabaseSync(file.path)
    const kept = { version: programVersion + 1, oldest_program: programVersion }
    expect(db.prepare('select version, oldest_program from schema').get()).toEqual(kept)
    db.close()
  })

  test('refuses older programs once that was asked for, and never newer ones', async () => {
    const db = await open()
    meddle(`update schema set oldest_program = ${programVersion - 1}`)
    expect(await db.schema()).toEqual({ tables: programVersion, oldestProgram: programVersion - 1 })
    await db.refuseOlder()
    expect(await db.schema()).toEqual({ tables: programVersion, oldestProgram: programVersion })
    meddle(`update schema set version = ${programVersion + 1}, oldest_program = ${programVersion + 1}`)
    await db.refuseOlder()
    expect(await db.schema()).toEqual({ tables: programVersion + 1, oldestProgram: programVersion + 1 })
  })

  test.each([
    ['its epoch is lower', 'update barrier set epoch = epoch - 1'],
    ['its generation is another', "update barrier set generation = 'other'"],
    ['its barrier is gone', 'delete from barrier'],
  ])('that went back is not served from, again and again: %s', async (_, sql) => {
    const db = await open()
    const row = key()
    await db.store.commit(commit([{ add: row }]))
    expect(await (await db.coherence.view()).get('key', row.id)).toEqual(row)
    meddle(sql)
    for (let n = 0; n < 3; n += 1) expect(() => db.coherence.view()).toThrow(DatabaseWentBack)
  })

  test('that is locked for too long fails the change as one that did not happen', async () => {
    const db = await open()
    const other = new DatabaseSync(file.path)
    other.exec('begin immediate')
    const row = key()
    const refused = db.store.commit(commit([{ add: row }]))
    await expect(refused).rejects.toThrow('locked')
    await expect(refused).rejects.not.toHaveProperty('name', 'UnknownOutcome')
    other.exec('rollback')
    other.close()
    expect(await (await db.coherence.view()).get('key', row.id)).toBeUndefined()
    expect(await db.store.commit(commit([{ add: row }]))).toMatchObject({ outcome: 'committed' })
  }, 20_000)

  test('whose rows were renumbered finds every text as before, at once and when it is opened again', async () => {
    const db = await open()
    const rows = Array.from({ length: 300 }, (_, at) => key({ name: `called ${at}` }))
    await Promise.all(rows.map((row) => db.store.commit(commit([{ add: row }]))))
    await db.store.commit(commit([{ drop: rows[0] as Key }]))
    const expected = rows
      .slice(1)
      .map(({ name }) => name)
      .filter((name) => name.includes('called 1'))
      .toSorted()
    const found = async ({ store }: OpenDatabase) => {
      const page = { filter: { search: 'called 1' }, order: 'newestFirst', offset: 0, limit: 1000 } as const
      return (await store.reader.keys(place, page, 0)).rows.map(({ name }) => name).toSorted()
    }
    expect(await found(db)).toEqual(expected)
    // What VACUUM may do to rows, and what it does to the version of the schema.
    meddle('update key set rowid = -rowid; vacuum')
    expect(await found(db)).toEqual(expected)
    expect(await found(await open())).toEqual(expected)
  })

  test('counts and finds what a program wrote that knows nothing of either', async () => {
    const db = await open()
    await db.store.commit(commit([{ add: key({ name: 'made by us' }) }]))
    const columns = () => {
      const reading = new DatabaseSync(file.path, { readOnly: true })
      const names = reading
        .prepare('pragma table_info("key")')
        .all()
        .map(({ name }) => String(name))
      reading.close()
      return names
    }
    const rest = columns()
      .filter((name) => name !== 'id' && name !== 'name')
      .join(', ')
    meddle(`insert into key (id, name, ${rest}) select 'another', 'made by them', ${rest} from key`)
    const page = { filter: { search: 'made by them' }, order: 'newestFirst', offset: 0, limit: 10 } as const
    expect((await db.store.reader.keys(place, page, 0)).rows).toMatchObject([{ id: 'another' }])
    expect(await db.store.reader.countKeys(place, {}, 0)).toBe(2)
  })

  test('answers a page of the keys of an account from an index', async () => {
    await open()
    await close()
    const db = new DatabaseSync(file.path)
    const plan = (sql: string) => JSON.stringify(db.prepare(`explain query plan ${sql}`).all())
    const where = "account = 'a' and region = 'r'"
    const order = 'order by created_at desc, id desc limit 10'
    const facts = `${where} and owner = 'user' and usage = 'u' and algorithm = 'a' and origin = 'o' and material_present = 1
      and deactivated = 0 and suspended = 0 and case when destroy_at is null then 0 else 1 end = 0`
    const ordered: [string, string][] = [
      [`select created_at, id from key where ${facts} ${order}`, 'COVERING INDEX key_by_facts'],
      [`select created_at, id from key where ${where} and name like '%a%' ${order}`, 'COVERING INDEX key_by_place'],
    ]
    for (const [sql, index] of ordered) {
      expect(plan(sql)).toContain(index)
      expect(plan(sql)).not.toContain('TEMP B-TREE')
    }
    expect(plan(`select * from key where ${where} and destroy_at is not null and destroy_at <= 1`)).toContain(
      'key_by_destruction',
    )
    const expiring = 'material_expires_at is not null and material_present = 1 and destroy_at is null'
    expect(plan(`select * from key where ${where} and ${expiring} and material_expires_at <= 1`)).toContain(
      'key_by_expiry',
    )
    db.close()
  })

  describe('from which material was removed', () => {
    const files = () =>
      Buffer.concat([file.path, `${file.path}-wal`].filter((one) => existsSync(one)).map((one) => readFileSync(one)))
    /** Both ends, for a remnant of a wrapped key is worth something too. */
    const holds = (bytes: Uint8Array, all: Buffer = files()) =>
      all.includes(Buffer.from(bytes.subarray(0, 12))) || all.includes(Buffer.from(bytes.subarray(-12)))

    test('holds none of it, in file or log, once the change was answered', async () => {
      const db = await open()
      const parent = key()
      const version = keyVersion(parent)
      const second = keyVersion(parent, 2)
      const ticket = importTicket(parent)
      const kept = credential()
      await db.store.commit(
        commit([{ add: parent }, { add: version }, { add: second }, { add: ticket }, { add: kept }]),
      )
      const material = [version.wrapped!, second.wrapped!, ticket.privateKey, kept.secret]
      expect(material.map((bytes) => holds(bytes))).toEqual([true, true, true, true])

      await db.store.commit(commit([{ put: { ...version, wrapped: null }, over: version }]))
      expect(material.map((bytes) => holds(bytes))).toEqual([false, true, true, true])
      await db.store.commit(commit([{ put: { ...ticket, privateKey: wrapped(1200) }, over: ticket }]))
      expect(material.map((bytes) => holds(bytes))).toEqual([false, true, false, true])
      await db.store.commit(commit([{ drop: parent }]))
      expect(material.map((bytes) => holds(bytes))).toEqual([false, false, false, true])
    })

    test('holds none of it after thousands of objects came and went', async () => {
      const db = await open()
      const live: { row: Snapshot<'credential'> }[] = []
      const gone: Uint8Array[] = []
      let random = 1
      const next = (below: number) => {
        random = (random * 48271) % 2147483647
        return random % below
      }
      for (let round = 0; round < 60; round += 1) {
        const growing = round < 25 || round % 2 === 0
        const changes = Array.from({ length: 100 }, () => {
          if (live.length > 0 && next(10) < (growing ? 3 : 7)) {
            const { row } = live.splice(next(live.length), 1)[0]!
            gone.push(row.secret)
            return commit([{ drop: row }])
          }
          const row = credential({ secret: wrapped([60, 92, 1200][next(3)]) })
          live.push({ row })
          return commit([{ add: row }])
        })
        const answers = await Promise.all(changes.map((each) => db.store.commit(each)))
        expect(answers.every((each) => each.outcome === 'committed')).toBe(true)
      }
      await db.store.commit(commit([{ drop: live[0]!.row }]))
      const all = files()
      expect(gone.length).toBeGreaterThan(2000)
      expect(gone.filter((bytes) => holds(bytes, all))).toEqual([])
      expect(live.slice(1).every(({ row }) => holds(row.secret, all))).toBe(true)
    }, 60_000)

    test('is cleaned later where a reader of another process held it up', async () => {
      const db = await open()
      const row = credential()
      await db.store.commit(commit([{ add: row }]))
      const other = new DatabaseSync(file.path)
      other.exec('begin')
      other.prepare('select count(*) from credential').get()
      await db.store.commit(commit([{ drop: row }]))
      expect(holds(row.secret)).toBe(true)
      other.exec('rollback')
      other.close()
      await expect.poll(() => holds(row.secret), { timeout: 5000 }).toBe(false)
    }, 30_000)
  })

  test('lists keys of the place that was asked for only', async () => {
    const db = await open()
    await db.store.commit(commit([{ add: key({ region: 'elsewhere' }) }]))
    expect(await db.store.reader.countKeys(place, {}, 0)).toBe(0)
  })
})
