/** Several journals as one. */
import type { AuditLine } from '../../core/audit.ts'
import { bodyOf, hashOf, headOf } from './line.ts'

type Lines = AsyncIterator<AuditLine>

interface Head {
  readonly lines: Lines
  readonly next: AuditLine
  /** ISO 8601 in UTC: compared as text. */
  readonly at: string
}

const headFrom = async (lines: Lines): Promise<Head | undefined> => {
  const { done, value } = await lines.next()
  return done ? undefined : { lines, next: value, at: headOf(value.line)?.at ?? '' }
}

const earliest = (heads: readonly Head[]): number =>
  heads.reduce((first, { at }, index) => (at < (heads[first]?.at ?? '') ? index : first), 0)

/**
 * By the time of the lines, as far as each source is in the order of time itself: a source is never turned around. Of
 * lines of one time the earlier source's come first.
 */
export async function* mergeByTime(sources: readonly AsyncIterable<AuditLine>[]): AsyncGenerator<AuditLine> {
  const all = sources.map((source) => source[Symbol.asyncIterator]())
  try {
    const heads = (await Promise.all(all.map(headFrom))).filter((head) => head !== undefined)
    while (heads.length > 0) {
      const first = earliest(heads)
      const [head] = heads.slice(first)
      if (!head) return
      yield head.next
      const after = await headFrom(head.lines)
      heads.splice(first, 1, ...(after ? [after] : []))
    }
  } finally {
    await Promise.all(all.map((lines) => lines.return?.()))
  }
}

/** Entries that are remembered; some 50 MB. */
const rememberedMax = 500_000

/** A map keeps the order in which its keys came. */
const oldestOf = (seen: ReadonlyMap<string, unknown>): string => seen.keys().next().value ?? ''

/** Two summaries may say the same and are two. */
const identityOf = ({ journal, line }: AuditLine): string => {
  const body = bodyOf(line)
  return hashOf(body.includes('"request":"",') ? journal + body : body)
}

/**
 * Leaves out an entry that another journal has too: a process that is gone may have written it, and so did the one that
 * took it over from the outbox, an hour later (adapters/sql/outbox.ts). Everything after `prev` is the same then. Also a
 * line that two sources have from one journal. An entry that a journal has twice by itself stays twice.
 */
export async function* onlyOnce(lines: AsyncIterable<AuditLine>): AsyncGenerator<AuditLine> {
  const seen = new Map<string, { readonly journal: string; readonly seq: number }>()
  for await (const each of lines) {
    const entry = identityOf(each)
    const seq = headOf(each.line)?.seq ?? 0
    const before = seen.get(entry)
    if (before && (before.journal !== each.journal || before.seq >= seq)) continue
    seen.set(entry, { journal: each.journal, seq })
    if (seen.size > rememberedMax) seen.delete(oldestOf(seen))
    yield each
  }
}
