/** Opens an installation in its data folder, or founds it with `--init`: everything under the dialects. */
import { existsSync } from 'node:fs'
import { type AuditLog, openJournal } from './adapters/audit-log/journal.ts'
import {
  auditFolder,
  credentialsPath,
  databasePath,
  FolderUnusable,
  lockFolder,
  nodePath,
  openFolder,
  shareFolder,
} from './adapters/data-folder/folder.ts'
import {
  createRootKeyFile,
  openRootKeyFile,
  RootKeyUnusable,
  rootKeyPath,
  withBackings,
} from './adapters/root-key/file.ts'
import { type OpenSlowQueue, openSlowQueue } from './adapters/slow-queue/queue.ts'
import { openWrappingPairs } from './adapters/slow-queue/wrapping-pairs.ts'
import type { Installation as InstallationRecord } from './adapters/sql/installation.ts'
import type { OpenDatabase } from './adapters/sql/open-database.ts'
import { systemClock } from './adapters/system/clock.ts'
import { systemRandom } from './adapters/system/random.ts'
import type { Settings } from './config.ts'
import type { PolicyLanguages } from './core/access/policy.ts'
import { hexFromBytes } from './core/bytes.ts'
import type { NotServing } from './core/failure.ts'
import { found } from './core/founding.ts'
import type { House, Region } from './core/house.ts'
import { Keyring } from './core/keyring.ts'
import type { Clock, Random, RootKey } from './core/ports.ts'
import { makeRootCheck, passesRootCheck } from './core/root-check.ts'
import { UseCounts } from './core/uses.ts'
import { openDatabase } from './database.ts'
import { accessKeysOf, drawFirstAccount, identitiesOf, writeCredentials } from './first-account.ts'
import { inspecting, version } from './inspect.ts'
import { Quarantined } from './quarantined.ts'
import { readRegions } from './regions.ts'

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
  readonly slow: OpenSlowQueue
  readonly defaultRegion: string
  /** Whether this start founded it. */
  readonly founded: boolean
  /** Resolves when the process must not go on. */
  readonly lost: Promise<Error>
  /** Why it answers nobody now; undefined: it does. */
  unavailable(): NotServing | undefined
  /** Gives the journal what a fault of it held back; for once in a while. */
  drainHeld(): Promise<void>
  /** Everything that was open, in the order that loses nothing. */
  close(): Promise<void>
}

const regionFor = (regions: readonly Region[], name: string): Region => {
  const region = regions.find(({ names }) => Object.values(names).includes(name))
  if (!region) throw new Error(`--default-region ${name}: there is no such region in the table.`)
  return region
}

/** A database without its root key, or the other way round, is a folder of which a part was lost. */
const checkParts = ({ data: folder, init, database: shared }: Settings): void => {
  const [database, root, node] = [databasePath, rootKeyPath, nodePath].map((path) => existsSync(path(folder)))
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
}

const foundInstallation = async ({ settings, database, slow, outside, region }: Founding): Promise<void> => {
  const { clock, random } = outside
  if (!settings.init)
    throw new FolderUnusable(`${settings.data}: its set-up was never finished. Start once with --init to finish it.`)
  const path = rootKeyPath(settings.data)
  if (!existsSync(path)) createRootKeyFile(path)
  const root = openRootKeyFile(path)
  const id = hexFromBytes(random.bytes(16))
  const now = clock.now()
  const endpoint = `http://${settings.host}:${settings.port}`
  const { first, credentials } = await drawFirstAccount({ random, slow, region, endpoint })
  // Written first: an account whose secrets nobody has would be lost, a file without its account is written again.
  writeCredentials(credentialsPath(settings.data), credentials)
  const keyring = new Keyring({ installation: id, root, random, clock })
  const rootCheck = makeRootCheck(root, id, outside)
  await database.initialise(
    { id, createdAt: now, rootGeneration: root.generation, rootCheck },
    found(keyring, first, random.id(now), now),
  )
}

/** Those of key stores; one that is configured for the first time is made. */
const openBackings = ({ keyStore, init }: Settings): ReadonlyMap<string, RootKey> =>
  new Map(
    keyStore.map(([name, path]) => {
      if (init && !existsSync(path)) createRootKeyFile(path)
      return [name, openRootKeyFile(path)]
    }),
  )

const openRoot = (settings: Settings, installation: string, check: Uint8Array): RootKey => {
  const path = rootKeyPath(settings.data)
  const root = openRootKeyFile(path)
  if (!passesRootCheck(root, installation, check))
    throw new RootKeyUnusable(`${path}: this root key does not open the database beside it. Restore the right one.`)
  return withBackings(root, openBackings(settings))
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
): Promise<Opened> => {
  const lost = Promise.withResolvers<Error>()
  let root: RootKey | undefined
  const slow = openings.add(openSlowQueue({ workers: settings.slowThreads, waitingMax: slowWaitingMax }), (queue) =>
    queue.close(),
  )
  const needs = {
    clock: outside.clock,
    databaseClockSkew: outside.databaseClockSkew,
    rootGeneration: () => root?.generation.number ?? 0,
    onWentBack: lost.resolve,
  }
  const database = openings.add(await openDatabase(settings, needs), (open) => open.close())
  const before = await database.installation()
  if (!before) await foundInstallation({ settings, database, slow, outside, region })
  const record = before ?? (await database.installation())
  if (!record) throw new Error('the installation that was just founded cannot be read')
  if (record.movedTo !== undefined)
    throw new FolderUnusable(`everything in this database was moved to ${record.movedTo}: serve that one.`)
  root = openRoot(settings, record.id, record.rootCheck)
  return { slow, database, record, root, founded: !before, lost: lost.promise }
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
  const { slow, database, record, root, founded, lost } = await openFoundations(openings, settings, outside, region)

  const { auditRetention: retentionDays } = settings
  const folder = auditFolder(settings.data, settings.worker?.number)
  const journal = openings.add(await openJournal({ folder, retentionDays, clock, onFault }), (log) => log.close())
  await drainOutbox(database, journal, clock.now())

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
    uses: new UseCounts(),
    ...speechFor(regions),
    accessKeys: accessKeysOf(random),
    identities: identitiesOf(random),
    inspect: inspecting({ clock, folder: settings.data, installation: record, database, journal, slow }),
    regions,
    capsuleSignatures: settings.capsuleSignatures,
    keyStoreBackings: [...(root.backings ?? new Map()).keys()],
    limits: { keysMax: settings.quotaKeys ?? null, dataKeysMax: settings.quotaDataKeys ?? null },
    dump: () => database.dump({ program: version, takenAt: clock.now() }),
    installation: record.id,
  }
  const drainHeld = () => drainOutbox(database, journal, clock.now(), clock.now() - onItsWayMs)
  const quarantined = await Quarantined.over(database.coherence)
  const away = (): NotServing | undefined => {
    const told = database.away()
    return told === undefined ? quarantined.failure() : { reason: 'notServing', state: 'away', told }
  }
  return {
    house,
    journal,
    slow,
    defaultRegion: settings.defaultRegion,
    founded,
    unavailable: away,
    lost,
    drainHeld,
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
