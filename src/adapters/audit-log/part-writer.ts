import { closeSync, fdatasyncSync, fstatSync, openSync, writeSync } from 'node:fs'
import type { Instant } from '../../core/object.ts'
import { closeBody, hashOf, lineOf } from './line.ts'
import { dayOf, partName, syncFolder } from './parts.ts'

/** A place in the journal: a part, its length in bytes, the last line's number and hash, the part's entries so far. */
export interface Position {
  readonly part: string
  readonly bytes: number
  readonly seq: number
  readonly hash: string
  readonly entries: number
}

const writeAll = (fd: number, bytes: Buffer): void => {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
}

/**
 * Writes the newest part, in synchronous calls: it has a thread of its own. After any of its methods has thrown it is of
 * no more use, because what a failed flush left on disk is unknown; `durable` still says what is certain.
 */
export class PartWriter {
  readonly #folder: string
  readonly #rotateBytes: number
  #fd: number
  /** Everything up to here was flushed. */
  durable: Position

  private constructor(folder: string, rotateBytes: number, fd: number, durable: Position) {
    this.#folder = folder
    this.#rotateBytes = rotateBytes
    this.#fd = fd
    this.durable = durable
  }

  /** Goes on with a part that is there, whole up to `position`. */
  static resume(folder: string, rotateBytes: number, position: Position): PartWriter {
    const fd = openSync(`${folder}/${position.part}`, 'a')
    // What a crashed process wrote may be in the page cache alone, and the chain is about to build on it.
    fdatasyncSync(fd)
    return new PartWriter(folder, rotateBytes, fd, position)
  }

  /** Starts a part after the line of this number and hash. */
  static create(folder: string, rotateBytes: number, last: { seq: number; hash: string }, now: Instant): PartWriter {
    const part = partName(last.seq + 1, dayOf(now))
    const fd = openSync(`${folder}/${part}`, 'ax', 0o600)
    syncFolder(folder)
    return new PartWriter(folder, rotateBytes, fd, { part, bytes: 0, seq: last.seq, hash: last.hash, entries: 0 })
  }

  /** Whether the next line belongs into a new part: this one is full, or of another UTC day. */
  isDue(now: Instant): boolean {
    return this.durable.bytes >= this.#rotateBytes || !this.durable.part.includes(dayOf(now))
  }

  /** Ends the part with its close line and starts the next. */
  rotate(now: Instant): void {
    this.append([closeBody(now, this.durable.entries)], 0)
    const next = PartWriter.create(this.#folder, this.#rotateBytes, this.durable, now)
    closeSync(this.#fd)
    this.#fd = next.#fd
    this.durable = next.durable
  }

  /** Writes a line for each body in one write and one flush. When it returns they are durable. */
  append(bodies: readonly string[], entries: number): void {
    let { seq, hash } = this.durable
    let text = ''
    for (const body of bodies) {
      seq += 1
      const line = lineOf(seq, hash, body)
      hash = hashOf(line)
      text += `${line}\n`
    }
    writeAll(this.#fd, Buffer.from(text, 'latin1'))
    fdatasyncSync(this.#fd)
    const { part, bytes, entries: before } = this.durable
    const after = { part, bytes: bytes + text.length, seq, hash, entries: before + entries }
    this.#check(after.bytes)
    this.durable = after
  }

  /** A file that was deleted, cut or written by somebody else under our feet must not pass for a journal. */
  #check(bytes: number): void {
    const { size, nlink } = fstatSync(this.#fd)
    if (nlink === 0) throw new Error(`${this.durable.part} was deleted`)
    if (size !== bytes) throw new Error(`${this.durable.part} was changed by another program`)
  }

  close(): void {
    closeSync(this.#fd)
  }
}
