/**
 * The thread of one dump: a connection of its own whose read transaction sees one moment, so that neither the writer nor
 * anybody's request waits for it. While it is open the log cannot be truncated, so it ends where nobody takes its lines.
 */
import type { DatabaseSync } from 'node:sqlite'
import { parentPort } from 'node:worker_threads'
import { type Dumped, dumpLines } from '../dump.ts'
import { answerCalls } from './calls.ts'
import { kyselyOf, openReader } from './connection.ts'

export interface DumperMethods {
  /** From here on the lines are those of this moment. */
  open(input: { path: string; dumped: Dumped }): void
  /** Some lines, or none where there are no more. */
  next(): Promise<readonly string[]>
}

/** About as much as is sent at once, characters. */
const batchCharacters = 256 * 1024
/** How long the log may wait for whoever reads, ms. */
const idleMax = 60_000

let connection: DatabaseSync | undefined
let lines: AsyncGenerator<string> | undefined
let idle: NodeJS.Timeout | undefined

/** Ends the thread: its caller is told that the lines are lost. */
const giveUp = (): void => {
  connection?.close()
  parentPort?.close()
}

const stillWanted = (): void => {
  clearTimeout(idle)
  idle = setTimeout(giveUp, idleMax)
}

const next = async (): Promise<readonly string[]> => {
  stillWanted()
  const batch: string[] = []
  for (let length = 0; lines && length < batchCharacters; ) {
    const { value, done } = await lines.next()
    if (done) break
    batch.push(value)
    length += value.length
  }
  return batch
}

answerCalls<DumperMethods>({
  open: ({ path, dumped }) => {
    connection = openReader(path)
    // The first read of a deferred transaction fixes its moment.
    connection.exec('begin')
    connection.prepare('select count(*) from schema').get()
    lines = dumpLines(kyselyOf(connection), dumped)
    stillWanted()
  },
  next,
})
