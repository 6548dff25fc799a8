import type { Worker } from 'node:worker_threads'
import { QueueFull, type SlowJobs, type SlowQueue } from '../../core/ports.ts'
import { startWorker } from '../worker.ts'
import { type JobAnswers, type JobInput, type JobMessage, type JobName, ownMemory, sentMax } from './messages.ts'

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

/**
 * What takes less than some milliseconds is sent to its thread before that has done what it had: a thread that has to be woken
 * for every job costs as much as half a signature. Nothing is sent behind what takes long, so that a thread which is free
 * sooner can have it; no key that has to be moved is, because what a broken thread did not do is done by the next.
 */
const brief: ReadonlySet<JobName> = new Set(['sign', 'verify', 'encryptTo', 'decryptWith', 'agree', 'decapsulate'])

interface Seat {
  worker?: Worker
  /** What the thread was sent; it does the first one. */
  readonly sent: Job[]
  /** Ends the worker, once it has been idle for long. */
  leaving?: NodeJS.Timeout
}

const takesMore = ({ sent }: Seat, job: Job): boolean =>
  sent.length < sentMax && [job, ...sent].every(({ name }) => brief.has(name))

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
    this.#seats = Array.from({ length: options.workers }, () => ({ sent: [] }))
  }

  get threads(): number {
    return this.#seats.filter(({ worker }) => worker).length
  }

  get waiting(): number {
    return this.#seats.reduce((sum, { sent }) => sum + Math.max(0, sent.length - 1), this.#waiting.length)
  }

  run<N extends JobName>(name: N, input: SlowJobs[N]['input']): Promise<SlowJobs[N]['output']> {
    const taken = takePrivateKey(input)
    if (this.#closed) return Promise.reject(new Error('the slow queue is closed'))
    const free = this.#freeSeat()
    if (!free && this.waiting >= this.#options.waitingMax) return Promise.reject(new QueueFull('slow queue full'))
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const job = { name, input: taken, resolve, reject }
    const seat = free ?? (this.#waiting.length === 0 ? this.#seats.find((each) => takesMore(each, job)) : undefined)
    if (seat) this.#send(seat, job)
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
    const free = this.#seats.filter(({ sent }) => sent.length === 0)
    return free.find(({ worker }) => worker) ?? free[0]
  }

  #send(seat: Seat, job: Job): void {
    clearTimeout(seat.leaving)
    const { name, input } = job
    const transfer = 'privateKey' in input ? [input.privateKey.buffer as ArrayBuffer] : []
    seat.sent.push(job)
    this.#workerOf(seat).postMessage({ name, input } satisfies JobMessage, transfer)
  }

  #next(seat: Seat): void {
    for (let job = this.#waiting[0]; job && (seat.sent.length === 0 || takesMore(seat, job)); job = this.#waiting[0]) {
      this.#waiting.shift()
      this.#send(seat, job)
    }
    if (seat.sent.length === 0 && seat.worker && !this.#closed) this.#leaveLater(seat, seat.worker)
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
    worker.on('message', ({ outputs }: JobAnswers) => {
      for (const output of outputs) seat.sent.shift()?.resolve(output)
      this.#next(seat)
    })
    worker.on('error', (error) => {
      cause = error
    })
    worker.on('exit', (code) => {
      if (seat.worker !== worker) return
      delete seat.worker
      const [broken, ...undone] = seat.sent.splice(0)
      broken?.reject(new Error(`slow cryptography ended its thread in ${broken.name} (exit ${code})`, { cause }))
      if (this.#closed) for (const job of undone) job.reject(new Error('the slow queue is closed'))
      else this.#waiting.unshift(...undone)
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
