/** A process of its own that appends until it is killed, and says on stdout which requests were acknowledged. */
import { writeSync } from 'node:fs'
import { openJournal } from '../../src/adapters/audit-log/journal.ts'
import type { AuditEntry } from '../../src/core/audit.ts'

const [, , folder = '', round = ''] = process.argv
const clock = { now: () => Date.now(), monotonic: () => performance.now() }
const log = await openJournal({ folder, retentionDays: 0, rotateBytes: 100_000, clock, onFault: () => process.exit(3) })

const common = { dialect: 'd', action: 'a', region: 'r', account: 'a', principal: 'p', credential: 'c', source: 's' }
let number = 0
const appendForEver = async (): Promise<never> => {
  for (;;) {
    number += 1
    const request = `${round}-${number}`
    const entry: AuditEntry = { ...common, request, at: Date.now(), objects: [], outcome: 'success' }
    await log.append(entry)
    writeSync(1, `${request}\n`)
  }
}
for (let index = 0; index < 16; index += 1) void appendForEver()
