/** The audit journals of one or more processes, held to what clients were answered. */
import { existsSync } from 'node:fs'
import { LineSplitter, listParts, readPart } from '../../src/adapters/audit-log/parts.ts'
import { verifyJournal } from '../../src/adapters/audit-log/verify.ts'
import type { World } from './world.ts'

const requestOf = (line: string): string | undefined => /","request":"([^"]*)"/.exec(line)?.[1]

const countIn = async (folder: string, counts: Map<string, number>): Promise<number> => {
  let lines = 0
  for (const part of await listParts(folder)) {
    const splitter = new LineSplitter()
    for await (const chunk of readPart(folder, part))
      for (const line of splitter.push(chunk)) {
        lines += 1
        const request = requestOf(line.toString('latin1'))
        if (request) counts.set(request, (counts.get(request) ?? 0) + 1)
      }
  }
  return lines
}

/** Every chain whole, every answered call in one of them, none twice. Gives the number of lines. */
export const checkJournals = async (
  folders: readonly string[],
  { acknowledged, violations }: World,
): Promise<number> => {
  const counts = new Map<string, number>()
  let lines = 0
  for (const folder of folders.filter((path) => existsSync(path))) {
    const verified = await verifyJournal(folder)
    if (!verified.whole) violations.push(`${folder}: ${verified.file}:${verified.line}: ${verified.reason}`)
    lines += await countIn(folder, counts)
  }
  for (const [request, count] of counts) if (count > 1) violations.push(`request ${request} is recorded ${count} times`)
  for (const request of acknowledged)
    if (!counts.has(request)) violations.push(`request ${request} was answered and is not recorded`)
  return lines
}
