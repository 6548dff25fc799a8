import { readdir } from 'node:fs/promises'
import type { Worker } from 'node:worker_threads'
import type { Clock } from '../../core/ports.ts'
import { startWorker } from '../worker.ts'
import { listParts, type Part } from './parts.ts'
import type { SweepWorkerData } from './sweep-worker.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

/** Whether the retention of a part has passed by this wall clock. A part's lines are of one UTC day. */
const isExpired = (part: Part, retentionDays: number, now: number): boolean =>
  retentionDays > 0 && Date.parse(part.day) + (retentionDays + 1) * dayMs <= now

export interface SweeperOptions {
  readonly folder: string
  readonly retentionDays: number
  readonly clock: Clock
  readonly onFault: (fault: Error) => void
}

/** Compresses closed parts and removes expired ones, now and then, in a short-lived thread that mostly rests. */
export class Sweeper {
  readonly #options: SweeperOptions
  /** When each part was first seen expired, in monotonic ms. */
  readonly #expiredSince = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #worker: Worker | undefined
  #running: Promise<void> | undefined
  #again = false
  #stopped = false

  constructor(options: SweeperOptions) {
    this.#options = options
  }

  /** Sweeps now, and every hour from now on. */
  start(): void {
    this.#timer = setInterval(() => void this.sweep(), hourMs)
    this.#timer.unref()
    void this.sweep()
  }

  /** One sweep at a time: what is asked for during one is done after it. Never rejects. */
  sweep(): Promise<void> {
    this.#again = true
    this.#running ??= this.#loop().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #loop(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false
      try {
        await this.#sweepOnce()
      } catch (error) {
        this.#options.onFault(new Error(`The audit journal's old parts cannot be tidied: ${(error as Error).message}`))
      }
    }
  }

  async #sweepOnce(): Promise<void> {
    const { folder } = this.#options
    const closed = (await listParts(folder)).slice(0, -1)
    const remove = this.#due(closed).map((part) => part.name)
    const compress = closed.filter((part) => !part.compressed && !remove.includes(part.name)).map((part) => part.name)
    const stale = (await readdir(folder)).filter((name) => name.endsWith('.gz.tmp'))
    if (this.#stopped || remove.length + compress.length + stale.length === 0) return
    await this.#work({ folder, compress, remove, stale })
  }

  /**
   * Expired parts that were seen expired for an hour of running time: a wall clock that jumps ahead and is set right
   * again removes nothing.
   */
  #due(closed: readonly Part[]): Part[] {
    const { clock, retentionDays } = this.#options
    const [now, ticks] = [clock.now(), clock.monotonic()]
    return closed.filter((part) => {
      if (!isExpired(part, retentionDays, now)) {
        this.#expiredSince.delete(part.name)
        return false
      }
      const since = this.#expiredSince.get(part.name) ?? ticks
      this.#expiredSince.set(part.name, since)
      return ticks - since >= hourMs
    })
  }

  #work(data: SweepWorkerData): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker = startWorker(import.meta.url, 'sweep-worker', { workerData: data, name: 'journal-sweep' })
      this.#worker.on('error', reject)
      this.#worker.on('exit', () => resolve())
    })
  }

  /** Gives up what is under way: the next start takes it up again. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#worker?.terminate()
    await this.#running
  }
}
