/**
 * `npm run seed -- --keys 1000000 --data DIR [--database URL]`: makes that many keys of the installation's first account,
 * which is founded where there is none. They are real: made by the operation that CreateKey performs, wrapped, with a
 * known answer, with names and tags, in every state that a key comes to. What is left out is who asked: no request, no
 * rights, no audit entry, and some thousand keys share a transaction. No server may run meanwhile.
 */
import { join } from 'node:path'
import { sql } from 'kysely'
import { addRows } from '../src/adapters/sql/additions.ts'
import type { Database } from '../src/adapters/sql/schema.ts'
import { progress } from '../src/cli/progress.ts'
import { Refusal } from '../src/core/failure.ts'
import type { House } from '../src/core/house.ts'
import type { Instant, Key, KeyVersion } from '../src/core/object.ts'
import type { Call, Targets } from '../src/core/operation.ts'
import { create, dayMs, keyName } from '../src/core/operations/create.ts'
import { systemCaller } from '../src/core/schedule.ts'
import { openInstallation, systemOutside } from '../src/installation.ts'
import { testSettings } from '../test/harness/keystead.ts'
import { optionsFrom } from './options.ts'

/** Keys of one transaction. */
const transactionKeys = 10_000

interface Made {
  readonly key: Key
  readonly version: KeyVersion
}

const words = ['orders', 'billing', 'backup', 'login', 'ledger', 'archive', 'mail', 'search'] as const
const symmetric = ['aes-256', 'aes-256', 'aes-256', 'sm4'] as const

/** What clients do to keys: of a hundred, three are suspended, two are to be destroyed, and one waits for its material. */
const laterFacts = (at: number, now: number): Partial<Key> => {
  if (at % 100 < 3) return { suspended: true }
  if (at % 100 < 5) return { destroyAt: now + (7 + (at % 24)) * dayMs }
  return {}
}

const makeKey = async (call: Call<Targets>, region: string, at: number): Promise<Made> => {
  const word = words[at % words.length] as string
  const made = await create.prepare(call as never, {
    at: { account: call.caller.account.id, region, project: '0' },
    name: `${word}-${String(at).padStart(7, '0')}`,
    description: 'made by npm run seed',
    usage: 'encryptDecrypt',
    algorithm: symmetric[at % symmetric.length] as string,
    origin: at % 100 === 99 ? 'imported' : 'generated',
    tags: new Map(at % 20 === 0 ? [['team', word]] : []),
  })
  if (made instanceof Refusal) throw new Error('a key cannot be made')
  return { key: { ...made.key, ...laterFacts(at, call.now) }, version: made.version }
}

/** Each key with its version and its name. */
const insertAll = async (db: Database, made: readonly Made[], now: Instant): Promise<void> => {
  const additions = made.flatMap(({ key, version }) => [{ add: key, claim: keyName(key) }, { add: version }])
  if (await addRows(db, additions, now)) throw new Error('a key is there already')
}

interface Written {
  readonly db: Database
  /** Brings up to date what is brought up to date by and by. */
  finish(): Promise<void>
  close(): unknown
}

/** The engine's writer, without the groups and audit entries of a store. */
const openRows = async (data: string, database: string | undefined): Promise<Written> => {
  if (database !== undefined) {
    const { openPool } = await import('../src/adapters/sql/postgres/connection.ts')
    const { ensureTextIndex } = await import('../src/adapters/sql/postgres/text-index.ts')
    const limits = { statementMs: 3_600_000 }
    const pool = openPool(database, 1, limits)
    await sql`set idle_in_transaction_session_timeout = 60000`.execute(pool.db)
    // Made at the end, in a tenth of the time.
    await sql`drop index if exists key_by_text`.execute(pool.db)
    const finish = async () => {
      const indexing = openPool(database, 2, limits)
      await ensureTextIndex(indexing.db)
      await indexing.close()
      await sql`vacuum analyze`.execute(pool.db)
    }
    return { db: pool.db, finish, close: () => pool.close() }
  }
  const { kyselyOf, openWriter } = await import('../src/adapters/sql/sqlite/connection.ts')
  const { takeIn } = await import('../src/adapters/sql/sqlite/text-index.ts')
  const connection = openWriter(join(data, 'keystead.db'), false)
  const db = kyselyOf(connection)
  const finish = async () => {
    while (await db.transaction().execute(takeIn));
  }
  return { db, finish, close: () => connection.close() }
}

const callOf = async (house: House): Promise<Call<Targets>> => {
  const view = await house.coherence.view()
  const [account] = await house.store.reader.rows('account', { limit: 1 })
  if (!account) throw new Error('the installation has no account')
  return { house, view, now: house.clock.now(), caller: { ...systemCaller(house), account } } as Call<Targets>
}

const seed = async (house: House, rows: Written, count: number): Promise<void> => {
  const call = await callOf(house)
  const region = house.regions[0]?.id ?? ''
  const held = await house.store.reader.countKeys(
    { account: call.caller.account.id, region, project: '0' },
    {},
    call.now,
  )
  const bar = progress(`${count} keys`, count)
  for (let from = 0; from < count; from += transactionKeys) {
    const length = Math.min(transactionKeys, count - from)
    const now = house.clock.now()
    const making = Array.from({ length }, (_, at) => makeKey({ ...call, now }, region, held + from + at))
    const made = await Promise.all(making)
    await rows.db.transaction().execute((tx) => insertAll(tx, made, now))
    bar.advance(length)
  }
  bar.done()
}

const help = `npm run seed -- --keys 1000000 --data DIR [--database URL]

Makes so many keys of the installation's first account, in every state, for measurements and tries.

  --keys N        how many
  --data DIR      the data folder; an installation is founded where there is none
  --database URL  the PostgreSQL database of a node's folder
`
const options = optionsFrom(help, { keys: { type: 'string' }, data: { type: 'string' }, database: { type: 'string' } })
const keys = Number(options.keys)
if (!Number.isSafeInteger(keys) || keys < 1 || options.data === undefined) {
  process.stderr.write('seed: --keys is a whole number of at least 1, and --data the folder to make them in\n')
  process.exit(2)
}

const fail = (error: unknown) => {
  throw error
}
const { database, data } = options
const settings = testSettings(data, database === undefined ? {} : { database })
const speech = () => ({ languages: new Map(), presets: new Map(), vocabularies: new Map() })
const installation = await openInstallation(settings, systemOutside(), fail, speech)
const started = performance.now()
try {
  const rows = await openRows(data, database)
  await seed(installation.house, rows, keys)
  process.stderr.write('indexes ...\n')
  await rows.finish()
  await rows.close()
} finally {
  await installation.close()
}
process.stdout.write(`${keys} keys in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
