/** A node and its database: what is refused at the start, what is ridden out, and what ends it. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { DatabaseAway, DatabaseUnfit } from '../../src/adapters/sql/errors.ts'
import { programVersion } from '../../src/adapters/sql/migrate.ts'
import type { OpenDatabase } from '../../src/adapters/sql/open-database.ts'
import { openPool } from '../../src/adapters/sql/postgres/connection.ts'
import { openPostgres } from '../../src/adapters/sql/postgres/open.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { QueueFull } from '../../src/core/ports.ts'
import { commit, key } from '../adapters/objects.ts'
import { signedCall } from '../harness/keystead.ts'
import { newDatabase, type TestDatabase } from '../harness/postgres.ts'
import { startPostgres } from '../harness/postgres-server.ts'
import { type Child, credentialsOf, keystead } from '../server/child.ts'
import { newData, newFolder } from '../server/folders.ts'
import { type Network, openProxy } from './proxy.ts'

const leaseMs = 1_000
const open = (url: string, over: { hints?: boolean; node?: string } = {}) =>
  openPostgres({
    url,
    create: true,
    cacheRows: 100,
    node: 'node',
    leaseMs,
    clock: systemClock,
    onWentBack: () => undefined,
    ...over,
  })

describe('a server', () => {
  test.each([
    ['fsync', 'fsync is off'],
    ['full_page_writes', 'full_page_writes is off'],
    ['synchronous_commit', 'synchronous_commit is off'],
  ])('that may lose what it acknowledges is refused: %s', async (setting, told) => {
    const database = await newDatabase()
    const url = new URL(database.url)
    if (setting === 'synchronous_commit') url.searchParams.set('options', '-c synchronous_commit=off')
    const server = setting === 'synchronous_commit' ? undefined : await startPostgres({ [setting]: 'off' })
    const refused = open(server?.url ?? url.href)
    await expect(refused).rejects.toBeInstanceOf(DatabaseUnfit)
    await expect(refused).rejects.toThrow(told)
    await server?.stop()
  })

  test('that undoes a transaction for another one’s sake is asked again', async () => {
    const database = await newDatabase()
    const store = await open(database.url)
    await database.query('create sequence attempts')
    await database.query(`create function refuse() returns trigger language plpgsql as $$ begin
      if nextval('attempts') <= 2 then raise exception 'again' using errcode = '40001'; end if; return new; end $$`)
    await database.query('create trigger refuse before insert on "key" for each row execute function refuse()')
    const row = key()
    expect(await store.store.commit(commit([{ add: row }]))).toMatchObject({ outcome: 'committed' })
    expect(await (await store.coherence.view()).get('key', row.id)).toEqual(row)
    await store.close()
  })

  test('that refuses hints is only slower: what was answered is known at another node', async () => {
    const database = await newDatabase()
    const [one, other] = [await open(database.url, { hints: false }), await open(database.url, { hints: false })]
    let over = key()
    await one.store.commit(commit([{ add: over }]))
    for (let n = 0; n < 4; n += 1) {
      await (await other.coherence.view()).get('key', over.id)
      const put = { ...over, suspended: !over.suspended }
      const committed = await one.store.commit(commit([{ put, over }]))
      if (committed.outcome === 'committed') await one.coherence.settle(committed.epoch)
      over = { ...put, revision: over.revision + 1 }
      expect(await (await other.coherence.view()).get('key', over.id)).toEqual(over)
    }
    await Promise.all([one.close(), other.close()])
  })
})

test('a connection whose answer was waited for in vain is not used again, nor the transaction that is open in it', async () => {
  const { db, close } = openPool((await newDatabase()).url, 1, { statementMs: 100 })
  const connection = async () => (await sql<{ id: number }>`select pg_backend_pid() as id`.execute(db)).rows[0]?.id
  await sql`create table kept (one integer)`.execute(db)
  const before = await connection()
  const transaction = db.transaction().execute(async (tx) => {
    // As where a pooler swallowed the server's limit.
    await sql`set local statement_timeout = 0`.execute(tx)
    await sql`insert into kept values (1)`.execute(tx)
    await sql`select pg_sleep(1.6)`.execute(tx)
  })
  await expect(transaction).rejects.toThrow()
  expect(await connection()).not.toBe(before)
  await db.transaction().execute((tx) => sql`insert into kept values (2)`.execute(tx))
  await sleep(700)
  expect((await sql`select one from kept`.execute(db)).rows).toEqual([{ one: 2 }])
  await close()
})

test('who waits in vain for a connection that others use is told to come back', async () => {
  const { db, close } = openPool((await newDatabase()).url, 1, { statementMs: 5_000, connectMs: 100 })
  const sleeping = sql`select pg_sleep(0.5)`.execute(db)
  await expect(sql`select 1`.execute(db)).rejects.toBeInstanceOf(QueueFull)
  await sleeping
  expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }])
  await close()
})

describe('a node whose database does not answer', () => {
  let database: TestDatabase
  let network: Network
  let store: OpenDatabase
  const row = key()

  beforeAll(async () => {
    database = await newDatabase()
    const url = new URL(database.url)
    network = await openProxy({ host: url.hostname, port: Number(url.port) })
    url.port = String(network.port)
    store = await open(url.href)
    await store.store.commit(commit([{ add: row }]))
    await store.coherence.settle(undefined)
  })
  afterAll(async () => {
    await store.close()
    await network.close()
  })

  test.each(['cut', 'blackhole'] as const)(
    '(%s) goes on for its lease with what it knows, then says so, and serves again by itself',
    async (weather) => {
      expect(await (await store.coherence.view()).get('key', row.id)).toEqual(row)
      network.weather = weather
      expect((await store.coherence.view()).get('key', row.id)).toEqual(row)
      await sleep(leaseMs + 100)
      await expect(store.coherence.view()).rejects.toBeInstanceOf(DatabaseAway)
      expect(store.away()).toBe('the database does not answer')
      await expect(store.store.commit(commit([{ add: key() }]))).rejects.toThrow()

      network.weather = 'fine'
      await expect.poll(() => store.away(), { timeout: 10_000 }).toBeUndefined()
      const added = key()
      await expect
        .poll(() => store.store.commit(commit([{ add: added }])).catch(() => undefined), { timeout: 10_000 })
        .toBeDefined()
      expect(await (await store.coherence.view()).get('key', added.id)).toEqual(added)
    },
    30_000,
  )
})

describe('the program', () => {
  const files: string[] = []
  const fileWith = (url: string): string => {
    const path = join(newFolder(), 'database')
    writeFileSync(path, `${url}\n`, { mode: 0o600 })
    files.push(path)
    return path
  }
  const node = (data: string, url: string, ...args: readonly string[]): Child =>
    keystead(['serve', '--data', data, '--port', '0', '--database-file', fileWith(url), '--lease', '1', ...args])

  test('takes no password from its arguments', async () => {
    const { code, stderr } = await keystead(['serve', '--data', newData(), '--database', inject('postgresUrl')]).exited
    expect(code).toBe(1)
    expect(stderr).toMatch(/^keystead: --database holds a password, .* Use KEYSTEAD_DATABASE or --database-file\.\n$/)
    expect(stderr).not.toContain(decodeURIComponent(new URL(inject('postgresUrl')).password))
  })

  test('is set up by the first node, joined by others with the same root key, and ends where the database went back', async () => {
    const database = await newDatabase()
    const seal = join(newFolder(), 'root.key')
    const [first, second] = [newData(), newData()]
    // Both at once: one founds, and the other finds what was founded.
    const nodes = [first, second].map((data) => node(data, database.url, '--init', '--seal', `file:${seal}`))
    const endpoints = await Promise.all(nodes.map(({ endpoint }) => endpoint))
    const founders = [first, second].filter((data) => {
      try {
        return credentialsOf(data)
      } catch {
        return false
      }
    })
    expect(founders.length).toBeGreaterThan(0)
    const now = Math.floor(Date.now() / 1000)
    const outcomes = await Promise.all(
      founders.map(async (data) => {
        const { tencent } = credentialsOf(data)
        const answers = endpoints.map((endpoint) => signedCall(endpoint, tencent, now, 'ListKeys', {}))
        return (await Promise.all(answers)).map(({ code }) => code)
      }),
    )
    expect(outcomes).toContainEqual([undefined, undefined])

    const status = JSON.parse((await keystead(['status', '--json', '--data', first]).exited).stdout)
    expect(status).toMatchObject({ leaseSeconds: 1, nodes: 2 })

    await database.query('update barrier set epoch = epoch - 1')
    for (const { code, stderr } of await Promise.all(nodes.map(({ exited }) => exited))) {
      expect(code).toBe(1)
      expect(stderr).toContain('keystead: the database went back')
    }
  }, 60_000)

  test('goes on beside a newer one that only expanded the tables, and is refused once that upgrade is finished', async () => {
    const database = await newDatabase()
    const data = newData()
    const running = node(data, database.url, '--init')
    const endpoint = await running.endpoint
    const { tencent } = credentialsOf(data)
    const call = (action: string, members: object) =>
      signedCall(endpoint, tencent, Math.floor(Date.now() / 1000), action, members)
    // As a newer program does it while this one serves.
    for (const change of ['alter table "key" add column later text', 'create table later (id text primary key)'])
      await database.query(change)
    await database.query('update schema set version = version + 1')

    const { response } = await call('CreateKey', { Alias: 'beside' })
    const encrypted = await call('Encrypt', { KeyId: response.KeyId, Plaintext: 'aGVsbG8=' })
    expect(encrypted.code).toBeUndefined()
    const status = await keystead(['upgrade', 'status', '--json', '--data', data]).exited
    expect(JSON.parse(status.stdout)).toMatchObject({ tables: programVersion + 1, program: programVersion })
    await running.stop()
    const again = node(data, database.url)
    await again.endpoint
    await again.stop()

    await database.query('update schema set oldest_program = version')
    const refused = await node(data, database.url).exited
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(`this program knows ${programVersion}`)
  }, 60_000)

  test('says what is wrong with a folder, and what to do', async () => {
    const database = await newDatabase()
    const [own, shared, joining] = [newData(), newData(), newData()]
    const stopped = async (child: Child) => {
      await child.endpoint
      await child.stop()
    }
    await Promise.all([
      stopped(keystead(['serve', '--init', '--data', own, '--port', '0'])),
      stopped(node(shared, database.url, '--init')),
    ])
    mkdirSync(joining, { mode: 0o700 })
    copyFileSync(join(own, 'root.key'), join(joining, 'root.key'))
    const [twice, none, stranger] = await Promise.all([
      node(own, database.url).exited,
      keystead(['serve', '--data', shared, '--port', '0']).exited,
      node(joining, database.url).exited,
    ])
    expect(twice.stderr).toContain('it has a database of its own, keystead.db. Choose another --data for this node.')
    expect(none.stderr).toContain('this node shares a database. Say which: KEYSTEAD_DATABASE or --database-file.')
    expect(stranger.stderr).toContain('does not open the database')
    expect([twice.code, none.code, stranger.code]).toEqual([1, 1, 1])
  }, 60_000)
})
