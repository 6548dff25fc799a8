/**
 * One thread of slow cryptography. The synchronous functions run here, in the thread itself: the asynchronous ones would
 * share libuv's four threads with every flush to disk, which then waits for seconds.
 *
 * No caller's input makes a job throw: what does is a defect, ends this thread and is reported by the queue.
 */
import { parentPort } from 'node:worker_threads'
import { jobs } from './jobs.ts'
import { type JobAnswer, type JobMessage, ownMemory } from './messages.ts'

/** Moved, not copied, to the caller's thread: nothing of them stays here. */
const buffersOf = (output: JobAnswer['output']): ArrayBuffer[] => {
  if (typeof output !== 'object') return []
  const arrays = output instanceof Uint8Array ? [output] : Object.values(output)
  return arrays.map(({ buffer }) => buffer as ArrayBuffer)
}

const port = parentPort
if (!port) throw new Error('started outside of its queue')

port.on('message', ({ name, input }: JobMessage) => {
  // The message's type pairs names with inputs; TypeScript does not follow the pair through the table.
  const output = ownMemory(jobs[name](input as never))
  if ('privateKey' in input) input.privateKey.fill(0)
  port.postMessage({ output } satisfies JobAnswer, buffersOf(output))
})
