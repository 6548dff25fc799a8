/** What an installation says of itself: how it is, and whether its files are sound. */
import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AuditLog } from './adapters/audit-log/journal.ts'
import { verifyJournal } from './adapters/audit-log/verify.ts'
import { auditFolder } from './adapters/data-folder/folder.ts'
import type { OpenSlowQueue } from './adapters/slow-queue/queue.ts'
import type { OpenDatabase } from './adapters/sql/open-database.ts'
import type { Finding, Inspect } from './core/house.ts'
import type { SealState } from './core/ports.ts'

const { version } = createRequire(import.meta.url)('../package.json') as { version: string }

interface Parts {
  readonly folder: string
  readonly installation: { readonly id: string; readonly createdAt: number }
  readonly database: OpenDatabase
  readonly journal: AuditLog
  readonly slow: OpenSlowQueue
  readonly leaseSeconds: number
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

const checkJournal = async (folder: string): Promise<string> => {
  const verdict = await verifyJournal(auditFolder(folder))
  if (!verdict.whole) throw new Error(`${verdict.file}, line ${verdict.line}: ${verdict.reason}`)
  return `${verdict.entries} entries in ${verdict.parts} parts, an unbroken chain`
}

const checkSpace = async (folder: string): Promise<string> => {
  const { bavail, bsize } = await statfs(folder)
  const free = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`
  if (bavail * bsize < freeBytesMin) throw new Error(`${free}: nothing is answered once the journal cannot be written`)
  return free
}

export const inspecting = ({
  folder,
  installation,
  database,
  journal,
  slow,
  rootKeys,
  leaseSeconds,
}: Parts): Inspect => ({
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
      find('audit journal', () => checkJournal(folder)),
      find('disk', () => checkSpace(folder)),
    ]),
})
