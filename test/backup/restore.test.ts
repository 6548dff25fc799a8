/** A backup of a server that is busy, restored elsewhere, as an operator does it. */
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { createRootKeyFile } from '../../src/adapters/root-key/file.ts'
import { failed, newUser, run, type Served, said, served, told } from '../administration/command.ts'
import { keystead } from '../server/child.ts'
import { newData, newFolder } from '../server/folders.ts'
import { type Told, underLoad, unopened } from './load.ts'

const command = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await keystead(args).exited
  expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' })
  return stdout
}

const journalOf = (data: string): string[] =>
  readdirSync(join(data, 'audit')).flatMap((name) => readFileSync(join(data, 'audit', name), 'utf8').split('\n'))

const generationOf = (data: string): unknown => {
  const db = new DatabaseSync(join(data, 'keystead.db'), { readOnly: true })
  const row = db.prepare('select generation from barrier').get()
  db.close()
  return row?.generation
}

const destroyedAt = (data: string, id: string): unknown => {
  const db = new DatabaseSync(join(data, 'keystead.db'), { readOnly: true })
  const row = db.prepare('select destroy_at from "key" where id = ?').get(id)
  db.close()
  return row?.destroy_at
}

let folder: string
let source: Served
let before: Told[]
let lost: string
const paths = { key: '', backup: '', root: '' }
const ids = { suspended: '', planned: '', kept: '', accessKey: '', made: '' }

/** Busy while the backup is made; then things are taken away, and the server is lost. */
beforeAll(async () => {
  folder = newFolder()
  for (const name of ['key', 'backup', 'root'] as const) paths[name] = join(folder, name)
  await command('backup', 'key', '--out', paths.key)
  source = await served()
  const user = await newUser(source.data, 'alice')
  ids.accessKey = user.secretId
  for (const name of ['suspended', 'planned', 'kept'] as const)
    ids[name] = (await source.call('CreateKey', { Alias: name })).response.KeyId
  await source.call('DisableKey', { KeyId: ids.kept })
  await source.call('ScheduleKeyDeletion', { KeyId: ids.kept, PendingWindowInDays: 7 })
  const load = underLoad(source)
  await sleep(700)
  before = [...load.told]
  const calls = load.calls
  await command('backup', '--data', source.data, '--to', paths.backup, '--backup-key', paths.key)
  expect(load.calls - calls).toBeGreaterThan(20)
  await load.stop()
  expect(load.faults).toEqual([])
  expect(await unopened(source, load.told.slice(-5))).toEqual([])

  await source.call('DisableKey', { KeyId: ids.suspended })
  await source.call('DisableKey', { KeyId: ids.planned })
  await source.call('ScheduleKeyDeletion', { KeyId: ids.planned, PendingWindowInDays: 7 })
  await told(source.data, 'access-key', 'delete', ids.accessKey)
  await source.call('CancelKeyDeletion', { KeyId: ids.kept })
  ids.made = (await source.call('CreateKey', { Alias: 'made-later' })).response.KeyId
  await source.stop()
  lost = source.data
  copyFileSync(join(lost, 'root.key'), paths.root)
})

const restoreArgs = (...more: string[]) => [
  'restore',
  paths.backup,
  '--backup-key',
  paths.key,
  '--root-key',
  paths.root,
  ...more,
]
const undoneOf = (undone: readonly Record<string, string>[]) =>
  undone.map(({ was, kind, id }) => `${was} ${kind} ${id}`)
const expected = () => [
  `suspended key ${ids.suspended}`,
  `suspended key ${ids.planned}`,
  `destructionScheduled key ${ids.planned}`,
  `removed credential ${ids.accessKey}`,
  `kept key ${ids.kept}`,
  `lost key ${ids.made}`,
]

