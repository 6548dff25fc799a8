import { genesis, hashOf, headOf } from './line.ts'

/** Follows the chain line by line, over as many parts as it is shown. */
export class Chain {
  /** Of the last line; 0 before the first. */
  seq = 0
  /** SHA-256 of the last line. */
  hash = genesis
  /** Lines of the part at hand, and how many of them are of type `entry`. */
  lines = 0
  entries = 0
  /** Of the part at hand without a torn end. */
  bytes = 0
  /** The part at hand ended with its close line. */
  closed = false
  #anchored = false

  /** Starts a part. The first part's own `prev` is believed where the chain does not start at 1: older parts are gone. */
  nextPart(): void {
    this.lines = 0
    this.entries = 0
    this.bytes = 0
    this.closed = false
  }

  /** Takes the next line, or says in a few words what is wrong with it. `firstSeq` is the number in the part's name. */
  take(line: Buffer, firstSeq: number): string | undefined {
    const text = line.toString('latin1')
    const head = headOf(text)
    if (!head) return 'this is no line of a journal'
    if (this.closed) return 'a line follows the close line'
    const wrong = this.#link(head.seq, head.prev, firstSeq)
    if (wrong) return wrong
    if (head.type === 'close' && !text.endsWith(`,"entries":${this.entries}}`)) {
      return `the close line does not say ${this.entries} entries, which the part has`
    }
    this.seq = head.seq
    this.hash = hashOf(line)
    this.lines += 1
    this.bytes += line.length + 1
    if (head.type === 'entry') this.entries += 1
    this.closed = head.type === 'close'
    return undefined
  }

  #link(seq: number, prev: string, firstSeq: number): string | undefined {
    if (this.lines === 0 && seq !== firstSeq) return `seq is ${seq}, the file name says ${firstSeq}`
    if (!this.#anchored) {
      this.#anchored = true
      return seq === 1 && prev !== genesis ? 'prev of the first line is not the constant' : undefined
    }
    if (seq > this.seq + 1) return `gap: seq ${seq} follows ${this.seq}, ${seq - this.seq - 1} lines are missing`
    if (seq !== this.seq + 1) return `seq ${seq} follows ${this.seq}`
    if (prev !== this.hash) return 'prev is not the hash of the line before, which was changed or replaced'
    return undefined
  }
}
