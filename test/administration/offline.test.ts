/** The same commands without a server: they start what is needed by themselves, under the data folder's lock. */
import { chmodSync, closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { lockFolder } from '../../src/adapters/data-folder/folder.ts'
import { keyVersionId } from '../../src/core/object.ts'
import { serving } from '../server/child.ts'
import { newData, newFolder } from '../server/folders.ts'
import { cam, failed, newUser, policyFile, run, type Served, said, served, told } from './command.ts'

const socketOf = (data: string) => join(data, 'admin.sock')
const lines = (data: string) =>
  readdirSync(join(data, 'audit'))
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(data, 'audit', name), 'utf8').split('\n'))
    .filter(Boolean)
    .map((line) => JSON.parse(line))

/** A folder that a server has set up and left. */
const setUp = async (work: (server: Served) => Promise<unknown> = async () => {}): Promise<string> => {
  const server = await served()
  await work(server)
  await server.stop()
  return server.data
}

describe('without a server', () => {
  test('everything is done all the same, and the next server knows it', async () => {
    const data = await setUp()
    expect(existsSync(socketOf(data))).toBe(false)
    const key = await newUser(data, 'alice')
    const file = policyFile(cam('allow', 'kms:ListKeys'))
    await told(data, 'policy', 'attach', '--user', 'alice', '--name', 'p', '--file', file)
    expect(await told(data, 'policy', 'check', '--user', 'alice', '--action', 'kms:ListKeys')).toMatchObject({
      allowed: true,
    })
    expect(await failed(data, 'user', 'create', 'alice')).toBe('The name is taken.')
    expect(await told(data, 'status')).toMatchObject({ data, journalHealthy: true })
    expect(existsSync(socketOf(data))).toBe(false)
    const own = lines(data).filter(({ dialect }) => dialect === 'native')
    expect(own.map(({ action, source }) => [action, source])).toContainEqual(['user-create', 'command'])

    const server = await served(data)
    expect((await server.call('ListKeys', {}, { key })).code).toBeUndefined()
    expect((await server.call('CreateKey', { Alias: 'x' }, { key })).code).toBe('UnauthorizedOperation')
    expect((await told(data, 'status')).pid).toBe(server.child.process.pid)
    await server.stop()
    expect(existsSync(socketOf(data))).toBe(false)
  })

  test('a folder that was never set up, or is not there, is refused and nothing is made', async () => {
    const missing = newData()
    expect(await failed(missing, 'status')).toBe(
      `${missing}: there is no data folder. Check --data, or start with --init to make a new one.`,
    )
    expect(existsSync(missing)).toBe(false)
    const empty = newFolder()
    expect(await failed(empty, 'user', 'list')).toMatch(/nothing was set up here/)
    expect(readdirSync(empty).filter((name) => name !== 'lock')).toEqual([])
  })

  test('one command at a time: whoever comes meanwhile is told that the folder is in use', async () => {
    const data = await setUp()
    const lock = lockFolder(data)
    const sentence = `${data}: another Keystead server is using this data folder. Stop it, or choose --data.`
    expect(await failed(data, 'user', 'create', 'bob')).toBe(sentence)
    lock.release()
    const rans = await Promise.all(['bob', 'carol', 'dan'].map((name) => run(data, 'user', 'create', name, '--json')))
    const done = rans.filter(({ code }) => code === 0)
    expect(done.length).toBeGreaterThanOrEqual(1)
    for (const { code, stderr } of rans) if (code !== 0) expect(stderr).toBe(`keystead: ${sentence}\n`)
    const { users } = await told(data, 'user', 'list')
    expect(users).toHaveLength(1 + done.length)
  })

  test('a socket that a killed server left behind is no server, and the next one replaces it', async () => {
    const server = await served()
    const { data } = server
    server.child.process.kill('SIGKILL')
    await server.child.exited
    expect(existsSync(socketOf(data))).toBe(true)
    await expect(
      new Promise((resolve, reject) => connect(socketOf(data)).on('connect', resolve).on('error', reject)),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await told(data, 'user', 'create', 'after-the-kill')
    const again = await served(data)
    const { users } = await told(data, 'user', 'list')
    expect(users.map(({ name }: { name: string }) => name)).toContain('after-the-kill')
    expect((await told(data, 'status')).pid).toBe(again.child.process.pid)
    await again.stop()
  })

  test('a folder whose path is too long for a socket is refused before anything is made', async () => {
    const data = join(newFolder(), 'x'.repeat(100))
    const { code, stderr } = await serving(data).exited
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^keystead: .*: the path is \d+ bytes too long for the socket in it\. Choose another --data\.\n$/,
    )
    expect(existsSync(data)).toBe(false)
    expect(await failed(data, 'status')).toMatch(/bytes too long/)
  })
})

