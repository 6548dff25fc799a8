/** Starts what is measured and what measures, each in a process of its own, and pairs them in one run. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Credentials } from '../src/first-account.ts'
import { type HuaweiCallOptions, huaweiCall } from '../test/harness/huawei.ts'
import { type AccessKey, type Members, signedCall } from '../test/harness/keystead.ts'
import type { LoadOrder, LoadResult, LoadSample, LoadTold } from './load.ts'
import { groupCpuSeconds, productionFlags } from './processes.ts'
import { huaweiRequest, tencentRequest } from './requests.ts'
import type { ServerOptions, ServerTold } from './server.ts'

const spawn = (
  file: string,
  execArgv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): ChildProcess => fork(new URL(file, import.meta.url), { execArgv: [...execArgv], env: { ...process.env, ...env } })

const reply = async <T>(child: ChildProcess): Promise<T> => {
  const [message] = (await once(child, 'message')) as [T]
  return message
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

/** How a run is measured, beyond what is sent. */
export type Manner = Pick<LoadOrder, 'shed' | 'once' | 'perSecond' | 'impatient' | 'sampleSeconds'>

export interface Watching {
  onSample?(sample: LoadSample): void
}

export interface Measured extends LoadResult {
  /** Of the server's process and those that it started, microseconds. */
  readonly cpuPerRequest: number
}

export class Bench {
  readonly #load = spawn('./load.ts')
  readonly #floor = spawn('./floor.ts')
  readonly #server: ChildProcess
  #floorPort = 0
  /** One question at a time, so that each has its own answer. */
  #asked: Promise<unknown> = Promise.resolve()
  endpoint = ''
  #credentials: Credentials | undefined
  #key: AccessKey = { secretId: '', secretKey: '' }

  /** `nodeFlags`: of the server's process. */
  constructor(nodeFlags: readonly string[] = productionFlags(), options: ServerOptions = {}) {
    this.#server = spawn('./server.ts', nodeFlags, { BENCH_OPTIONS: JSON.stringify(options) })
  }

  async start(): Promise<this> {
    const [floor, server] = await Promise.all([reply<{ port: number }>(this.#floor), reply<ServerTold>(this.#server)])
    if ('failed' in server) throw new Error(`the server did not start: ${server.failed}`)
    this.#floorPort = floor.port
    this.endpoint = server.endpoint
    this.#credentials = server.credentials
    this.#key = server.key
    return this
  }

  get credentials(): Credentials {
    if (!this.#credentials) throw new Error('the server has not started')
    return this.#credentials
  }

  get server(): Target {
    return { port: Number(new URL(this.endpoint).port), pid: this.#server.pid ?? 0 }
  }

  async call(action: string, members: Members): Promise<Members> {
    const { response, code } = await signedCall(this.endpoint, this.#key, (Date.now() / 1000) | 0, action, members)
    if (code !== undefined) throw new Error(`${action}: ${code}`)
    return response
  }

  /** By Huawei Cloud's API; `path` is what follows `kms/`. */
  async callHuawei(path: string, members: Members, options?: HuaweiCallOptions): Promise<Members> {
    const { endpoint, credentials } = this
    const clock = { now: () => Date.now() } as Parameters<typeof huaweiCall>[0]['clock']
    const answered = await huaweiCall({ endpoint, credentials, clock }, `POST kms/${path}`, members, options)
    if (answered.code !== undefined) throw new Error(`${path}: ${answered.exchanged.body}`)
    return answered.members
  }

  /** A whole signed HTTP request. */
  request(action: string, members: Members): string {
    return tencentRequest(this.endpoint, this.#key, action, members)
  }

  /** The same by Huawei Cloud's API. */
  requestHuawei(path: string, members: Members): string {
    return huaweiRequest(this.endpoint, this.credentials.huawei, `kms/${path}`, members)
  }

  async run({ port, pid }: Target, load: Load & Manner, watching: Watching = {}): Promise<Measured> {
    const before = groupCpuSeconds(pid)
    this.#load.send({ port, ...load } satisfies LoadOrder)
    const result = await this.#resultOf(watching)
    return { ...result, cpuPerRequest: ((groupCpuSeconds(pid) - before) / result.requests) * 1e6 }
  }

  async #resultOf({ onSample }: Watching): Promise<LoadResult> {
    const { promise, resolve, reject } = Promise.withResolvers<LoadResult>()
    const hear = (told: LoadTold) => {
      if ('sample' in told) onSample?.(told.sample)
      else if ('result' in told) resolve(told.result)
      else reject(new Error(`the load ended: ${told.failed}`))
    }
    this.#load.on('message', hear)
    try {
      return await promise
    } finally {
      this.#load.off('message', hear)
    }
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

  /** Bytes of JavaScript objects in the server's process; `collect` after a collection, where it runs with `--expose-gc`. */
  async heapBytes(order: 'heap' | 'collect' = 'heap'): Promise<number> {
    const asked = this.#asked.then(() => {
      this.#server.send(order)
      return reply<{ heapBytes: number }>(this.#server)
    })
    this.#asked = asked
    return (await asked).heapBytes
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
