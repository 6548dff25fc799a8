/**
 * One thread of slow cryptography. The synchronous functions run here, in the thread itself: the asynchronous ones would
 * share libuv's four threads with every flush to disk, which then waits for seconds.
 *
 * No caller's input makes a job throw: what does is a defect, ends this thread and is reported by the queue.
 */
import { parentPort, receiveMessageOnPort } from 'node:worker_threads'
import { jobs } from './jobs.ts'
import { type JobAnswers, type JobMessage, type JobOutput, ownMemory, sentMax } from './messages.ts'

/** Moved, not copied, to the caller's thread: nothing of them stays here. */
const buffersOf = (output: JobOutput): ArrayBuffer[] => {
  if (typeof output !== 'object') return []
  const arrays = output instanceof Uint8Array ? [output] : Object.values(output)
  return arrays.map(({ buffer }) => buffer as ArrayBuffer)
}

const port = parentPort
if (!port) throw new Error('started outside of its queue')

const done = ({ name, input }: JobMessage): JobOutput => {
  // The message's type pairs names with inputs; TypeScript does not follow the pair through the table.
  const output = ownMemory(jobs[name](input as never))
  if ('privateKey' in input) input.privateKey.fill(0)
  return output
}

/**
 * Answers of brief jobs leave together where more of them wait: whoever asked is woken once for all of them, and what has to be
 * flushed before they are told is flushed once. Half of what may be sent ahead, so that there is work until the next comes.
 */
const togetherMax = sentMax / 2

port.on('message', (first: JobMessage) => {
  const outputs: JobOutput[] = []
  try {
    for (let job: JobMessage | undefined = first; job; ) {
      outputs.push(done(job))
      job = outputs.length < togetherMax ? receiveMessageOnPort(port)?.message : undefined
    }
  } finally {
    port.postMessage({ outputs } satisfies JobAnswers, outputs.flatMap(buffersOf))
  }
})
