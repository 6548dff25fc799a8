/** What an installation says of itself: how it is, and whether its files are sound. */
import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AuditLog } from './adapters/audit-log/journal.ts'
import { journalsIn } from './adapters/audit-log/journals.ts'
import { verifyJournal } from './adapters/audit-log/verify.ts'
import type { Series } from './adapters/metrics/series.ts'
import type { OpenSlowQueue } from './adapters/slow-queue/queue.ts'
import type { OpenDatabase } from './adapters/sql/open-database.ts'
import type { AuditRecord } from './core/audit.ts'
import type { Finding, Inspect } from './core/house.ts'
import type { Clock, SealState } from './core/ports.ts'

/** Of Keystead, as it is published. */
export const { version } = createRequire(import.meta.url)('../package.json') as { version: string }

interface Parts {
  readonly clock: Clock
  readonly folder: string
  readonly installation: { readonly id: string; readonly createdAt: number }
  readonly database: OpenDatabase
  readonly journal: AuditLog
  readonly record: AuditRecord
  readonly slow: OpenSlowQueue
  readonly leaseSeconds: number
  readonly series: Series
  readonly rootKeys: { state(): SealState; check(): void }
}

/** Below this the journal and the database are near their end. */
const freeBytesMin = 1024 ** 3

type Check = () => Promise<string> | string

/** A check gives what it found, and throws what is wrong. */
const find = async (name: string, check: Check): Promise<Finding> => {
  try {
    return { name, ok: true, detail: await check() }
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

const checkFolder = (folder: string): string => {
  if ((statSync(folder).mode & 0o077) !== 0) throw new Error(`${folder} is open to others. Run: chmod 700 ${folder}`)
  return 'for its owner alone'
}

const checkRootKey = (rootKeys: Parts['rootKeys']): string => {
  rootKeys.check()
  const { seal, generation } = rootKeys.state()
  return `generation ${generation.number} matches its check value, kept by the seal ${seal}`
}

/** Of an installation that one process has alone there is nothing to say. */
const checkNodes = async (database: OpenDatabase, leaseSeconds: number) => {
  const members = await database.members()
  return members.length === 0 ? {} : { nodes: members.length, leaseSeconds }
}

const checkDatabase = async (database: OpenDatabase): Promise<string> => {
  const found = await database.integrity()
  if (found !== 'ok') throw new Error(`the database file is damaged: ${found}. Restore it from its backup.`)
  return 'every page is sound'
}

/** Every process of the folder has a journal of its own. */
const checkJournals = async (data: string): Promise<string> => {
  const journals = await journalsIn(data)
  let [entries, parts] = [0, 0]
  for (const { name, folder } of journals) {
    const verdict = await verifyJournal(folder)
    const of = journals.length === 1 ? '' : `${name}: `
    if (!verdict.whole) throw new Error(`${of}${verdict.file}, line ${verdict.line}: ${verdict.reason}`)
    entries += verdict.entries
    parts += verdict.parts
  }
  if (journals.length === 1) return `${entries} entries in ${parts} parts, an unbroken chain`
  return `${entries} entries in ${parts} parts of ${journals.length} journals, unbroken chains`
}

const checkSpace = async (folder: string): Promise<string> => {
  const { bavail, bsize } = await statfs(folder)
  const free = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`
  if (bavail * bsize < freeBytesMin) throw new Error(`${free}: nothing is answered once the journal cannot be written`)
  return free
}

const checkMaterial = async (database: OpenDatabase): Promise<string> => {
  const { strayMaterial } = await database.soundness()
  if (strayMaterial > 0)
    throw new Error(`${strayMaterial} slots belong to no row and were not overwritten. Back up, and restore elsewhere.`)
  return 'every slot has an owner or is free'
}

const checkTombstones = async (database: OpenDatabase): Promise<string> => {
  const { risen } = await database.soundness()
  if (risen.length > 0)
    throw new Error(`destroyed and there all the same: ${risen.join(', ')}. Plan their destruction again.`)
  return 'no destroyed key is there'
}

/** Clocks of machines differ a little. */
const aheadMaxMs = 60_000

const checkClock = async ({ database, clock, installation }: Parts): Promise<string> => {
  const { newestAt = installation.createdAt } = await database.soundness()
  const ahead = newestAt - clock.now()
  if (ahead > aheadMaxMs)
    throw new Error(`the newest key was made ${Math.round(ahead / 60_000)} minutes from now. Set the clock by NTP.`)
  return new Date(clock.now()).toISOString()
}

const dayMs = 86_400_000
/** Further back no backup is looked for: it is too old in any case. */
const backupDaysMax = 30

/** As the journals of all nodes tell; whether the command could write the file it cannot know. That there is none is no fault. */
const lastBackup = async ({ record, clock }: Parts): Promise<string> => {
  const since = clock.now() - backupDaysMax * dayMs
  let last: string | undefined
  const criteria = { since, action: 'backup', outcome: 'success' }
  for await (const each of record.search(criteria, Number.MAX_SAFE_INTEGER)) if ('line' in each) last = each.line
  if (last === undefined) return `none was made in ${backupDaysMax} days: keystead backup --to FILE`
  const { at } = JSON.parse(last) as { at: string }
  return `the last one was begun ${Math.floor((clock.now() - Date.parse(at)) / dayMs)} days ago, ${at}`
}

export const inspecting = (parts: Parts): Inspect => {
  const { folder, installation, database, journal, slow, rootKeys, leaseSeconds } = parts
  return {
    version,
    series: (minutes) => parts.series.last(minutes),
    status: async () => ({
      version,
      node: process.version,
      pid: process.pid,
      uptimeSeconds: Math.floor(process.uptime()),
      installation: installation.id,
      foundedAt: new Date(installation.createdAt).toISOString(),
      data: folder,
      rootKeyGeneration: rootKeys.state().generation.number,
      rootKeySeal: rootKeys.state().seal,
      sealed: rootKeys.state().sealed,
      journalHealthy: journal.healthy,
      ...(await checkNodes(database, leaseSeconds)),
      slowQueueWaiting: slow.waiting,
    }),
    findings: () =>
      Promise.all([
        find('data folder', () => checkFolder(folder)),
        find('root key', () => checkRootKey(rootKeys)),
        find('database', () => checkDatabase(database)),
        find('audit journal', () => checkJournals(folder)),
        find('disk', () => checkSpace(folder)),
        find('material', () => checkMaterial(database)),
        find('tombstones', () => checkTombstones(database)),
        find('clock', () => checkClock(parts)),
        find('backup', () => lastBackup(parts)),
      ]),
  }
}
