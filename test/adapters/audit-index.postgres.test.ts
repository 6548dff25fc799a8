import { openPostgres } from '../../src/adapters/sql/postgres/open.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { newDatabase } from '../harness/postgres.ts'
import { auditIndexContract } from './audit-index.contract.ts'

auditIndexContract('the index of the record on PostgreSQL', async () => {
  const { url, drop } = await newDatabase()
  const open = { url, create: true, cacheRows: 100, node: 'n1', leaseMs: 1_000, clock: systemClock }
  const db = await openPostgres({ ...open, onWentBack: () => undefined })
  if (!db.auditIndex) throw new Error('nodes that share a database have an index')
  const close = async () => {
    await db.close()
    await drop()
  }
  return { index: db.auditIndex, close }
})
