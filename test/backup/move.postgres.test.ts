/** The same rows in the other engine: an installation that is moved to a server, backed up there, and restored to a file. */
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { openBackupKeyFile } from '../../src/adapters/backup/key-file.ts'
import { operationsOf } from '../../src/main.ts'
import { restoreBackup } from '../../src/restore.ts'
import { failed, served, told } from '../administration/command.ts'
import { testSettings } from '../harness/keystead.ts'
import { newDatabase } from '../harness/postgres.ts'
import { keystead } from '../server/child.ts'
import { newData, newFolder } from '../server/folders.ts'
import { underLoad, unopened } from './load.ts'

const database = await newDatabase()
afterAll(() => database.drop())

test('what was acknowledged before a move, and before a backup of the server under load, opens after each', async () => {
  const [from, data, back, folder] = [newData(), newData(), newData(), newFolder()]
  const url = join(folder, 'url')
  writeFileSync(url, database.url, { mode: 0o600 })
  const source = await served(from)
  const before = underLoad(source)
  await sleep(500)
  await before.stop()
  await source.stop()
  expect(before.faults).toEqual([])

  const moved = await told(data, 'migrate', '--from', `sqlite:${from}`, '--to-file', url)
  expect(moved.keys).toBeGreaterThan(4)
  expect(await failed(from, 'status')).toMatch(/^everything in this database was moved to postgres:/)
  expect(await failed(data, 'migrate', '--from', `sqlite:${from}`, '--to-file', url)).toMatch(/was moved to .* already/)

  copyFileSync(join(from, 'credentials.json'), join(data, 'credentials.json'))
  const server = await served(data, '--database-file', url)
  expect(await unopened(server, before.told)).toEqual([])
  const during = underLoad(server, 'second')
  await sleep(500)
  const acknowledged = [...before.told, ...during.told]
  const [key, file] = [join(folder, 'key'), join(folder, 'backup')]
  expect((await keystead(['backup', 'key', '--out', key]).exited).code).toBe(0)
  await told(data, 'backup', '--to', file, '--backup-key', key)
  await during.stop()
  await server.stop()
  expect(during.faults).toEqual([])

  const rootKey = join(data, 'root.key')
  const restored = await told(back, 'restore', file, '--backup-key', key, '--root-key', rootKey)
  expect(restored.ok).toBe(true)
  await told(back, 'restore', 'accept')
  copyFileSync(join(from, 'credentials.json'), join(back, 'credentials.json'))
  const again = await served(back)
  expect(await unopened(again, acknowledged)).toEqual([])
  await again.stop()

  const [second, node] = [await newDatabase(), newData()]
  const nothing = () => {}
  const places = { file, key: openBackupKeyFile(key), settings: testSettings(node, { database: second.url }), rootKey }
  const restore = {
    ...places,
    journals: [],
    operationsOf,
    secret: () => Promise.reject(new Error('not sealed')),
    onBytes: nothing,
    onRows: nothing,
  }
  const header = await restoreBackup(restore)
  const counts = await second.query<{ n: number }>('select count(*)::int as n from key_version')
  expect(counts[0]?.n).toBe(header.rows.key_version)
  expect(await second.query('select * from quarantine')).toHaveLength(1)
  // The place is taken now, and nothing is put over it.
  await expect(restoreBackup({ ...restore, settings: { ...restore.settings, data: newData() } })).rejects.toThrow(
    'not empty',
  )
  await second.drop()
})
