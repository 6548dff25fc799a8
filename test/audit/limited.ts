/**
 * A process of its own whose files may not grow beyond 64 KiB: what a full disk is to a journal, without the right to
 * mount one. Prints what became of its appends.
 */
import { openJournal } from '../../src/adapters/audit-log/journal.ts'
import type { AuditEntry } from '../../src/core/audit.ts'

const [, , folder = ''] = process.argv
const clock = { now: () => Date.now(), monotonic: () => performance.now() }
const faults: string[] = []
const log = await openJournal({ folder, retentionDays: 0, clock, onFault: ({ message }) => faults.push(message) })

const common = { dialect: 'd', action: 'a', region: 'r', account: 'a', principal: 'p', credential: 'c', source: 's' }
const append = (request: string): Promise<void> => {
  const entry: AuditEntry = { ...common, request, at: Date.now(), objects: [], outcome: 'success' }
  return log.append(entry)
}
const acknowledged: string[] = []
const attempt = async (request: string): Promise<string> => {
  try {
    await append(request)
    acknowledged.push(request)
    return 'acknowledged'
  } catch (error) {
    return (error as Error).message
  }
}

for (let index = 0; index < 10; index += 1) await attempt(`small ${index}`)
const many = await Promise.all(Array.from({ length: 2000 }, (_, index) => attempt(`many ${index}`)))
const healthyAfterFault = log.healthy
const meanwhile = await attempt('meanwhile')
while (!log.healthy) await new Promise((resolve) => setTimeout(resolve, 20))
for (let index = 0; index < 10; index += 1) await attempt(`again ${index}`)
await log.close()
process.stdout.write(JSON.stringify({ acknowledged, many: [...new Set(many)], healthyAfterFault, meanwhile, faults }))
