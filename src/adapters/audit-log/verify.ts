import { Chain } from './chain.ts'
import { LineSplitter, listParts, type Part, readPart } from './parts.ts'

/** A line that somebody noted elsewhere: its number and its SHA-256 in lower hex. */
export interface Anchor {
  readonly seq: number
  readonly hash: string
}

export interface Whole {
  readonly whole: true
  readonly parts: number
  readonly lines: number
  readonly entries: number
  /** Above 1 where retention removed older parts; 0 where there is no line. */
  readonly firstSeq: number
  readonly last: Anchor
  /** After the last newline: being written at this moment, or torn by a crash. */
  readonly unfinishedBytes: number
}

export interface Break {
  readonly whole: false
  readonly file: string
  /** Counted from 1 in the part. */
  readonly line: number
  readonly reason: string
}

export interface Progress {
  readonly part: number
  readonly parts: number
  readonly lines: number
}

const isJson = (line: Buffer): boolean => {
  try {
    JSON.parse(line.toString('latin1'))
    return true
  } catch {
    return false
  }
}

/** Walks over all parts with one chain, and stops at the first thing that is wrong. */
class Verification {
  readonly chain = new Chain()
  /** The line at hand, counted from 1 in its part. */
  line = 0
  lines = 0
  entries = 0
  firstSeq = 0
  unfinishedBytes = 0
  readonly #anchor: Anchor | undefined
  #anchorSeen = false

  constructor(anchor: Anchor | undefined) {
    this.#anchor = anchor
  }

  /** What is wrong with the part, or undefined. `tick` is called now and then. */
  async part(folder: string, part: Part, newest: boolean, tick: () => void): Promise<string | undefined> {
    this.chain.nextPart()
    this.line = 0
    const splitter = new LineSplitter()
    try {
      for await (const chunk of readPart(folder, part)) {
        for (const line of splitter.push(chunk)) {
          const wrong = this.#line(line, part)
          if (wrong) return wrong
        }
        tick()
      }
    } catch (error) {
      return `it cannot be read: ${(error as Error).message}`
    }
    return this.#end(splitter.rest.length, newest)
  }

  #line(line: Buffer, part: Part): string | undefined {
    this.line += 1
    const wrong = this.chain.take(line, part.seq) ?? (isJson(line) ? undefined : 'this is no JSON')
    if (wrong) return wrong
    if (this.lines === 0) this.firstSeq = this.chain.seq
    this.lines += 1
    if (this.chain.seq !== this.#anchor?.seq) return undefined
    this.#anchorSeen = true
    return this.chain.hash === this.#anchor.hash ? undefined : 'this is not the line whose hash was noted elsewhere'
  }

  #end(rest: number, newest: boolean): string | undefined {
    this.entries += this.chain.entries
    if (newest) this.unfinishedBytes = rest
    else if (!this.chain.closed) return 'the part ends without a close line'
    else if (rest > 0) return 'something follows the close line'
    return undefined
  }

  /** What is wrong with the whole, once every part was right. */
  missingAnchor(): string | undefined {
    if (!this.#anchor || this.#anchorSeen) return undefined
    const { seq } = this.#anchor
    if (seq > this.chain.seq)
      return `the journal ends at seq ${this.chain.seq}, before seq ${seq} that was noted elsewhere`
    return `seq ${seq}, which was noted elsewhere, was removed with its part`
  }
}

const fileOf = (part: Part): string => (part.compressed ? `${part.name}.gz` : part.name)

/** Checks every line of every part in a folder. Rejects where the folder cannot be listed. */
export const verifyJournal = async (
  folder: string,
  options: { anchor?: Anchor; progress?: (progress: Progress) => void } = {},
): Promise<Whole | Break> => {
  const parts = await listParts(folder)
  const verification = new Verification(options.anchor)
  const { chain } = verification
  for (const [index, part] of parts.entries()) {
    const tick = () => options.progress?.({ part: index + 1, parts: parts.length, lines: verification.lines })
    const reason = await verification.part(folder, part, index === parts.length - 1, tick)
    if (reason) return { whole: false, file: fileOf(part), line: verification.line, reason }
  }
  const reason = verification.missingAnchor()
  const newest = parts.at(-1)
  if (reason) return { whole: false, file: newest ? fileOf(newest) : folder, line: verification.line, reason }
  const { lines, entries, firstSeq, unfinishedBytes } = verification
  const last = { seq: chain.seq, hash: chain.hash }
  return { whole: true, parts: parts.length, lines, entries, firstSeq, last, unfinishedBytes }
}
