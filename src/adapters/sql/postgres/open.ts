/** The store over a server of the PostgreSQL protocol, for one process of any number. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Clock, RootGeneration, Store } from '../../../core/ports.ts'
import { pageAliases } from '../aliases.ts'
import { auditIndexOver } from '../audit-index.ts'
import { batched } from '../batched.ts'
import { CachedView } from '../cached-view.ts'
import { countDataKeys, pageDataKeys } from '../data-key-lists.ts'
import { dueSteps } from '../due.ts'
import { type DatabaseWentBack, wasCutOff, wasRolledBack } from '../errors.ts'
import { grantHolder, retirableKeys } from '../grants.ts'
import { GroupWriter } from '../group-writer.ts'
import { initialise, readInstallation, writeRootCheck } from '../installation.ts'
import { countKeys, pageKeys } from '../key-pages.ts'
import { holderOf, knownAs, loadEach, pageRows, taggedRows } from '../lists.ts'
import { migrate, refuseOlder, schemaState } from '../migrate.ts'
import type { Member, OpenDatabase } from '../open-database.ts'
import type { Database } from '../schema.ts'
import { soundnessOf } from '../soundness.ts'
import { keyTagPairs } from '../tags.ts'
import { addUses, sumUses } from '../uses.ts'
import { PostgresCoherence } from './coherence.ts'
import { checkServer, connect, openPool, type Pool } from './connection.ts'
import { dumpPostgres } from './dump.ts'
import { postgresEngine } from './engine.ts'
import { channel, Membership } from './membership.ts'
import { Settling } from './settling.ts'
import { ensureTextIndex } from './text-index.ts'

export interface PostgresOptions {
  readonly url: string
  /** Whether tables may be made where there are none. */
  readonly create: boolean
  readonly cacheRows: number
  /** Which process this is, the same after it starts again: whose entries wait in the outbox. */
  readonly node: string
  /** How long a process may answer from what it read without asking the database again, ms. */
  readonly leaseMs: number
  readonly clock: Clock
  /** The generation of the root key that this process holds. */
  rootGeneration?(): RootGeneration | undefined
  onWentBack(error: DatabaseWentBack): void
  /** What works, and could work better. */
  onRemark?(remark: Error): void
  /** Milliseconds by which the server's clock is taken to be ahead of what it says, for tests that move time. */
  readonly databaseClockSkew?: () => number
  /** Whether commits are announced and listened for. Nothing rests on it. */
  readonly hints?: boolean
}

/** By how much the rates of two monotonic clocks may differ. */
const rateDifference = 0.05
/** Of its ten connections; lists have some of their own, so that no row that is missed waits for a long one. */
const readersMax = 6
const listersMax = 2
const readMs = 30_000
/** Long lists wait for one of their two connections, as those of a file wait for its thread. */
const listWaitMs = 10_000
const writeMs = 5_000
const migrateMs = 600_000
const attemptsMax = 5
const retryMs = 5

/** Whatever the engine undid because of another transaction is done again. */
const retried = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await work()
    } catch (cause) {
      if (!wasRolledBack(cause) || attempt === attemptsMax) throw cause
      await sleep(retryMs * 2 ** attempt)
    }
}

/** Tables of two processes that make them at the same time: the slower one finds them there. */
const madeMeanwhile: ReadonlySet<unknown> = new Set(['23505', '42P07'])

const withoutIndex = (reason: string): Error =>
  new Error(`searches of keys read every key of an account, because the server has no pg_trgm for them: ${reason}`)

const prepare = async ({ url, create, onRemark }: PostgresOptions): Promise<void> => {
  const client = await connect(url, { statementMs: readMs })
  try {
    await checkServer(client)
  } finally {
    await client.end()
  }
  const pool = openPool(url, 2, { statementMs: migrateMs })
  try {
    await retried(() => migrate(pool.db, postgresEngine(), create)).catch((error: { code?: unknown }) => {
      if (!madeMeanwhile.has(error.code)) throw error
      return migrate(pool.db, postgresEngine(), create)
    })
    const reason = await ensureTextIndex(pool.db)
    if (reason !== undefined) onRemark?.(withoutIndex(reason))
  } finally {
    await pool.close()
  }
}

/** A connection that waited in the pool may have ended meanwhile. */
const reread = async <T>(read: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await read()
    } catch (cause) {
      if (!wasCutOff(cause) || attempt === attemptsMax) throw cause
    }
}

const readerOf = (db: Database, lists: Database): Store['reader'] => ({
  keys: (at, page, now) => reread(() => pageKeys(lists, at, page, now)),
  countKeys: (at, filter, now) => reread(() => countKeys(lists, at, filter, now)),
  tagged: (account, page) => reread(() => taggedRows(lists, account, page)),
  dataKeys: (at, page, now) => reread(() => pageDataKeys(lists, at, page, now)),
  countDataKeys: (at, filter, now) => reread(() => countDataKeys(lists, at, filter, now)),
  tagPairs: (at, limit, now) => reread(() => keyTagPairs(lists, at, limit, now)),
  aliases: (at, page) => reread(() => pageAliases(db, at, page)),
  grantHolder: (account, grant) => reread(() => grantHolder(db, account, grant)),
  retirable: (region, retiring) => reread(() => retirableKeys(lists, region, retiring)),
  uses: (query) => reread(() => sumUses(lists, query)),
  holder: (name) => reread(() => holderOf(db, name)),
  knownAs: (kind, name, value) => reread(() => knownAs(db, kind, name, value)),
  rows: (kind, page) => reread(() => pageRows(lists, kind, page)),
})

