/** The file of a backup: lines, compressed (RFC 1952), sealed, and made durable before it has its name. */
import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { open as openFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { splitLines } from './lines.ts'
import { type BackupKey, BackupUnusable, open, seal } from './sealed.ts'

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

const syncFolder = async (path: string): Promise<void> => {
  const folder = await openFile(dirname(path), 'r')
  await folder.sync()
  await folder.close()
}

/** Throws `BackupUnusable` where a backup cannot be written because something is there. */
export const refuseExisting = (path: string): void => {
  if (existsSync(path))
    throw new BackupUnusable(`${path} is there already. Choose another name: a backup is never overwritten.`)
}

const writeAll = async (path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> => {
  const file = await openFile(path, 'wx', 0o600)
  try {
    for await (const piece of pieces) await file.write(piece)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A fault of the source, or of the compression, reaches whoever reads the result. */
const compressed = (lines: AsyncIterable<string>): AsyncIterable<Uint8Array> => {
  const gzip = createGzip()
  pipeline(Readable.from(ended(lines)), gzip, () => {})
  return gzip
}

/**
 * Writes a new file, for its owner alone. It is under `<path>.part` until it is whole and on the disk; where it does not
 * come to that, nothing is left. `salt`: see `seal`.
 */
export const writeBackup = async (
  path: string,
  key: BackupKey,
  salt: Uint8Array,
  lines: AsyncIterable<string>,
): Promise<void> => {
  refuseExisting(path)
  const part = `${path}.part`
  refuseExisting(part)
  try {
    await writeAll(part, seal(compressed(lines), key, salt))
    refuseExisting(path)
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await syncFolder(path)
}

async function* counted(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path, { highWaterMark: 1 << 18 })
  await once(stream, 'open')
  for await (const piece of stream) {
    onBytes(piece.length)
    yield piece
  }
}

/**
 * The lines of a backup. Each piece was authenticated before it is given out; that there is no more is known only at the
 * end, so whoever acts on lines reads to the end first. Throws `BackupUnusable`.
 */
export async function* readBackup(
  path: string,
  key: BackupKey,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<string> {
  const gunzip = createGunzip().setEncoding('utf8')
  pipeline(Readable.from(open(counted(path, onBytes), key)), gunzip, () => {})
  yield* splitLines(gunzip)
}
