/** What the audit tests share: a folder to be thrown away, a clock that is moved, and a verifier of its own. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach } from 'vitest'
import { type AuditLog, type JournalOptions, openJournal } from '../../src/adapters/audit-log/journal.ts'
import type { AuditEntry } from '../../src/core/audit.ts'

export const noon = Date.UTC(2026, 2, 14, 12)
export const dayMs = 86_400_000

export class MovedClock {
  at = noon
  ticks = 0
  now = (): number => this.at
  monotonic = (): number => this.ticks
  move(ms: number): void {
    this.at += ms
    this.ticks += ms
  }
}

const folders: string[] = []
const logs: AuditLog[] = []

/** A data folder; its journal is in `audit`. */
export const dataFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'keystead-audit-'))
  folders.push(folder)
  return folder
}

export const opened = async (data: string, options: Partial<JournalOptions> = {}): Promise<AuditLog> => {
  const defaults = { folder: join(data, 'audit'), retentionDays: 400, clock: new MovedClock(), onFault: () => {} }
  const log = await openJournal({ ...defaults, ...options })
  logs.push(log)
  return log
}

afterEach(async () => {
  for (const log of logs.splice(0)) await log.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

export const entry = (request: string, members: Partial<AuditEntry> = {}): AuditEntry => ({
  request,
  at: noon,
  dialect: 'tencent',
  action: 'Encrypt',
  region: 'ap-guangzhou',
  account: 'account-1',
  principal: 'principal-1',
  credential: 'AKIDexample',
  source: '192.0.2.7',
  objects: [{ kind: 'key', id: 'key-1', version: 1 }],
  outcome: 'success',
  ...members,
})

export const filesOf = (data: string, name = 'audit'): string[] => readdirSync(join(data, name)).sort()

/** The parts' names without `.gz`, in order. */
export const partsOf = (data: string, name = 'audit'): string[] => [
  ...new Set(filesOf(data, name).map((file) => file.replace(/\.gz(\.tmp)?$/, ''))),
]

/** A part may be compressed between the listing and now. */
const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return gunzipSync(readFileSync(`${path}.gz`)).toString()
  }
}

/** Every whole line of the journal in order, compressed parts too. */
export const linesOf = (data: string, name = 'audit'): string[] =>
  partsOf(data, name).flatMap((part) =>
    textOf(join(data, name, part))
      .split('\n')
      .slice(0, -1),
  )

/** The chain by the spec page alone: the numbers follow each other, and each line has the hash of the one before. */
export const chainHolds = (lines: readonly string[]): boolean => {
  let [seq, prev] = [0, '0'.repeat(64)]
  return lines.every((line) => {
    const members = JSON.parse(line)
    const holds = members.seq === seq + 1 && members.prev === prev
    seq = members.seq
    prev = createHash('sha256').update(line).digest('hex')
    return holds
  })
}

export const requestsOf = (data: string): string[] =>
  linesOf(data)
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'entry')
    .map(({ request }) => request)

export const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 1000) throw new Error('it did not come true within ten seconds')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
