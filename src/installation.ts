/** Opens an installation in its data folder, or founds it with `--init`: everything under the dialects. */
import { existsSync, rmSync } from 'node:fs'
import { indexClosedParts } from './adapters/audit-log/indexer.ts'
import { type AuditLog, openJournal } from './adapters/audit-log/journal.ts'
import { auditRecord } from './adapters/audit-log/record.ts'
import {
  auditFolder,
  credentialsPath,
  databasePath,
  FolderUnusable,
  lockFolder,
  nodeId,
  nodePath,
  openFolder,
  shareFolder,
} from './adapters/data-folder/folder.ts'
import { Series } from './adapters/metrics/series.ts'
import { ensureRootKeyFile } from './adapters/root-key/file.ts'
import { type OpenSlowQueue, openSlowQueue } from './adapters/slow-queue/queue.ts'
import { openWrappingPairs } from './adapters/slow-queue/wrapping-pairs.ts'
import { AlreadyInitialised } from './adapters/sql/errors.ts'
import type { Installation as InstallationRecord } from './adapters/sql/installation.ts'
import { programVersion } from './adapters/sql/migrate.ts'
import type { OpenDatabase } from './adapters/sql/open-database.ts'
import { systemClock } from './adapters/system/clock.ts'
import { systemRandom } from './adapters/system/random.ts'
import type { Settings } from './config.ts'
import type { PolicyLanguages } from './core/access/policy.ts'
import { hexFromBytes } from './core/bytes.ts'
import type { NotServing } from './core/failure.ts'
import { found } from './core/founding.ts'
import type { House, Limits, Region } from './core/house.ts'
import { Keyring } from './core/keyring.ts'
import type { Clock, Random, RootKey, Upgrade } from './core/ports.ts'
import { makeRootCheck } from './core/root-check.ts'
import { UseCounts } from './core/uses.ts'
import { openDatabase } from './database.ts'
import { accessKeysOf, drawFirstAccount, identitiesOf, writeCredentials } from './first-account.ts'
import { inspecting, version } from './inspect.ts'
import { Quarantined } from './quarantined.ts'
import { readRegions } from './regions.ts'
import { RootKeys, rootKeyFileOf } from './root-keys.ts'

/** What tests may put in the place of the system's own. */
export interface Outside {
  readonly clock: Clock
  readonly random: Random
  readonly databaseClockSkew: () => number
}

export const systemOutside = (): Outside => ({
  clock: systemClock,
  random: systemRandom(),
  databaseClockSkew: () => 0,
})

/** What the dialects bring to an installation with these regions. */
export type SpeechFor = (regions: readonly Region[]) => {
  readonly languages: PolicyLanguages
  readonly presets: House['presets']
  readonly vocabularies: House['vocabularies']
}

export interface Installation {
  readonly house: House
  readonly journal: AuditLog
  /** What was answered lately; whoever answers tells it. */
  readonly series: Series
  readonly slow: OpenSlowQueue
  readonly defaultRegion: string
  /** Whether this start founded it. */
  readonly founded: boolean
  /** Resolves when the process must not go on. */
  readonly lost: Promise<Error>
  /** Why it answers nobody now; undefined: it does. */
  unavailable(): NotServing | undefined
  /** Takes in a root key file that another process wrote; for once in a while. */
  refreshRootKey(): Promise<void>
  /** Gives the journal what a fault of it held back; for once in a while. */
  drainHeld(): Promise<void>
  /** Lets other nodes find what the closed parts of this one's journals say; for once in a while. Aborted, it ends soon. */
  indexRecord(ending: AbortSignal): Promise<void>
  /** Everything that was open, in the order that loses nothing. */
  close(): Promise<void>
}

const regionFor = (regions: readonly Region[], name: string): Region => {
  const region = regions.find(({ names }) => Object.values(names).includes(name))
  if (!region) throw new Error(`--default-region ${name}: there is no such region in the table.`)
  return region
}

/** A database without its root key, or the other way round, is a folder of which a part was lost. */
const checkParts = (settings: Settings): void => {
  const { data: folder, init, database: shared } = settings
  const paths = [databasePath(folder), rootKeyFileOf(settings), nodePath(folder)]
  const [database, root, node] = paths.map((path) => existsSync(path))
  if (shared !== undefined) {
    if (!database) return
    throw new FolderUnusable(
      `${folder}: it has a database of its own, keystead.db. Choose another --data for this node.`,
    )
  }
  if (!database && node)
    throw new FolderUnusable(`${folder}: this node shares a database. Say which: KEYSTEAD_DATABASE or --database-file.`)
  if (root && !database)
    throw new FolderUnusable(
      `${folder}: there is a root key but no database. Restore keystead.db from its backup, or move root.key away to begin anew.`,
    )
  if (!root && !database && !init)
    throw new FolderUnusable(`${folder}: nothing was set up here. Check --data, or start with --init.`)
}

