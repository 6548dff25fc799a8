/** The journals of a data folder: each process that serves from it has a chain of its own. */
import { readdir } from 'node:fs/promises'
import type { AuditLine } from '../../core/audit.ts'
import { mergeByTime, onlyOnce } from './merge.ts'
import { type Criteria, searchJournal } from './search.ts'

export interface JournalFolder {
  /** `audit` for the first process, `audit-2` and so on for further workers. */
  readonly name: string
  readonly folder: string
}

const namePattern = /^audit(?:-([1-9]\d{0,5}))?$/
const numberOf = (name: string): number => Number(namePattern.exec(name)?.[1] ?? 1)

/** In the order of their numbers, those of workers that are gone among them. Rejects where the folder cannot be read. */
export const journalsIn = async (data: string): Promise<readonly JournalFolder[]> =>
  (await readdir(data))
    .filter((name) => namePattern.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b))
    .map((name) => ({ name, folder: `${data}/${name}` }))

async function* linesOf({ name, folder }: JournalFolder, criteria: Criteria): AsyncGenerator<AuditLine> {
  for await (const line of searchJournal(folder, criteria)) yield { journal: name, line }
}

/** The entries of all of them that match, merged by time. */
export const searchJournals = (journals: readonly JournalFolder[], criteria: Criteria): AsyncIterable<AuditLine> => {
  const merged = mergeByTime(journals.map((journal) => linesOf(journal, criteria)))
  return journals.length > 1 ? onlyOnce(merged) : merged
}
