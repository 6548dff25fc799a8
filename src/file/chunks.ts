/** Bytes in and out in chunks, in as many buffers as are under way at a time: one is read and one written while one is sealed. */
import type { FileHandle } from 'node:fs/promises'

/** Fills `into`, and says how much of it; less than all of it only at the end. */
export type Source = (into: Uint8Array) => Promise<number>
/** Writes everything; the bytes are the caller's again when it has. */
export type Sink = (bytes: Uint8Array) => Promise<void>

export const fileSource =
  (file: FileHandle): Source =>
  async (into) => {
    let at = 0
    while (at < into.length) {
      const { bytesRead } = await file.read(into, at, into.length - at, null)
      if (bytesRead === 0) break
      at += bytesRead
    }
    return at
  }

export const fileSink =
  (file: FileHandle): Sink =>
  (bytes) =>
    file.writeFile(bytes)

export const streamSource = (stream: AsyncIterable<Uint8Array>): Source => {
  const pieces = stream[Symbol.asyncIterator]()
  let left: Uint8Array = new Uint8Array(0)
  return async (into) => {
    let at = 0
    while (at < into.length) {
      if (left.length === 0) {
        const { value, done } = await pieces.next()
        if (done) break
        left = value
      }
      const taken = left.subarray(0, into.length - at)
      into.set(taken, at)
      at += taken.length
      left = left.subarray(taken.length)
    }
    return at
  }
}

export const streamSink =
  (stream: NodeJS.WritableStream): Sink =>
  (bytes) =>
    new Promise((resolve, reject) => {
      // It stays where the write failed: the stream says so once more, and nobody else listens.
      stream.once('error', reject)
      stream.write(bytes, (error) => {
        if (error) return reject(error)
        stream.removeListener('error', reject)
        resolve()
      })
    })

export interface Chunk {
  /** Good until the next chunk is asked for. */
  readonly bytes: Uint8Array
  readonly last: boolean
}

/** At least one; the last has what is left, and nothing only where there is nothing at all. */
export async function* chunksOf(from: Source, size: number): AsyncGenerator<Chunk> {
  const buffers = [new Uint8Array(size), new Uint8Array(size), new Uint8Array(size)]
  const read = (turn: number): Promise<number> => {
    const count = from(buffers[turn % 3] as Uint8Array)
    // Whoever waits for it hears of it; where nobody does any more, something else failed before.
    count.catch(() => {})
    return count
  }
  let held = await read(0)
  let ahead = held < size ? Promise.resolve(0) : read(1)
  for (let turn = 0; ; turn++) {
    const next = await ahead
    if (next === size) ahead = read(turn + 2)
    else ahead = Promise.resolve(0)
    yield { bytes: (buffers[turn % 3] as Uint8Array).subarray(0, held), last: next === 0 }
    if (next === 0) return
    held = next
  }
}

/** Writes while the next is made, one at a time and in order. `done` waits for what is under way. */
export const writingBehind = (to: Sink): { readonly write: Sink; readonly done: () => Promise<void> } => {
  let underWay = Promise.resolve()
  return {
    async write(bytes) {
      await underWay
      underWay = to(bytes)
      underWay.catch(() => {})
    },
    done: () => underWay,
  }
}