interface Founding {
  readonly settings: Settings
  readonly database: OpenDatabase
  readonly slow: OpenSlowQueue
  readonly outside: Outside
  readonly region: Region
  readonly root: RootKey
}

/** False where another node, which started at the same time, was faster: then its installation is the one. */
const foundInstallation = async ({ settings, database, slow, outside, region, root }: Founding): Promise<boolean> => {
  const { clock, random } = outside
  const id = hexFromBytes(random.bytes(16))
  const now = clock.now()
  const endpoint = `http://${settings.host}:${settings.port}`
  const { first, credentials } = await drawFirstAccount({ random, slow, region, endpoint })
  // Written first: an account whose secrets nobody has would be lost, a file without its account is written again.
  writeCredentials(credentialsPath(settings.data), credentials)
  const keyring = new Keyring({ installation: id, root, random, clock })
  const rootCheck = makeRootCheck(root, id, outside)
  const record = { id, createdAt: now, rootGeneration: root.generation, rootCheck }
  try {
    await database.initialise(record, found(keyring, first, random.id(now), now))
    return true
  } catch (error) {
    if (!(error instanceof AlreadyInitialised)) throw error
    rmSync(credentialsPath(settings.data))
    return false
  }
}

/** A founding that was interrupted may have made its root key file. */
const prepareFounding = (settings: Settings): void => {
  if (!settings.init)
    throw new FolderUnusable(`${settings.data}: its set-up was never finished. Start once with --init to finish it.`)
  ensureRootKeyFile(rootKeyFileOf(settings))
}

/**
 * Writes the entries whose change was committed and whose line the journal may lack: after a crash between the two, or a
 * fault of the journal. `before`: younger entries may be on their way there.
 */
const drainOutbox = async (
  { outbox }: OpenDatabase,
  journal: AuditLog,
  now: number,
  before = Number.POSITIVE_INFINITY,
): Promise<void> => {
  const held = async () => (await outbox.pending(now)).filter(({ at }) => at < before)
  for (let pending = await held(); pending.length > 0; pending = await held()) {
    const requests = pending.map(({ request }) => request)
    const written = await journal.has(requests)
    for (const entry of pending) if (!written.has(entry.request)) await journal.append(entry)
    outbox.drained(requests)
  }
}

/** An entry of the outbox this old is no longer on its way to the journal by itself, ms. */
const onItsWayMs = 60_000

/** Slow work that may wait beside what runs: a second or two of it, and then callers are told to come back. */
const slowWaitingMax = 1024

const upgradeOf = (database: OpenDatabase): Upgrade => ({
  async state() {
    const [{ tables, oldestProgram }, members] = [await database.schema(), await database.members()]
    return {
      tables,
      oldestProgram,
      program: programVersion,
      finished: oldestProgram >= programVersion,
      members: members.map(({ node, program }) => ({ name: node, program })),
    }
  },
  finish: () => database.refuseOlder(),
})

const limitsOf = ({ quotaKeys, quotaDataKeys, quotaWhiteBoxKeys }: Settings): Limits => ({
  keysMax: quotaKeys ?? null,
  dataKeysMax: quotaDataKeys ?? null,
  whiteBoxKeysMax: quotaWhiteBoxKeys,
})

const awayOf = (database: OpenDatabase): NotServing | undefined => {
  const told = database.away()
  return told === undefined ? undefined : { reason: 'notServing', state: 'away', told }
}

/** Closes in the reverse order of opening, and goes on when one of them fails. */
class Openings {
  readonly #closers: (() => unknown)[] = []

  add<T>(opened: T, close: (opened: T) => unknown): T {
    this.#closers.push(() => close(opened))
    return opened
  }

