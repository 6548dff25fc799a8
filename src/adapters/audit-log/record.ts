/** The record of all nodes: what others have indexed, and what this one has not indexed yet from its own files. */
import type { AuditCriteria, AuditIndex, AuditLine, AuditReach, AuditRecord, IndexedJournal } from '../../core/audit.ts'
import { indexedCriteria } from './indexed-entry.ts'
import { type JournalFolder, journalsIn } from './journals.ts'
import { mergeByTime, onlyOnce } from './merge.ts'
import { matcher, searchJournal } from './search.ts'

export interface RecordOptions {
  /** The data folder. */
  readonly data: string
  /** Empty where one node is all there is. */
  readonly node: string
  /** Absent where every journal is in the folder. */
  readonly index: AuditIndex | undefined
  /** The nodes that serve now. */
  present(): Promise<ReadonlySet<string>>
}

const pageEntries = 500

const nameOf = (node: string, journal: string): string => (node === '' ? journal : `${node}/${journal}`)

async function* fromFolder(
  node: string,
  { name, folder }: JournalFolder,
  criteria: AuditCriteria,
  after: number,
): AsyncGenerator<AuditLine> {
  for await (const line of searchJournal(folder, criteria, after)) yield { journal: nameOf(node, name), line }
}

async function* fromIndex(index: AuditIndex, criteria: AuditCriteria): AsyncGenerator<AuditLine> {
  const asked = indexedCriteria(criteria)
  const matches = matcher(criteria)
  let page = await index.page(asked, undefined, pageEntries)
  for (;;) {
    for (const { node, journal, line } of page) if (matches(line)) yield { journal: nameOf(node, journal), line }
    if (page.length < pageEntries) return
    page = await index.page(asked, page.at(-1), pageEntries)
  }
}

const reachInto = async (index: AuditIndex, journal: IndexedJournal, present: boolean): Promise<AuditReach> => {
  const first = await index.firstFrom(journal, 0)
  const known = { node: journal.node, journal: journal.journal, present }
  return first ? { ...known, seen: 'indexed', from: first.at, until: journal.until } : { ...known, seen: 'none' }
}

/** Journals that others have indexed, and nodes that serve and have none of theirs indexed. */
const reachOfOthers = async (
  index: AuditIndex,
  others: readonly IndexedJournal[],
  own: string,
  present: ReadonlySet<string>,
): Promise<readonly AuditReach[]> => [
  ...(await Promise.all(others.map((one) => reachInto(index, one, present.has(one.node))))),
  ...[...present]
    .filter((node) => node !== own && !others.some((one) => one.node === node))
    .map((node): AuditReach => ({ node, journal: 'audit', seen: 'none', present: true })),
]

async function* search(
  { data, node, index, present }: RecordOptions,
  criteria: AuditCriteria,
  limit: number,
): AsyncGenerator<AuditLine | { readonly reach: readonly AuditReach[] }> {
  // Before anything is read: what is indexed meanwhile is then found twice, and not missed.
  const indexed = (await index?.journals()) ?? []
  const journals = await journalsIn(data)
  const sources = journals.map((one) => {
    const mark = indexed.find((other) => other.node === node && other.journal === one.name)
    return fromFolder(node, one, criteria, mark?.seq ?? 0)
  })
  const lines = onlyOnce(mergeByTime(index ? [fromIndex(index, criteria), ...sources] : sources))
  let left = limit
  if (left > 0)
    for await (const line of lines) {
      yield line
      left -= 1
      if (left === 0) break
    }
  const own = journals.map(({ name }): AuditReach => ({ node, journal: name, seen: 'whole', present: true }))
  const others = indexed.filter((one) => one.node !== node)
  yield { reach: index ? [...own, ...(await reachOfOthers(index, others, node, await present()))] : own }
}

export const auditRecord = (options: RecordOptions): AuditRecord => ({
  search: (criteria, limit) => search(options, criteria, limit),
})
