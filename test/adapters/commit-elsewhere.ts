/** Run as a process of its own: suspends a key. Arguments: path of the database, id of the key. */
import { openSqlite } from '../../src/adapters/sql/sqlite/open.ts'
import { commit } from './objects.ts'

const [path = '', id = ''] = process.argv.slice(2)
const db = await openSqlite({ path, create: false, alone: false, cacheRows: 10 })
const over = await (await db.coherence.view()).get('key', id)
if (!over) throw new Error('no such key')
const entry = { ...commit([]).entry, request: `elsewhere-${process.pid}` }
const committed = await db.store.commit(commit([{ put: { ...over, suspended: true }, over }], { entry }))
await db.close()
process.stdout.write(committed.outcome)
