import type { Worker } from 'node:worker_threads'
import type { AuditEntry } from '../../core/audit.ts'
import type { Clock, Journal } from '../../core/ports.ts'
import { startWorker } from '../worker.ts'
import type { Answer, BatchMessage, JournalWorkerData } from './journal-worker.ts'
import { entryBody } from './line.ts'
import type { Position } from './part-writer.ts'
import { JournalBroken } from './recover.ts'
import { requestsInNewestParts } from './requests.ts'
import { Sweeper } from './sweeper.ts'

export { JournalBroken } from './recover.ts'

export interface JournalOptions {
  /** `<data>/audit`. One process at a time may open it: the caller holds the lock of its data folder. */
  readonly folder: string
  /** Parts are removed when their last day is this many days ago; 0 keeps them for ever. */
  readonly retentionDays: number
  /** A part that is this long is closed. Default 64 MiB. */
  readonly rotateBytes?: number
  readonly clock: Clock
  /** Told once of each new fault, with a message for the operator's log. The journal recovers by itself. */
  readonly onFault: (fault: Error) => void
}

export interface AuditLog extends Journal {
  /** While false, every `append` fails at once. */
  readonly healthy: boolean
  /** Why it is not healthy. */
  readonly fault: Error | undefined
  /** Of opening: how many bytes of a torn last line were cut; undefined where there was none. */
  readonly recovered: { readonly cutBytes: number } | undefined
  /**
   * Which of these request ids have a durable entry in the newest parts, of together at least four times `rotateBytes` and
   * at least two. For draining an outbox after a crash; the caller appends none of these ids meanwhile.
   */
  has(requests: readonly string[]): Promise<ReadonlySet<string>>
  /** Flushes what waits and ends the journal's threads. */
  close(): Promise<void>
}

/** The entry could not be made durable. */
export class JournalFault extends Error {
  override readonly name = 'JournalFault'
}

const faultOf = (message: string): JournalFault => new JournalFault(`The audit journal cannot be written: ${message}`)

const rotateBytesDefault = 64 * 1024 * 1024
/** How many full parts are looked through for the entries of an outbox. */
const partsLookedThrough = 4
/** A disk that hangs must not fill the memory instead: what is beyond is refused. */
const waitingCharactersMax = 64 * 1024 * 1024
const retryMs = 1000

/** The entries of one flush share one promise. */
interface Batch extends PromiseWithResolvers<void> {
  text: string
}

class FileJournal implements AuditLog {
  readonly #options: Required<JournalOptions>
  readonly #sweeper: Sweeper
  #worker: Worker | undefined
  /** Collects entries until the next flush begins. */
  #next: Batch | undefined
  /** What the thread is writing now. */
  #flushing: Batch | undefined
  #fault: Error | undefined = faultOf('it is not open')
  #lastFaultMessage: string | undefined
  /** Set by a fault, until the journal is open again. */
  #durable: Position | undefined
  #retry: NodeJS.Timeout | undefined
  #recovering: Promise<void> | undefined
  #closed = false
  recovered: { readonly cutBytes: number } | undefined

  constructor(options: Required<JournalOptions>) {
    this.#options = options
    this.#sweeper = new Sweeper(options)
  }

  async open(): Promise<void> {
    const cutBytes = await this.#start()
    if (cutBytes > 0) this.recovered = { cutBytes }
    this.#sweeper.start()
  }

  get healthy(): boolean {
    return this.#fault === undefined
  }

  get fault(): Error | undefined {
    return this.#fault
  }

