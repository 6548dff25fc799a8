import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { expect, test } from 'vitest'
import { commitGroup } from '../../src/adapters/sql/commit.ts'
import { openPostgres } from '../../src/adapters/sql/postgres/open.ts'
import type { Schema } from '../../src/adapters/sql/schema.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import type { Use } from '../../src/core/ports.ts'
import { newDatabase } from '../harness/postgres.ts'
import { emptyingSql } from './emptying.ts'
import { faulty } from './faulty.ts'
import { commit, key, now, place } from './objects.ts'
import { type Harness, storeContract } from './store.contract.ts'

const newHarness = (hints: boolean) => async (): Promise<Harness> => {
  const database = await newDatabase()
  return {
    open: ({ skew = () => 0, cacheRows = 1000, node = 'node' } = {}) =>
      openPostgres({
        url: database.url,
        create: true,
        cacheRows,
        node,
        leaseMs: 1_000,
        clock: systemClock,
        hints,
        databaseClockSkew: skew,
        onWentBack: () => undefined,
      }),
    commitFaulty: async (fault, group) => {
      const pool = new pg.Pool({ connectionString: database.url, max: 1 })
      const dialect = new PostgresDialect({ pool })
      const db = new Kysely<Schema>({
        dialect: {
          createAdapter: () => dialect.createAdapter(),
          createDriver: () => faulty(dialect.createDriver(), fault),
          createIntrospector: (kysely) => dialect.createIntrospector(kysely),
          createQueryCompiler: () => dialect.createQueryCompiler(),
        },
      })
      try {
        return (await commitGroup(db, group, { node: 'node', drained: [] })).results
      } finally {
        await db.destroy()
      }
    },
    uses: async () => {
      const rows = await database.query<Use & { minute: string; count: string }>(
        'select key, version, principal, dialect, minute, count from usage',
      )
      return rows.map((row) => ({ ...row, minute: Number(row.minute), count: Number(row.count) }))
    },
    empty: async () => void (await database.query(emptyingSql.join(';'))),
    destroy: () => database.drop(),
  }
}

storeContract('the PostgreSQL store', newHarness(true))

const opening = {
  create: true,
  cacheRows: 10,
  node: 'node',
  leaseMs: 1_000,
  clock: systemClock,
  onWentBack: () => undefined,
}

test('a damaged row fails whoever asks for that row, and nobody who asks at the same time', async () => {
  const database = await newDatabase()
  const db = await openPostgres({ url: database.url, ...opening })
  try {
    const [broken, sound] = [key(), key()]
    await db.store.commit(commit([{ add: broken }, { add: sound }]))
    await database.query(`update key set origin = 'elsewhere' where id = '${broken.id}'`)
    const view = await db.coherence.view()
    const asked = [broken, sound, broken].map(({ id }) => view.get('key', id))
    const told = (await Promise.allSettled(asked)).map(({ status }) => status)
    expect(told).toEqual(['rejected', 'fulfilled', 'rejected'])
    expect(await asked[1]).toEqual(sound)
  } finally {
    await db.close()
    await database.drop()
  }
})

test('a server whose user may make no extension is told of once, and finds every text all the same', async () => {
  const database = await newDatabase()
  const role = `plain_${new URL(database.url).pathname.slice(-12)}`
  await database.query(`create role ${role} login password 'plain'; grant all on schema public to ${role}`)
  const url = new URL(database.url)
  url.username = role
  url.password = 'plain'
  const remarks: Error[] = []
  const db = await openPostgres({
    url: url.href,
    ...opening,
    onRemark: (remark) => remarks.push(remark),
  })
  try {
    expect(remarks.map(({ message }) => message)).toEqual([expect.stringContaining('pg_trgm')])
    await db.store.commit(commit([{ add: key({ name: '100 % of it' }) }]))
    await db.store.commit(commit([{ add: key({ name: '100 of it' }) }]))
    const page = { filter: { search: '0 % O' }, order: 'newestFirst', offset: 0, limit: 10 } as const
    expect((await db.store.reader.keys(place, page, now)).rows.map(({ name }) => name)).toEqual(['100 % of it'])
  } finally {
    await db.close()
    await database.query(`drop owned by ${role}; drop role ${role}`)
    await database.drop()
  }
})
