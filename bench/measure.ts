/** Starts what is measured and what measures, each in a process of its own, and pairs them in one run. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AccessKey, type Members, signedCall } from '../test/harness/keystead.ts'
import { tc3Headers } from '../test/harness/tc3.ts'
import type { LoadOrder, LoadResult } from './load.ts'

const spawn = (file: string, execArgv: readonly string[] = []): ChildProcess =>
  fork(new URL(file, import.meta.url), { execArgv: [...execArgv] })

/** The flags that `npm start` gives to Node. */
const productionFlags = (): string[] => {
  const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    scripts: { start: string }
  }
  return scripts.start.split(' ').filter((word) => /^--(?:max|no)-/.test(word))
}

const reply = async <T>(child: ChildProcess): Promise<T> => {
  const [message] = (await once(child, 'message')) as [T]
  return message
}

const ticksPerSecond = 100

/** User and system time of a process so far, seconds; all its threads together. */
const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

export interface Row {
  readonly name: string
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the server's process, microseconds. */
  readonly cpuPerRequest: number
  /** To the floor that was measured beside it; 1 for the floor itself. */
  readonly ratio: number
  readonly errors: number
}

export interface Target {
  readonly port: number
  readonly pid: number
}

export interface Load {
  readonly requests: readonly string[]
  readonly expect: string
  readonly connections: number
  readonly seconds: number
}

export class Bench {
  readonly #load = spawn('./load.ts')
  readonly #floor = spawn('./floor.ts')
  readonly #server: ChildProcess
  #floorPort = 0
  endpoint = ''
  #key: AccessKey = { secretId: '', secretKey: '' }

  /** `nodeFlags`: of the server's process. */
  constructor(nodeFlags: readonly string[] = productionFlags()) {
    this.#server = spawn('./server.ts', nodeFlags)
  }

  async start(): Promise<this> {
    const [floor, server] = await Promise.all([
      reply<{ port: number }>(this.#floor),
      reply<{ endpoint: string; credentials: { tencent: AccessKey } }>(this.#server),
    ])
    this.#floorPort = floor.port
    this.endpoint = server.endpoint
    this.#key = server.credentials.tencent
    return this
  }

  get server(): Target {
    return { port: Number(new URL(this.endpoint).port), pid: this.#server.pid ?? 0 }
  }

  async call(action: string, members: Members): Promise<Members> {
    const { response, code } = await signedCall(this.endpoint, this.#key, (Date.now() / 1000) | 0, action, members)
    if (code !== undefined) throw new Error(`${action}: ${code}`)
    return response
  }

  /** A whole signed HTTP request. */
  request(action: string, members: Members): string {
    const body = JSON.stringify(members)
    const { host } = new URL(this.endpoint)
    const headers = {
      ...tc3Headers({ ...this.#key, host, body, timestamp: Math.floor(Date.now() / 1000) }),
      'X-TC-Action': action,
      'X-TC-Version': '2019-01-18',
      'X-TC-Region': 'ap-guangzhou',
      'Content-Length': String(Buffer.byteLength(body)),
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    return `POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`
  }

  async run({ port, pid }: Target, load: Load): Promise<LoadResult & { cpuPerRequest: number }> {
    const before = cpuSeconds(pid)
    const order: LoadOrder = { port, ...load }
    this.#load.send(order)
    const result = await reply<LoadResult>(this.#load)
    return { ...result, cpuPerRequest: ((cpuSeconds(pid) - before) / result.requests) * 1e6 }
  }

  /** The floor answers `answer` to the same requests, beside the server's own turn. */
  async floor(answer: string): Promise<Target> {
    this.#floor.send(answer)
    await reply(this.#floor)
    return { port: this.#floorPort, pid: this.#floor.pid ?? 0 }
  }

  /** Slow cryptography in the server's queue, or none. */
  slow(order: 'busy' | 'tables' | 'idle'): void {
    this.#server.send(order)
  }

  async stop(): Promise<void> {
    const gone = once(this.#server, 'exit')
    this.#server.send('stop')
    await gone
    this.#load.kill()
    this.#floor.kill()
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Until V8 has compiled what is measured: before it, a request costs twice as much. */
const warmSeconds = 3

/**
 * Server and floor in turn, `rounds` times, so that a machine whose speed drifts treats both alike; medians of each,
 * and of the ratios round by round.
 */
export const paired = async (
  bench: Bench,
  name: string,
  load: Load,
  answer: string,
  rounds: number,
): Promise<{ row: Row; floor: Row }> => {
  const floorTarget = await bench.floor(answer)
  const rowsOf: Record<'server' | 'floor', Row[]> = { server: [], floor: [] }
  const warm = { ...load, seconds: warmSeconds }
  await bench.run(bench.server, warm)
  await bench.run(floorTarget, { ...warm, expect: '' })
  for (let round = 0; round < rounds; round++) {
    const floor = await bench.run(floorTarget, { ...load, expect: '' })
    const server = await bench.run(bench.server, load)
    const shape = (label: string, result: typeof server, ratio: number): Row => ({
      name: label,
      perSecond: result.requests / result.seconds,
      p50Ms: result.p50Ms,
      p99Ms: result.p99Ms,
      cpuPerRequest: result.cpuPerRequest,
      ratio,
      errors: result.errors,
    })
    rowsOf.server.push(shape(name, server, server.cpuPerRequest / floor.cpuPerRequest))
    rowsOf.floor.push(shape(`${name} (floor)`, floor, 1))
  }
  const middle = (rows: readonly Row[]): Row => {
    const of = (member: 'perSecond' | 'p50Ms' | 'p99Ms' | 'cpuPerRequest' | 'ratio') =>
      median(rows.map((row) => row[member]))
    const errors = rows.reduce((sum, row) => sum + row.errors, 0)
    const { name: label } = rows[0] as Row
    return {
      name: label,
      perSecond: of('perSecond'),
      p50Ms: of('p50Ms'),
      p99Ms: of('p99Ms'),
      cpuPerRequest: of('cpuPerRequest'),
      ratio: of('ratio'),
      errors,
    }
  }
  return { row: middle(rowsOf.server), floor: middle(rowsOf.floor) }
}