  append(entry: AuditEntry): Promise<void> {
    if (this.#fault) return Promise.reject(this.#fault)
    try {
      const body = entryBody(entry)
      const batch = this.#next ?? this.#begin()
      if (batch.text.length > waitingCharactersMax) return Promise.reject(faultOf('too many entries wait for the disk'))
      batch.text += `${body}\n`
      return batch.promise
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #begin(): Batch {
    const batch = { ...Promise.withResolvers<void>(), text: '' }
    this.#next = batch
    if (!this.#flushing) process.nextTick(this.#flush)
    return batch
  }

  /**
   * Flushes what was appended since the last flush began. It is sent once the event loop has done what it is at, so that the
   * requests that are worked on together share it; those that come while it goes on share the next one.
   */
  readonly #flush = (): void => {
    if (this.#flushing || !this.#next || !this.#worker) return
    this.#flushing = this.#next
    this.#next = undefined
    const message: BatchMessage = { now: this.#options.clock.now(), text: this.#flushing.text }
    this.#worker.postMessage(message)
  }

  #flushed(rotated: boolean): void {
    const done = this.#flushing
    this.#flushing = undefined
    done?.resolve()
    this.#flush()
    if (rotated) void this.#sweeper.sweep()
  }

  /** Starts the thread, which opens the folder. Resolves with the bytes that it cut. */
  #start(): Promise<number> {
    const { folder, rotateBytes, clock } = this.#options
    const data: JournalWorkerData = { folder, rotateBytes, now: clock.now(), durable: this.#durable }
    const worker = startWorker(import.meta.url, 'journal-worker', { workerData: data, name: 'journal' })
    const opened = Promise.withResolvers<number>()
    const lost = (error: Error): void => {
      opened.reject(error)
      this.#failed(worker, error, undefined)
    }
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'flushed') this.#flushed(answer.rotated)
      else if (answer.kind === 'fault') this.#failed(worker, faultOf(answer.message), answer.durable)
      else if (answer.kind === 'refused') opened.reject(this.#refused(answer))
      else opened.resolve(this.#opened(worker, answer.cutBytes))
    })
    worker.on('error', (error) => lost(faultOf(`its thread failed: ${(error as Error).message}`)))
    worker.on('exit', () => lost(faultOf('its thread ended')))
    return opened.promise
  }

  #refused({ message, broken }: { message: string; broken: boolean }): Error {
    return broken ? new JournalBroken(message) : faultOf(message)
  }

  #opened(worker: Worker, cutBytes: number): number {
    this.#worker = worker
    this.#durable = undefined
    if (this.#closed) return cutBytes
    this.#fault = undefined
    this.#lastFaultMessage = undefined
    return cutBytes
  }

  /** Everything that waits is refused, and nothing is taken until the journal is open again. */
  #failed(worker: Worker, fault: Error, durable: Position | undefined): void {
    if (worker !== this.#worker) return
    this.#worker = undefined
    this.#durable = durable
    this.#stop(fault)
    this.#recoverLater()
  }

  #stop(fault: Error): void {
    this.#fault = fault
    const batches = [this.#flushing, this.#next]
    this.#flushing = undefined
    this.#next = undefined
    for (const batch of batches) batch?.reject(fault)
    this.#report(fault)
  }

  #report(fault: Error): void {
    if (fault.message === this.#lastFaultMessage) return
    this.#lastFaultMessage = fault.message
    this.#options.onFault(fault)
  }

  #recoverLater(): void {
    if (this.#closed) return
    this.#retry = setTimeout(() => {
      this.#recovering = this.#start().then(
        () => {},
        (error: Error) => {
          this.#fault = error
          this.#report(error)
          this.#recoverLater()
        },
      )
    }, retryMs)
  }

  async has(requests: readonly string[]): Promise<ReadonlySet<string>> {
    // A line of a flush under way is in the file and may yet be taken back.
    await this.#flushing?.promise
    if (this.#fault) throw this.#fault
    const { folder, rotateBytes } = this.#options
    return await requestsInNewestParts(folder, new Set(requests), partsLookedThrough * rotateBytes)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#fault = faultOf('it is closed')
    clearTimeout(this.#retry)
    await this.#recovering
    await Promise.allSettled([this.#flushing?.promise, this.#next?.promise])
    await this.#sweeper.stop()
    const worker = this.#worker
    this.#worker = undefined
    if (!worker) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.postMessage('close')
    await ended
  }
}

/**
 * Opens the journal of a folder, and makes the folder where it is missing.
 * @throws JournalBroken where the newest part cannot be continued; JournalFault where the folder cannot be written.
 */
export const openJournal = async (options: JournalOptions): Promise<AuditLog> => {
  const journal = new FileJournal({ rotateBytes: rotateBytesDefault, ...options })
  await journal.open()
  return journal
}
