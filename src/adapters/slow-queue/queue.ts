import type { Worker } from 'node:worker_threads'
import { QueueFull, type SlowJobs, type SlowQueue } from '../../core/ports.ts'
import { startWorker } from '../worker.ts'
import { type JobAnswer, type JobInput, type JobMessage, type JobName, ownMemory } from './messages.ts'

export interface SlowQueueOptions {
  /** Threads; 1 leaves the other cores to requests. */
  readonly workers: number
  /** Jobs that may wait beside those that run. */
  readonly waitingMax: number
  /** A thread with nothing to do for so long ends, ms. Default one minute. */
  readonly idleMs?: number
}

export interface OpenSlowQueue extends SlowQueue {
  /** Jobs that wait and do not yet run. */
  readonly waiting: number
  /** Threads that run now. */
  readonly threads: number
  /** Ends the threads; what waits or runs is rejected. */
  close(): Promise<void>
}

/** A start takes about 50 ms, which is little once a minute; a thread holds 14 to 20 MB. */
const idleMsDefault = 60_000

interface Job extends JobMessage {
  resolve(output: unknown): void
  reject(error: Error): void
}

interface Seat {
  worker?: Worker
  job?: Job | undefined
  /** Ends the worker, once it has been idle for long. */
  leaving?: NodeJS.Timeout
}

/** First come, first served. A thread starts with the first job that needs it: most installations have little slow work. */
export const openSlowQueue = (options: SlowQueueOptions): OpenSlowQueue =>
  new WorkerQueue({ idleMs: idleMsDefault, ...options })

class WorkerQueue implements OpenSlowQueue {
  readonly #waiting: Job[] = []
  readonly #seats: readonly Seat[]
  readonly #options: Required<SlowQueueOptions>
  #closed = false

  constructor(options: Required<SlowQueueOptions>) {
    this.#options = options
    this.#seats = Array.from({ length: options.workers }, () => ({}))
  }

  get threads(): number {
    return this.#seats.filter(({ worker }) => worker).length
  }

  get waiting(): number {
    return this.#waiting.length
  }

  run<N extends JobName>(name: N, input: SlowJobs[N]['input']): Promise<SlowJobs[N]['output']> {
    const taken = takePrivateKey(input)
    if (this.#closed) return Promise.reject(new Error('the slow queue is closed'))
    const seat = this.#freeSeat()
    if (!seat && this.#waiting.length >= this.#options.waitingMax)
      return Promise.reject(new QueueFull('slow queue full'))
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const job = { name, input: taken, resolve, reject }
    if (seat) this.#start(seat, job)
    else this.#waiting.push(job)
    return promise as Promise<SlowJobs[N]['output']>
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const { leaving } of this.#seats) clearTimeout(leaving)
    for (const job of this.#waiting.splice(0)) job.reject(new Error('the slow queue is closed'))
    await Promise.all(this.#seats.map(({ worker }) => worker?.terminate()))
  }

  /** One whose thread runs, before one whose thread would have to start. */
  #freeSeat(): Seat | undefined {
    const free = this.#seats.filter(({ job }) => !job)
    return free.find(({ worker }) => worker) ?? free[0]
  }

  #start(seat: Seat, job: Job): void {
    clearTimeout(seat.leaving)
    const { name, input } = job
    const transfer = 'privateKey' in input ? [input.privateKey.buffer as ArrayBuffer] : []
    seat.job = job
    this.#workerOf(seat).postMessage({ name, input } satisfies JobMessage, transfer)
  }

  #next(seat: Seat): void {
    seat.job = undefined
    const job = this.#waiting.shift()
    if (job) this.#start(seat, job)
    else if (seat.worker && !this.#closed) this.#leaveLater(seat, seat.worker)
  }

  #leaveLater(seat: Seat, worker: Worker): void {
    seat.leaving = setTimeout(() => {
      // From here on the seat is empty: what comes next has a new thread, whenever this one is gone.
      delete seat.worker
      void worker.terminate()
    }, this.#options.idleMs).unref()
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
      if (seat.worker !== worker) return
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
