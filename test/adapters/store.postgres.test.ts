import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { commitGroup } from '../../src/adapters/sql/commit.ts'
import { openPostgres } from '../../src/adapters/sql/postgres/open.ts'
import type { Schema } from '../../src/adapters/sql/schema.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import type { Use } from '../../src/core/ports.ts'
import { newDatabase } from '../harness/postgres.ts'
import { emptyingSql } from './emptying.ts'
import { faulty } from './faulty.ts'
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
