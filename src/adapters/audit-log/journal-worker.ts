/**
 * The journal's own thread. Its calls are synchronous on purpose: libuv's pool also carries slow cryptography, behind
 * which a flush would wait for seconds.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { Instant } from '../../core/object.ts'
import type { PartWriter, Position } from './part-writer.ts'
import { JournalBroken, openFolder, reopenFolder } from './recover.ts'

export interface JournalWorkerData {
  readonly folder: string
  readonly rotateBytes: number
  readonly now: Instant
  /** After a fault in this process: the last place that was durable. */
  readonly durable: Position | undefined
}

/** Bodies of lines, each ended by a newline. */
export interface BatchMessage {
  readonly now: Instant
  readonly text: string
}

/** `flushed` answers one batch, in order. After `fault` or `refused` the thread ends. */
export type Answer =
  | { kind: 'opened'; cutBytes: number }
  | { kind: 'refused'; message: string; broken: boolean }
  | { kind: 'flushed'; rotated: boolean }
  | { kind: 'fault'; message: string; durable: Position }

const port = parentPort
if (!port) throw new Error('journal-worker runs as a worker thread')
const answer = (message: Answer): void => port.postMessage(message)

const open = async (): Promise<PartWriter | undefined> => {
  const { folder, rotateBytes, now, durable } = workerData as JournalWorkerData
  try {
    const { writer, cutBytes } = durable
      ? await reopenFolder(folder, rotateBytes, now, durable)
      : await openFolder(folder, rotateBytes, now)
    answer({ kind: 'opened', cutBytes })
    return writer
  } catch (error) {
    answer({ kind: 'refused', message: (error as Error).message, broken: error instanceof JournalBroken })
    return undefined
  }
}

const flush = (writer: PartWriter, { now, text }: BatchMessage): void => {
  try {
    const rotated = writer.isDue(now)
    if (rotated) writer.rotate(now)
    const bodies = text.slice(0, -1).split('\n')
    writer.append(bodies, bodies.length)
    answer({ kind: 'flushed', rotated })
  } catch (error) {
    answer({ kind: 'fault', message: (error as Error).message, durable: writer.durable })
    port.close()
  }
}

const writer = await open()
if (writer) {
  port.on('message', (message: BatchMessage | 'close') => {
    if (message !== 'close') return flush(writer, message)
    writer.close()
    port.close()
  })
}
