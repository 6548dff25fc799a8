/**
 * The load: one process, many connections, requests made and signed beforehand, so that the client is not what is
 * measured. Told by its parent what to send; answers with what became of it, and now and then in between.
 */
import { Connection } from './connection.ts'
import { Histogram } from './histogram.ts'
import { Timetable } from './timetable.ts'

export interface LoadOrder {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** Whole HTTP requests, sent in turn. */
  readonly requests: readonly string[]
  /** Text that every answer must have; anything else counts as an error. */
  readonly expect: string
  /** Text of an answer that tells to come back; there is none where it is absent. */
  readonly shed?: string
  /** Each request is sent once, and the run ends with them. */
  readonly once?: boolean
  /** So many a second, whatever the answers take; without it, each connection sends as soon as it is answered. */
  readonly perSecond?: number
  /** With `perSecond`: what is due while every connection is busy is never sent. */
  readonly impatient?: boolean
  /** How often it tells how it goes; never without it. */
  readonly sampleSeconds?: number
}

export interface LoadSample {
  /** Seconds since the load began. */
  readonly at: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly errors: number
  readonly shed: number
}

export interface LoadResult {
  /** Answered, those that were shed among them. */
  readonly requests: number
  readonly errors: number
  readonly shed: number
  /** Due, and never sent. */
  readonly unsent: number
  readonly seconds: number
  /** Of what was neither shed nor an error. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** The first answer that was an error, to say what was wrong. */
  readonly wrong?: string
}

export type LoadTold = { readonly result: LoadResult } | { readonly sample: LoadSample } | { readonly failed: string }

/** A server closes what one address has beyond its share, which is 1024 where nothing is said. */
const connectionsPerAddress = 1000
const connectedAtOnce = 64
/** How far beyond its end an open load goes on to send what was due. */
const overtimeFactor = 2

class Run {
  readonly #order: LoadOrder
  readonly #tell: (told: LoadTold) => void
  readonly #expect: Buffer
  readonly #shedText: Buffer | undefined
  readonly #all = new Histogram()
  readonly #lately = new Histogram()
  #started = 0
  #timetable: Timetable | undefined
  readonly #idle: Connection[] = []
  readonly #requests: readonly Buffer[]
  #next = 0
  #underWay = 0
  #answers = 0
  #errors = 0
  #shed = 0
  #unsent = 0
  #wrong: string | undefined
  #sampled = { at: 0, answers: 0, errors: 0, shed: 0 }
  #timers: NodeJS.Timeout[] = []

  constructor(order: LoadOrder, tell: (told: LoadTold) => void) {
    this.#order = order
    this.#tell = tell
    this.#expect = Buffer.from(order.expect)
    this.#shedText = order.shed === undefined ? undefined : Buffer.from(order.shed)
    this.#requests = order.requests.map((each) => Buffer.from(each))
  }

  async start(): Promise<void> {
    await this.#connect()
    const { perSecond, seconds } = this.#order
    this.#started = performance.now()
    if (perSecond !== undefined) this.#timetable = new Timetable(this.#started, perSecond, seconds)
    this.#pump()
    if (this.#timetable) this.#timers.push(setInterval(() => this.#pump(), 1))
    const { sampleSeconds } = this.#order
    if (sampleSeconds !== undefined) this.#timers.push(setInterval(() => this.#sample(), sampleSeconds * 1000))
  }

  /** Before the clock starts, and some at a time: of thousands at once the system drops many, and tries again for 15 s. */
  async #connect(): Promise<void> {
    const { connections, port } = this.#order
    for (let each = 0; each < connections; each++) {
      const address = `127.0.0.${1 + Math.floor(each / connectionsPerAddress)}`
      const opened = new Connection(port, address, (connection, answer) => this.#answered(connection, answer))
      this.#idle.push(opened)
      if (each % connectedAtOnce === 0) await opened.isOpen
    }
    await Promise.all(this.#idle.map(({ isOpen }) => isOpen))
  }

  /** Sends what is due, as far as there are connections for it. */
  #pump(): void {
    for (let due = this.#due(); due !== undefined; due = this.#due()) {
      const connection = this.#idle.pop()
      if (!connection) {
        this.#unsent += 1
        continue
      }
      this.#underWay += 1
      connection.send(this.#requests[this.#next++ % this.#requests.length] as Buffer, due)
    }
    if (this.#underWay === 0 && this.#ended()) this.#finish()
  }

  #due(): number | undefined {
    const { impatient = false, seconds, once = false } = this.#order
    if (this.#idle.length === 0 && !impatient) return undefined
    if (once && this.#next === this.#requests.length) return undefined
    const now = performance.now()
    if (this.#timetable) return this.#isOvertime(now) ? undefined : this.#timetable.take(now)
    // Each connection sends one request, however short the run is.
    return now - this.#started < seconds * 1000 || this.#next < this.#order.connections ? now : undefined
  }

  #isOvertime(now: number): boolean {
    return now - this.#started > this.#order.seconds * 1000 * overtimeFactor
  }

  #ended(): boolean {
    const { seconds, once = false } = this.#order
    const elapsed = performance.now() - this.#started
    if (once && this.#next === this.#requests.length) return true
    if (!this.#timetable) return elapsed >= seconds * 1000 || this.#idle.length === this.#order.connections
    return this.#timetable.left === 0 || this.#isOvertime(performance.now())
  }

  #answered(connection: Connection, answer: Buffer): void {
    this.#underWay -= 1
    this.#answers += 1
    if (answer.includes(this.#expect)) {
      const ms = performance.now() - connection.due
      this.#all.add(ms)
      this.#lately.add(ms)
    } else if (this.#shedText && answer.includes(this.#shedText)) this.#shed += 1
    else {
      this.#errors += 1
      this.#wrong ??= answer.toString('latin1')
    }
    this.#idle.push(connection)
    this.#pump()
  }

  #sample(): void {
    const at = (performance.now() - this.#started) / 1000
    const before = this.#sampled
    this.#sampled = { at, answers: this.#answers, errors: this.#errors, shed: this.#shed }
    const sample: LoadSample = {
      at,
      perSecond: (this.#answers - before.answers) / (at - before.at),
      p50Ms: this.#lately.percentile(0.5),
      p99Ms: this.#lately.percentile(0.99),
      errors: this.#errors - before.errors,
      shed: this.#shed - before.shed,
    }
    this.#lately.clear()
    this.#tell({ sample })
  }

  #finish(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const connection of this.#idle) connection.end()
    const result: LoadResult = {
      requests: this.#answers,
      errors: this.#errors,
      shed: this.#shed,
      unsent: this.#unsent + (this.#timetable?.left ?? 0),
      seconds: (performance.now() - this.#started) / 1000,
      p50Ms: this.#all.percentile(0.5),
      p99Ms: this.#all.percentile(0.99),
      maxMs: this.#all.maxMs,
      ...(this.#wrong === undefined ? {} : { wrong: this.#wrong }),
    }
    this.#tell({ result })
  }
}

const tell = (told: LoadTold): void => {
  process.send?.(told)
}
process.on('uncaughtException', (error) => {
  tell({ failed: error.message })
  process.exit(1)
})
process.on('message', (order: LoadOrder) => void new Run(order, tell).start())
// Whoever started it is gone.
process.on('disconnect', () => process.exit(1))
