import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { LineSplitter, listParts, type Part, readPart } from './parts.ts'

/** How far a reader has come: a part's name and the bytes of its whole lines. The empty name is before every part. */
export interface Mark {
  readonly part: string
  readonly bytes: number
}

const pollMs = 250
const windowBytes = 1 << 18

/** The last lines of a part from a byte on, and where its whole lines end. */
const lastFrom = async (folder: string, part: Part, count: number, start: number) => {
  const splitter = new LineSplitter()
  let lines: string[] = []
  let bytes = start
  for await (const chunk of readPart(folder, part, start)) {
    const more = splitter.push(chunk)
    bytes += chunk.length
    lines = [...lines, ...more.slice(-count - 1).map((line) => line.toString('latin1'))].slice(-count - 1)
  }
  // What begins in the middle of the part begins in the middle of a line.
  const whole = start > 0 && lines.length <= count ? lines.slice(1) : lines
  return { lines: count === 0 ? [] : whole.slice(-count), bytes: bytes - splitter.rest.length }
}

/** Reads a plain part from near its end, and from further before where that gave too few lines. */
const lastOfPart = async (folder: string, part: Part, count: number) => {
  const size = part.compressed ? 0 : (await stat(`${folder}/${part.name}`).catch(() => ({ size: 0 }))).size
  for (let window = windowBytes; window < size; window *= 8) {
    const last = await lastFrom(folder, part, count, size - window)
    if (last.lines.length === count) return last
  }
  return await lastFrom(folder, part, count, 0)
}

/** The last `count` lines of the journal, of every type, and where to follow on. */
export const lastLines = async (folder: string, count: number): Promise<{ lines: string[]; mark: Mark }> => {
  const parts = [...(await listParts(folder))].reverse()
  let lines: string[] = []
  let mark: Mark = { part: '', bytes: 0 }
  for (const part of parts) {
    const last = await lastOfPart(folder, part, count - lines.length)
    if (mark.part === '') mark = { part: part.name, bytes: last.bytes }
    lines = [...last.lines, ...lines]
    if (lines.length >= count) break
  }
  return { lines, mark }
}

/** Every line after the mark as it comes, for ever. */
export async function* followLines(folder: string, from: Mark): AsyncGenerator<string> {
  let { part, bytes } = from
  for (;;) {
    // Looked for first: once there is a newer part, this one is complete.
    const newer = (await listParts(folder)).find(({ name }) => name > part)
    const splitter = new LineSplitter()
    if (part !== '') {
      for await (const chunk of readPart(folder, { name: part }, bytes)) {
        for (const line of splitter.push(chunk)) {
          bytes += line.length + 1
          yield line.toString('latin1')
        }
      }
    }
    if (!newer) await sleep(pollMs)
    else [part, bytes] = [newer.name, 0]
  }
}
