import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditLine } from '../../core/audit.ts'
import { journalsIn } from './journals.ts'
import { mergeByTime } from './merge.ts'
import { LineSplitter, listParts, type Part, readPart } from './parts.ts'

/** How far a reader has come: a part's name and the bytes of its whole lines. The empty name is before every part. */
interface Mark {
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
const lastLines = async (folder: string, count: number): Promise<{ lines: string[]; mark: Mark }> => {
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

/** The lines after the mark that are there by now, each with the mark behind it; over the end of one part at most. */
async function* newLines(folder: string, from: Mark): AsyncGenerator<{ line?: string; mark: Mark }> {
  let { part, bytes } = from
  // Looked for first: once there is a newer part, this one is complete.
  const newer = (await listParts(folder)).find(({ name }) => name > part)
  const splitter = new LineSplitter()
  if (part !== '') {
    for await (const chunk of readPart(folder, { name: part }, bytes)) {
      for (const line of splitter.push(chunk)) {
        bytes += line.length + 1
        yield { line: line.toString('latin1'), mark: { part, bytes } }
      }
    }
  }
  if (newer) yield { mark: { part: newer.name, bytes: 0 } }
}

const beforeAll: Mark = { part: '', bytes: 0 }

/**
 * Every line after the marks as it comes, for ever: of all journals of a data folder, those that are made meanwhile
 * among them.
 */
export async function* followLines(data: string, from: ReadonlyMap<string, Mark>): AsyncGenerator<AuditLine> {
  const marks = new Map(from)
  for (;;) {
    let moved = false
    for (const { name, folder } of await journalsIn(data)) {
      for await (const { line, mark } of newLines(folder, marks.get(name) ?? beforeAll)) {
        marks.set(name, mark)
        if (line === undefined) moved = true
        else yield { journal: name, line }
      }
    }
    if (!moved) await sleep(pollMs)
  }
}

async function* given(journal: string, lines: readonly string[]): AsyncGenerator<AuditLine> {
  for (const line of lines) yield { journal, line }
}

/** The last `count` lines of all journals of a data folder, merged by time, and where to follow on. */
export const lastLinesIn = async (data: string, count: number) => {
  const marks = new Map<string, Mark>()
  const sources: AsyncIterable<AuditLine>[] = []
  for (const { name, folder } of await journalsIn(data)) {
    const { lines, mark } = await lastLines(folder, count)
    marks.set(name, mark)
    sources.push(given(name, lines))
  }
  const merged: AuditLine[] = []
  for await (const line of mergeByTime(sources)) merged.push(line)
  return { lines: count === 0 ? [] : merged.slice(-count), marks }
}
