import { DatabaseSync } from 'node:sqlite'
import { auditIndexOver } from '../../src/adapters/sql/audit-index.ts'
import { migrate } from '../../src/adapters/sql/migrate.ts'
import { kyselyOf } from '../../src/adapters/sql/sqlite/connection.ts'
import { sqliteEngine } from '../../src/adapters/sql/sqlite/engine.ts'
import { auditIndexContract } from './audit-index.contract.ts'

auditIndexContract('the index of the record on SQLite', async () => {
  const file = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  const db = kyselyOf(file)
  await migrate(db, sqliteEngine(), true)
  return { index: auditIndexOver(db, sqliteEngine, (work) => work()), close: async () => file.close() }
})
