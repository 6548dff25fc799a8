/** The parts of a journal: files whose names sort in the order of the chain. */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Instant } from '../../core/object.ts'
import { lineBytesMax } from './line.ts'

export interface Part {
  /** File name without `.gz`. */
  readonly name: string
  /** `seq` of its first line. */
  readonly seq: number
  /** The UTC day in which its lines were written, YYYY-MM-DD. */
  readonly day: string
  /** Only the compressed file is there. */
  readonly compressed: boolean
}

export const dayOf = (now: Instant): string => new Date(now).toISOString().slice(0, 10)

/** The number comes before the day, so that a clock that goes back cannot change the order. */
export const partName = (seq: number, day: string): string => `journal-${String(seq).padStart(16, '0')}-${day}.jsonl`

const namePattern = /^(journal-(\d{16})-(\d{4}-\d\d-\d\d)\.jsonl)(\.gz)?$/

/** Every part in a folder, in order. A part that is there plain and compressed is one part. */
export const listParts = async (folder: string): Promise<readonly Part[]> => {
  const parts = new Map<string, Part>()
  for (const file of (await readdir(folder)).sort()) {
    const match = namePattern.exec(file)
    if (!match) continue
    const [, name = '', seq, day = '', gz] = match
    if (!parts.has(name)) parts.set(name, { name, seq: Number(seq), day, compressed: gz !== undefined })
  }
  return [...parts.values()]
}

export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'

async function* gunzipped(path: string, start: number): AsyncGenerator<Buffer> {
  const source = (await open(path)).createReadStream()
  // A fault of either stream ends the iteration of the second one; there is nothing more to do about it here.
  let skip = start
  for await (const chunk of pipeline(source, createGunzip({ chunkSize: 1 << 18 }), () => {})) {
    if (chunk.length > skip) yield chunk.subarray(skip)
    skip = Math.max(0, skip - chunk.length)
  }
}

/**
 * The bytes of a part from `start` on, plain or compressed. A part that is compressed by the server between the listing
 * and now is read from its compressed file. Throws ENOENT where neither is there.
 */
export async function* readPart(folder: string, part: Pick<Part, 'name'>, start = 0): AsyncGenerator<Buffer> {
  const path = `${folder}/${part.name}`
  try {
    yield* (await open(path)).createReadStream({ start, highWaterMark: 1 << 18 })
  } catch (error) {
    if (!isMissing(error)) throw error
    yield* gunzipped(`${path}.gz`, start)
  }
}

/** Splits bytes at newlines only: U+2028 and the like are escaped in a line, and nobody else's rule matters. */
export class LineSplitter {
  /** What came after the last newline so far. */
  rest: Buffer = Buffer.alloc(0)

  /** The lines that this chunk completes, without their newlines. Throws where a line has no end in sight. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    const lines: Buffer[] = []
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      lines.push(bytes.subarray(start, end))
      start = end + 1
    }
    this.rest = bytes.subarray(start)
    if (this.rest.length > lineBytesMax) throw new Error(`a line is longer than ${lineBytesMax} bytes`)
    return lines
  }
}

/** Makes a creation, renaming or removal in the folder durable. */
export const syncFolder = (folder: string): void => {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
