/** A change and its record are committed together; the record reaches the journal even when the process ends between. */
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { verifyJournal } from '../../src/adapters/audit-log/verify.ts'
import { databasePath } from '../../src/adapters/data-folder/folder.ts'
import { openSqlite } from '../../src/adapters/sql/sqlite/open.ts'
import type { AuditEntry } from '../../src/core/audit.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'

let keystead: TestKeystead
afterAll(() => keystead.end())

/** Commits nothing but these records, as a process that is killed before it tells the journal. */
const crash = async (folder: string, entries: readonly AuditEntry[]): Promise<void> => {
  const database = await openSqlite({ path: databasePath(folder), create: false, alone: true, cacheRows: 100 })
  for (const entry of entries) await database.store.commit({ guards: [], effects: [], entry, now: entry.at })
  await database.close()
}

test('is written at the next start, in its order, once, and once only', async () => {
  keystead = await startKeystead()
  const { folder } = keystead
  const { RequestId } = await keystead.ok('CreateKey', { Alias: 'recorded' })
  await keystead.stop()
  const written = keystead.audit().find(({ request }) => request === RequestId)
  const common = { dialect: 'tencent', region: 'guangzhou', account: '1', principal: '1', credential: 'c', source: 's' }
  const entry = (request: string, at: number): AuditEntry => ({
    ...common,
    request,
    at,
    action: 'EnableKey',
    objects: [{ kind: 'key', id: 'k', version: 1 }],
    outcome: 'success',
  })
  // The last one reached the journal, and the process ended before the outbox knew.
  await crash(folder, [entry('second', 2), entry('first', 1), entry(RequestId, 3)])

  for (let start = 0; start < 2; start++) {
    keystead = await startKeystead({ folder })
    const lines = keystead.audit()
    expect(lines.filter(({ request }) => request === RequestId)).toEqual([written])
    expect(lines.filter(({ action }) => action === 'EnableKey').map(({ request }) => request)).toEqual([
      'first',
      'second',
    ])
    await keystead.stop()
  }
  expect(await verifyJournal(join(folder, 'audit'))).toMatchObject({ whole: true })
})