  async close(): Promise<void> {
    const faults: unknown[] = []
    for (const close of this.#closers.splice(0).reverse())
      try {
        await close()
      } catch (fault) {
        faults.push(fault)
      }
    if (faults.length > 0) throw faults[0]
  }
}

interface Opened {
  readonly slow: OpenSlowQueue
  readonly database: OpenDatabase
  readonly record: InstallationRecord
  readonly rootKeys: RootKeys
  readonly root: RootKey
  readonly founded: boolean
  readonly lost: Promise<Error>
}

/** The database and the root key that opens it, made where this start founds the installation. */
const openFoundations = async (
  openings: Openings,
  settings: Settings,
  outside: Outside,
  region: Region,
  onFault: (error: unknown) => void,
): Promise<Opened> => {
  const lost = Promise.withResolvers<Error>()
  let held: RootKeys | undefined
  const slow = openings.add(openSlowQueue({ workers: settings.slowThreads, waitingMax: slowWaitingMax }), (queue) =>
    queue.close(),
  )
  const needs = {
    clock: outside.clock,
    databaseClockSkew: outside.databaseClockSkew,
    rootGeneration: () => held?.loaded(),
    onWentBack: lost.resolve,
  }
  const database = openings.add(await openDatabase(settings, needs), (open) => open.close())
  const before = await database.installation()
  if (!before) prepareFounding(settings)
  const rootKeys = openings.add(new RootKeys(settings, onFault), (keys) => keys.close())
  held = rootKeys
  const root = await rootKeys.open(before)
  const founded = !before && (await foundInstallation({ settings, database, slow, outside, region, root }))
  const record = before ?? (await database.installation())
  if (!record) throw new Error('the installation that was just founded cannot be read')
  if (record.movedTo !== undefined)
    throw new FolderUnusable(`everything in this database was moved to ${record.movedTo}: serve that one.`)
  if (!before && !founded) rootKeys.mustOpen(record)
  return { slow, database, record, rootKeys, root, founded, lost: lost.promise }
}

/** The nodes whose processes serve now. */
const presentIn = async (database: OpenDatabase): Promise<ReadonlySet<string>> =>
  new Set((await database.members()).map(({ node }) => node.split('/')[0] ?? node))

/** This process's journal, how those of all nodes are found from here, and how others find this node's. */
const openRecord = async (
  openings: Openings,
  settings: Settings,
  database: OpenDatabase,
  clock: Clock,
  onFault: (error: unknown) => void,
) => {
  const { data, auditRetention: retentionDays, auditIndex: indexDays, worker } = settings
  const folder = auditFolder(data, worker?.number)
  const journal = openings.add(await openJournal({ folder, retentionDays, clock, onFault }), (log) => log.close())
  await drainOutbox(database, journal, clock.now())
  const { auditIndex: index } = database
  const node = index ? nodeId(data) : ''
  const present = () => presentIn(database)
  return {
    journal,
    journals: auditRecord({ data, node, index, present }),
    indexRecord: async (ending: AbortSignal): Promise<void> => {
      // One process of a folder is enough for all of its journals.
      if (!index || (worker?.number ?? 1) !== 1) return
      await indexClosedParts({ data, node, index, clock, retentionDays, indexDays, ending, present })
    },
  }
}

const openIn = async (
  openings: Openings,
  settings: Settings,
  outside: Outside,
  onFault: (error: unknown) => void,
  speechFor: SpeechFor,
): Promise<Omit<Installation, 'close'>> => {
  const { clock, random } = outside
  const regions = readRegions(settings.regions)
  const region = regionFor(regions, settings.defaultRegion)
  openFolder(settings.data, settings.init)
  // A worker's folder is held by the process that started it.
  openings.add((settings.worker ? shareFolder : lockFolder)(settings.data), (lock) => lock.release())
  checkParts(settings)
  const opened = await openFoundations(openings, settings, outside, region, onFault)
  const { slow, database, record, rootKeys, root, founded, lost } = opened

  const { journal, journals, indexRecord } = await openRecord(openings, settings, database, clock, onFault)
  const series = new Series(() => clock.now())
  const house: House = {
    store: database.store,
    coherence: database.coherence,
    outbox: database.outbox,
    journal,
    clock,
    random,
    slow,
    pairs: openWrappingPairs(slow),
    keyring: new Keyring({ installation: record.id, root, random, clock }),
    rootKey: rootKeys.seal(record, outside, database),
    uses: new UseCounts(),
    upgrade: upgradeOf(database),
    ...speechFor(regions),
    accessKeys: accessKeysOf(random),
    identities: identitiesOf(random),
    inspect: inspecting({
      clock,
      folder: settings.data,
      installation: record,
      database,
      journal,
      record: journals,
      slow,
      rootKeys,
      leaseSeconds: settings.lease,
      series,
    }),
    record: journals,
    regions,
    capsuleSignatures: settings.capsuleSignatures,
    keyStoreBackings: rootKeys.backings,
    limits: limitsOf(settings),
    dump: () => database.dump({ program: version, takenAt: clock.now() }),
    installation: record.id,
  }
  const quarantined = await Quarantined.over(database.coherence)
  return {
    house,
    journal,
    series,
    slow,
    defaultRegion: settings.defaultRegion,
    founded,
    unavailable: () => rootKeys.unavailable() ?? awayOf(database) ?? quarantined.failure(),
    refreshRootKey: () => rootKeys.refresh(),
    lost,
    drainHeld: () => drainOutbox(database, journal, clock.now(), clock.now() - onItsWayMs),
    indexRecord,
  }
}

/** Rejects with one sentence for the operator where the folder cannot be used as it is. Nothing is left open then. */
export const openInstallation = async (
  settings: Settings,
  outside: Outside,
  onFault: (error: unknown) => void,
  speechFor: SpeechFor,
): Promise<Installation> => {
  const openings = new Openings()
  try {
    return { ...(await openIn(openings, settings, outside, onFault, speechFor)), close: () => openings.close() }
  } catch (error) {
    await openings.close().catch(onFault)
    throw error
  }
}