describe('doctor', () => {
  const brokenIn = async (data: string) => {
    const [ran, text] = [await run(data, 'doctor', '--json'), await run(data, 'doctor')]
    expect([ran.code, text.code]).toEqual([1, 1])
    const { ok, findings } = JSON.parse(ran.stdout)
    expect(ok).toBe(false)
    const broken = findings.filter((one: { ok: boolean }) => !one.ok)
    for (const { name } of broken) expect(text.stdout).toMatch(new RegExp(`^BROKEN +${name} `, 'm'))
    return broken
  }

  test('finds a key version whose row was damaged, and names it', async () => {
    let [KeyId, other] = ['', '']
    const data = await setUp(async ({ call }) => {
      KeyId = (await call('CreateKey', { Alias: 'damaged' })).response.KeyId
      other = (await call('CreateKey', { Alias: 'sound' })).response.KeyId
    })
    expect((await told(data, 'doctor')).ok).toBe(true)
    const db = new DatabaseSync(join(data, 'keystead.db'))
    const row = db
      .prepare('select slot, bytes from material where slot = (select material from key_version where id = ?)')
      .get(keyVersionId(KeyId, 1)) as { slot: number; bytes: Uint8Array }
    const bytes = Buffer.from(row.bytes)
    bytes[bytes.length - 20]! ^= 1
    db.prepare('update material set bytes = ? where slot = ?').run(bytes, row.slot)
    db.close()
    expect(await brokenIn(data)).toEqual([
      { name: 'key versions', ok: false, detail: `these do not: ${keyVersionId(KeyId, 1)}` },
    ])
    expect(other).not.toBe('')
  })

  test('finds a data key whose row was damaged', async () => {
    let DataKeyId = ''
    const data = await setUp(async ({ call }) => {
      const { KeyId } = (await call('CreateKey', { Alias: 'protects' })).response
      const hosted = { KeyId, KeySpec: 'AES_256', IsHostedByKms: 1 }
      DataKeyId = (await call('GenerateDataKey', { ...hosted, DataKeyName: 'kept' })).response.DataKeyId
      await call('GenerateDataKey', { ...hosted, DataKeyName: 'sound' })
    })
    expect((await told(data, 'doctor')).ok).toBe(true)
    const db = new DatabaseSync(join(data, 'keystead.db'))
    const damage =
      'update material set bytes = zeroblob(length(bytes)) where slot = (select material from data_key where id = ?)'
    db.prepare(damage).run(DataKeyId)
    db.close()
    expect(await brokenIn(data)).toEqual([{ name: 'data keys', ok: false, detail: `these do not: ${DataKeyId}` }])
  })

  test('finds two key versions whose rows were exchanged', async () => {
    let ids: string[] = []
    const data = await setUp(async ({ call }) => {
      const keys = await Promise.all(['one', 'two'].map((Alias) => call('CreateKey', { Alias })))
      ids = keys.map(({ response }) => keyVersionId(response.KeyId, 1)).toSorted()
    })
    const db = new DatabaseSync(join(data, 'keystead.db'))
    const slot = db.prepare('select material from key_version where id = ?')
    const [one, two] = ids.map((id) => (slot.get(id) as { material: number }).material)
    const set = db.prepare('update key_version set material = ? where id = ?')
    db.exec('begin; pragma defer_foreign_keys = on')
    set.run(two!, ids[0]!)
    set.run(one!, ids[1]!)
    db.exec('commit')
    db.close()
    expect(await brokenIn(data)).toEqual([
      { name: 'key versions', ok: false, detail: `these do not: ${ids.join(', ')}` },
    ])
  })

  test('finds a broken journal, an open folder and a missing root key, beside the running server', async () => {
    const server = await served()
    const { data } = server
    await server.call('CreateKey', { Alias: 'first' })
    await server.call('CreateKey', { Alias: 'second' })
    expect((await told(data, 'doctor')).ok).toBe(true)

    const [part] = readdirSync(join(data, 'audit')).filter((name) => name.endsWith('.jsonl'))
    const path = join(data, 'audit', part!)
    const at = readFileSync(path).indexOf('CreateKey')
    const write = (text: string) => {
      const file = openSync(path, 'r+')
      writeSync(file, text, at)
      closeSync(file)
    }
    write('DeleteKey')
    expect(await brokenIn(data)).toEqual([
      { name: 'audit journal', ok: false, detail: expect.stringMatching(/\.jsonl, line \d+: /) },
    ])
    write('CreateKey')

    chmodSync(data, 0o755)
    expect(await brokenIn(data)).toEqual([
      { name: 'data folder', ok: false, detail: `${data} is open to others. Run: chmod 700 ${data}` },
    ])
    chmodSync(data, 0o700)

    renameSync(join(data, 'root.key'), join(data, 'root.key.away'))
    expect(await brokenIn(data)).toMatchObject([{ name: 'root key' }])
    renameSync(join(data, 'root.key.away'), join(data, 'root.key'))
    expect(await said(data, 'doctor')).not.toContain('BROKEN')
    await server.stop()
  })
})
