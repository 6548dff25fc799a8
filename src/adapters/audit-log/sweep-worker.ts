/** Compresses and removes closed parts of the journal. Each file changes by one rename or one unlink, or not at all. */
import { closeSync, existsSync, fdatasyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'
import { constants, gzipSync } from 'node:zlib'
import { syncFolder } from './parts.ts'

export interface SweepWorkerData {
  readonly folder: string
  /** Names of parts, without `.gz`, oldest first. */
  readonly compress: readonly string[]
  readonly remove: readonly string[]
  /** File names of compressions that never came to their end. */
  readonly stale: readonly string[]
}

const chunkBytes = 1024 * 1024
/** Half the time of the default, for files that are 3 percent larger. */
const level = constants.Z_BEST_SPEED
/**
 * Rests so many times as long as it has worked, and has no low priority: where every processor is busy, a thread that the
 * system hardly lets run would keep the file system's transaction open for as long, and each flush of the journal waits for that.
 */
const restful = 7

/** What this thread had taken of a processor when it rested last, us. */
let rested = 0

const rest = async (): Promise<void> => {
  const { user, system } = process.threadCpuUsage()
  const workedMs = (user + system - rested) / 1000
  rested = user + system
  await sleep(workedMs * restful)
}

/**
 * Chunk by chunk, each a gzip member of its own (RFC 1952, 2.2) and flushed by itself: the synchronous form stays out
 * of libuv's pool, and small flushes do not hold up those of the journal on the same file system.
 */
const copyCompressed = async (from: number, to: number): Promise<void> => {
  const chunk = Buffer.alloc(chunkBytes)
  for (let read = readSync(from, chunk); read > 0; read = readSync(from, chunk)) {
    const member = gzipSync(chunk.subarray(0, read), { level })
    for (let done = 0; done < member.length; ) done += writeSync(to, member, done)
    fdatasyncSync(to)
    if (read === chunkBytes) await rest()
  }
}

const compressPart = async (folder: string, name: string): Promise<void> => {
  const plain = `${folder}/${name}`
  if (!existsSync(`${plain}.gz`)) {
    const [from, to] = [openSync(plain, 'r'), openSync(`${plain}.gz.tmp`, 'w', 0o600)]
    await copyCompressed(from, to)
    closeSync(from)
    closeSync(to)
    renameSync(`${plain}.gz.tmp`, `${plain}.gz`)
    syncFolder(folder)
  }
  rmSync(plain)
  syncFolder(folder)
}

const { folder, compress, remove, stale } = workerData as SweepWorkerData
for (const name of stale) rmSync(`${folder}/${name}`, { force: true })
// Oldest first: whatever interrupts this, the parts that are left are the newest without a gap.
for (const name of remove) for (const end of ['', '.gz']) rmSync(`${folder}/${name}${end}`, { force: true })
if (remove.length > 0) syncFolder(folder)
for (const name of compress) await compressPart(folder, name)
