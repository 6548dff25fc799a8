/** From what is in the folder to a writer at its end. */
import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync } from 'node:fs'
import type { Instant } from '../../core/object.ts'
import { Chain } from './chain.ts'
import { type Cut, hashOf, noteBody } from './line.ts'
import { PartWriter, type Position } from './part-writer.ts'
import { LineSplitter, listParts, type Part, readPart, syncFolder } from './parts.ts'

/** The journal on disk is not one that can be continued. The message is a sentence for the operator. */
export class JournalBroken extends Error {
  override readonly name = 'JournalBroken'
}

const broken = (folder: string, where: string, why: string): JournalBroken =>
  new JournalBroken(
    `The audit journal is broken at ${folder}/${where} (${why}): ` +
      'keep the folder as evidence, then restore it from a copy or start with an empty one.',
  )

/** Cuts a part to `bytes` and says what was cut. */
const cutPart = (path: string, bytes: number): Cut => {
  const removed = readFileSync(path).subarray(bytes)
  const fd = openSync(path, 'r+')
  try {
    ftruncateSync(fd, bytes)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  return { bytes: removed.length, sha256: hashOf(removed) }
}

const removePart = (folder: string, part: Part): Cut => {
  const path = `${folder}/${part.name}`
  const removed = readFileSync(path)
  unlinkSync(path)
  syncFolder(folder)
  return { bytes: removed.length, sha256: hashOf(removed) }
}

const nothing: Cut = { bytes: 0, sha256: hashOf('') }

/** Reads a part to its end. What follows its last newline is torn, and not part of the chain. */
const walk = async (folder: string, part: Part): Promise<{ chain: Chain; torn: boolean }> => {
  const chain = new Chain()
  const splitter = new LineSplitter()
  try {
    for await (const chunk of readPart(folder, part)) {
      for (const line of splitter.push(chunk)) {
        const wrong = chain.take(line, part.seq)
        if (wrong) throw broken(folder, part.name, `line ${chain.lines + 1}: ${wrong}`)
      }
    }
  } catch (error) {
    if (error instanceof JournalBroken) throw error
    throw broken(folder, part.name, (error as Error).message)
  }
  return { chain, torn: splitter.rest.length > 0 }
}

interface End {
  /** The newest part that has a line; undefined in an empty folder. */
  readonly part: Part | undefined
  readonly chain: Chain
  readonly cut: Cut
}

/** Finds the end of the chain. Cuts a torn line, and removes newest parts that have no whole line. */
const findEnd = async (folder: string): Promise<End> => {
  const parts = [...(await listParts(folder))]
  let cut = nothing
  for (let part = parts.pop(); part; part = parts.pop()) {
    const { chain, torn } = await walk(folder, part)
    if (part.compressed && (torn || !chain.closed)) throw broken(folder, part.name, 'it is compressed and not closed')
    if (chain.lines > 0) {
      if (torn) cut = cutPart(`${folder}/${part.name}`, chain.bytes)
      return { part, chain, cut }
    }
    const removed = removePart(folder, part)
    if (removed.bytes > 0) cut = removed
  }
  return { part: undefined, chain: new Chain(), cut }
}

/**
 * After a fault in this process: takes away whatever was written after the last flush that succeeded. Nothing there was
 * acknowledged, and after a failed flush the page cache may show bytes that the disk does not have.
 */
const cutToDurable = async (folder: string, durable: Position): Promise<Cut> => {
  let cut = nothing
  for (const part of [...(await listParts(folder))].reverse()) {
    if (part.name < durable.part) break
    if (part.name > durable.part) {
      const removed = removePart(folder, part)
      if (removed.bytes > 0) cut = removed
    } else if (!part.compressed && statSync(`${folder}/${part.name}`).size > durable.bytes) {
      cut = cutPart(`${folder}/${part.name}`, durable.bytes)
    }
  }
  return cut
}

const positionOf = (part: Part, chain: Chain): Position => ({
  part: part.name,
  bytes: chain.bytes,
  seq: chain.seq,
  hash: chain.hash,
  entries: chain.entries,
})

export interface Opened {
  readonly writer: PartWriter
  readonly cutBytes: number
}

/** Opens the journal of a folder, which is made where it is missing, after a start or a crash. */
export const openFolder = async (folder: string, rotateBytes: number, now: Instant): Promise<Opened> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { part, chain, cut } = await findEnd(folder)
  const writer =
    part && !chain.closed
      ? PartWriter.resume(folder, rotateBytes, positionOf(part, chain))
      : PartWriter.create(folder, rotateBytes, chain, now)
  if (cut.bytes > 0) writer.append([noteBody(now, 'tornLine', cut)], 0)
  return { writer, cutBytes: cut.bytes }
}

/**
 * Opens the journal again after a fault in this process, of which `durable` is the last place that was certain. The part
 * whose flush failed is closed there and a new one is started, which begins with a note.
 */
export const reopenFolder = async (
  folder: string,
  rotateBytes: number,
  now: Instant,
  durable: Position,
): Promise<Opened> => {
  const cut = await cutToDurable(folder, durable)
  const { part, chain } = await findEnd(folder)
  if (chain.seq !== durable.seq || chain.hash !== durable.hash) {
    throw broken(folder, durable.part, `line ${durable.seq} of the journal, which was durable, is no longer its last`)
  }
  const writer =
    part && !chain.closed
      ? PartWriter.resume(folder, rotateBytes, positionOf(part, chain))
      : PartWriter.create(folder, rotateBytes, chain, now)
  if (writer.durable.bytes > 0) writer.rotate(now)
  writer.append([noteBody(now, 'fault', cut)], 0)
  return { writer, cutBytes: cut.bytes }
}