/** The server's own record of pages that did not match their checksum; a database without checksums has none. */
const integrityOf = async (db: Database): Promise<string> => {
  const { rows } = await sql<{ failures: number | null }>`select checksum_failures as failures from pg_stat_database
    where datname = current_database()`.execute(db)
  const failures = rows[0]?.failures ?? 0
  return failures === 0 ? 'ok' : `${failures} pages did not match their checksum`
}

const epochOf = async (db: Database): Promise<number> =>
  (await db.selectFrom('barrier').select('epoch').executeTakeFirstOrThrow()).epoch

const membersOf = async (db: Database): Promise<readonly Member[]> => {
  const rows = await db.selectFrom('member').selectAll().orderBy('joined_at').orderBy('id').execute()
  return rows.map(({ node, joined_at, program, root_id: id, root_number: number }) => ({
    node,
    joinedAt: joined_at,
    program,
    rootGeneration: id === '' ? undefined : { id, number },
  }))
}

const settlingOver = (db: Database, { clock, leaseMs }: PostgresOptions): Settling =>
  new Settling({
    clock,
    leaseEndsMs: leaseMs * (1 + rateDifference),
    sleep: (ms) => sleep(ms),
    laggards: (epoch) => db.selectFrom('member').select(['id', 'beat', 'acked']).where('acked', '<', epoch).execute(),
    fence: async (id, beat, epoch) => {
      const row = db.deleteFrom('member').where('id', '=', id)
      await row.where('beat', '=', beat).where('acked', '<', epoch).execute()
    },
  })

const membershipOver = (view: CachedView, options: PostgresOptions): Membership => {
  const { url, clock, leaseMs, node, onWentBack, rootGeneration = () => undefined, hints = true } = options
  const limits = { statementMs: Math.max(500, Math.min(2_000, leaseMs / 4)) }
  return new Membership({
    clock,
    leaseMs,
    node,
    view,
    hints,
    rootGeneration,
    onWentBack,
    connect: () => connect(url, limits),
  })
}

interface Pools {
  readonly readers: Pool
  readonly listers: Pool
  readonly writer: Pool
}

const closeAll = ({ readers, listers, writer }: Pools): Promise<unknown> =>
  Promise.all([readers, listers, writer].map((pool) => pool.close()))

const opened = (pools: Pools, options: PostgresOptions, view: CachedView, membership: Membership): OpenDatabase => {
  const { readers, listers, writer } = pools
  const { node, hints = true, databaseClockSkew = () => 0 } = options
  const duty = () => ({ holder: node, engineNow: postgresEngine(databaseClockSkew()).now })
  const groups = new GroupWriter({ db: writer.db, node, run: retried, removedMaterial: () => undefined })
  const announce = () => {
    if (hints) void sql`select pg_notify(${channel}, ${membership.id})`.execute(readers.db).catch(() => undefined)
  }
  return {
    store: {
      commit: (change) => groups.commit(change),
      countUses: (uses, now) => groups.transaction(() => addUses(writer.db, uses, Math.floor(now / 60_000), duty())),
      due: (now, elapsed, observedMin) =>
        groups.transaction(() => dueSteps(writer.db, now, elapsed, observedMin, duty())),
      reader: readerOf(readers.db, listers.db),
    },
    coherence: new PostgresCoherence({
      view,
      membership,
      settling: settlingOver(readers.db, options),
      announce,
      currentEpoch: () => epochOf(readers.db),
    }),
    away: () => membership.away,
    members: () => membersOf(readers.db),
    outbox: { pending: (now) => groups.pending(now), drained: (requests) => groups.drained(requests) },
    // Not on the writer's connection: commits would wait for it.
    auditIndex: auditIndexOver(
      readers.db,
      () => postgresEngine(databaseClockSkew()),
      (work) => retried(() => reread(work)),
    ),
    installation: () => readInstallation(readers.db),
    integrity: () => integrityOf(readers.db),
    schema: () => schemaState(readers.db),
    refuseOlder: () => groups.transaction(() => refuseOlder(writer.db)),
    soundness: () => soundnessOf(listers.db),
    dump: (dumped) => dumpPostgres(options.url, dumped),
    initialise: (installation, first) => groups.transaction(() => initialise(writer.db, node, installation, first)),
    writeRootCheck: (check) => groups.transaction(() => writeRootCheck(writer.db, check)),
    close: async () => {
      await groups.close().catch(() => undefined)
      await membership.close()
      await closeAll(pools)
    },
  }
}

/**
 * Joins the processes that serve from the database at `url`. Rejects with `DatabaseMissing`, `DatabaseTooNew`,
 * `DatabaseUnfit`, or what the driver says where the server cannot be reached.
 */
export const openPostgres = async (options: PostgresOptions): Promise<OpenDatabase> => {
  const { url, cacheRows } = options
  await prepare(options)
  const pools = {
    readers: openPool(url, readersMax, { statementMs: readMs }),
    listers: openPool(url, listersMax, { statementMs: readMs, connectMs: listWaitMs }),
    writer: openPool(url, 1, { statementMs: writeMs }),
  }
  const view = new CachedView(
    0,
    cacheRows,
    batched((names) => reread(() => loadEach(pools.readers.db, names))),
  )
  const membership = membershipOver(view, options)
  try {
    await membership.renewed()
    return opened(pools, options, view, membership)
  } catch (error) {
    await membership.close()
    await closeAll(pools)
    throw error
  }
}
