import type { Worker } from 'node:worker_threads'
import { QueueFull, type SlowJobs, type SlowQueue } from '../../core/ports.ts'
import { startWorker } from '../worker.ts'
import { type JobAnswer, type JobInput, type JobMessage, type JobName, ownMemory } from './messages.ts'

export interface SlowQueueOptions {
  /** Threads; 1 leaves the other cores to requests. */
  readonly workers: number
  /** Jobs that may wait beside those that run. */
  readonly waitingMax: number
}

export interface OpenSlowQueue extends SlowQueue {
  /** Jobs that wait and do not yet run. */
  readonly waiting: number
  /** Ends the threads; what waits or runs is rejected. */
  close(): Promise<void>
}

interface Job extends JobMessage {
  resolve(output: unknown): void
  reject(error: Error): void
}

interface Seat {
  worker?: Worker
  job?: Job | undefined
}

/** First come, first served. The threads start at once, because their start takes longer than most jobs. */
export const openSlowQueue = ({ workers, waitingMax }: SlowQueueOptions): OpenSlowQueue =>
  new WorkerQueue(workers, waitingMax)

class WorkerQueue implements OpenSlowQueue {
  readonly #waiting: Job[] = []
  readonly #seats: readonly Seat[]
  readonly #waitingMax: number
  #closed = false

  constructor(workers: number, waitingMax: number) {
    this.#waitingMax = waitingMax
    this.#seats = Array.from({ length: workers }, () => ({}))
    for (const seat of this.#seats) this.#workerOf(seat)
  }

  get waiting(): number {
    return this.#waiting.length
  }

  run<N extends JobName>(name: N, input: SlowJobs[N]['input']): Promise<SlowJobs[N]['output']> {
    const taken = takePrivateKey(input)
    if (this.#closed) return Promise.reject(new Error('the slow queue is closed'))
    const seat = this.#seats.find(({ job }) => !job)
    if (!seat && this.#waiting.length >= this.#waitingMax) return Promise.reject(new QueueFull('slow queue full'))
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const job = { name, input: taken, resolve, reject }
    if (seat) this.#start(seat, job)
    else this.#waiting.push(job)
    return promise as Promise<SlowJobs[N]['output']>
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const job of this.#waiting.splice(0)) job.reject(new Error('the slow queue is closed'))
    await Promise.all(this.#seats.map(({ worker }) => worker?.terminate()))
  }

  #start(seat: Seat, job: Job): void {
    const { name, input } = job
    const transfer = 'privateKey' in input ? [input.privateKey.buffer as ArrayBuffer] : []
    seat.job = job
    this.#workerOf(seat).postMessage({ name, input } satisfies JobMessage, transfer)
  }

  #next(seat: Seat): void {
    seat.job = undefined
    const job = this.#waiting.shift()
    if (job) this.#start(seat, job)
  }

  /** A thread that ended is replaced when the next job needs it, so that one that cannot start is not started for ever. */
  #workerOf(seat: Seat): Worker {
    if (seat.worker) return seat.worker
    const worker = startWorker(import.meta.url, 'slow-worker')
    let cause: unknown
    worker.on('message', ({ output }: JobAnswer) => {
      seat.job?.resolve(output)
      this.#next(seat)
    })
    worker.on('error', (error) => {
      cause = error
    })
    worker.on('exit', (code) => {
      delete seat.worker
      seat.job?.reject(new Error(`slow cryptography ended its thread in ${seat.job.name} (exit ${code})`, { cause }))
      this.#next(seat)
    })
    seat.worker = worker
    return worker
  }
}

/** The private key in memory of its own, to be moved into the thread; the caller's is zeroed, whatever comes of the job. */
const takePrivateKey = (input: JobInput): JobInput => {
  if (!('privateKey' in input)) return ownMemory(input)
  const privateKey = new Uint8Array(input.privateKey)
  input.privateKey.fill(0)
  return ownMemory({ ...input, privateKey })
}