describe('a backup of a busy server', () => {
  test('is one file for its owner alone, which shows no name, id or root key of what is in it', async () => {
    expect(statSync(paths.backup).mode & 0o777).toBe(0o600)
    expect(existsSync(`${paths.backup}.part`)).toBe(false)
    const bytes = readFileSync(paths.backup)
    const root = JSON.parse(readFileSync(paths.root, 'utf8')).generations[0]
    for (const secret of [ids.suspended, 'alice', root.id, root.key, Buffer.from(root.key, 'base64')])
      expect(bytes.includes(secret)).toBe(false)
    const [line] = journalOf(lost).filter((text) => text.includes('"action":"backup"'))
    expect(JSON.parse(line!)).toMatchObject({ dialect: 'native', source: 'admin.sock', outcome: 'success' })
  })

  test('is never put over a file, and read to its end by verify', async () => {
    expect(await failed(lost, 'backup', '--to', paths.backup, '--backup-key', paths.key)).toMatch(/is there already/)
    expect(await command('backup', 'verify', paths.backup, '--backup-key', paths.key)).toMatch(/^whole: /)
    const damaged = join(folder, 'damaged')
    const bytes = readFileSync(paths.backup)
    bytes[bytes.length - 1]! ^= 1
    writeFileSync(damaged, bytes)
    const args = ['backup', 'verify', damaged, '--backup-key', paths.key]
    expect(await keystead(args).exited).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/damaged, changed or cut off/),
    })
  })

  test('is refused with the wrong root key, or into a used folder, before anything is written', async () => {
    const data = newData()
    const other = join(folder, 'other.key')
    createRootKeyFile(other)
    const wrong = ['restore', paths.backup, '--backup-key', paths.key, '--root-key', other]
    expect(await failed(data, ...wrong)).toMatch(
      /^the backup needs root key [0-9a-f]{32}, generation 1, which is not here/,
    )
    expect(existsSync(data)).toBe(false)
    expect(await failed(lost, 'restore', paths.backup, '--backup-key', paths.key)).toMatch(/is there already/)
  })
})

describe('a restored installation', () => {
  test('answers no client in its quarantine, tells what the backup undoes, does it again, and opens all that was acknowledged', async () => {
    const data = newData()
    const restored = await told(data, ...restoreArgs('--since-audit', join(lost, 'audit')))
    expect(restored.ok).toBe(true)
    expect(restored).toMatchObject({ quarantined: true, sources: ['journal'] })
    expect(undoneOf(restored.undone)).toEqual(expect.arrayContaining(expected()))
    expect(undoneOf(restored.undone).filter((one) => !one.startsWith('lost '))).toHaveLength(5)

    copyFileSync(join(lost, 'credentials.json'), join(data, 'credentials.json'))
    const server = await served(data)
    expect(generationOf(data)).not.toBe(generationOf(lost))
    expect((await server.call('ListKeys')).code).toMatch(/Unavailable|InternalError/)
    expect(await said(data, 'restore', 'status')).toMatch(new RegExp(`suspended +key +${ids.suspended}`))
    expect((await told(data, 'status')).quarantined).toBe(true)

    const accepted = await told(data, 'restore', 'accept', '--redo')
    expect(accepted.done).toHaveLength(5)
    const states = async (id: string) =>
      (await server.call('DescribeKey', { KeyId: id })).response.KeyMetadata?.KeyState
    expect(await Promise.all([ids.suspended, ids.planned, ids.kept].map(states))).toEqual([
      'Disabled',
      'PendingDelete',
      'Disabled',
    ])
    expect(await said(data, 'access-key', 'list')).not.toContain(ids.accessKey)
    expect(before.length).toBeGreaterThan(20)
    expect(await unopened(server, before)).toEqual([])
    expect(await told(data, 'restore', 'status')).toEqual({ quarantined: false })
    expect(await failed(data, 'restore', 'accept')).toBe('There is no such quarantine.')
    // It goes on as any other: what is made now is there after a restart.
    expect((await server.call('CreateKey', { Alias: 'after' })).code).toBeUndefined()
    await server.stop()
    expect((await told(data, 'doctor')).ok).toBe(true)
  })

  test('is told the same by a newer database, and says that it cannot know without either', async () => {
    const [compared, blind] = [newData(), newData()]
    const found = await told(compared, ...restoreArgs('--newer-database', join(lost, 'keystead.db')))
    expect(found.sources).toEqual(['database'])
    expect(undoneOf(found.undone)).toEqual(expect.arrayContaining(expected()))
    // Neither a copy nor a move leads out of it.
    const copied = ['backup', '--to', join(folder, 'of-quarantine'), '--backup-key', paths.key]
    expect(await failed(compared, ...copied)).toMatch(/is in quarantine/)
    const moved = ['migrate', '--from', `sqlite:${compared}`, '--to', 'postgres://nobody@127.0.0.1:1/none']
    expect(await failed(newData(), ...moved)).toMatch(/is in quarantine/)
    // A date that would have passed meanwhile is a date that nobody can cancel any more.
    expect(destroyedAt(compared, ids.kept)).toBeGreaterThanOrEqual(Date.parse(found.restoredAt) + 7 * 86_400_000)
    const { stdout, code } = await run(blind, ...restoreArgs())
    expect(code).toBe(0)
    expect(stdout).toContain('It cannot be known what the backup undoes')
  })
})
