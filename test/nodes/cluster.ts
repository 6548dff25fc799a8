/** Several nodes over one PostgreSQL server, each behind a network of its own. */
import { type ChildProcess, fork } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../../src/config.ts'
import type { Credentials } from '../../src/first-account.ts'
import { testSettings } from '../harness/keystead.ts'
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts'
import { credentialsOf } from '../server/child.ts'
import type { Planted, Told } from './node.ts'
import { type Network, openProxy } from './proxy.ts'

export interface Node {
  readonly data: string
  readonly proxy: Network
  endpoint: string
  process: ChildProcess
  /** How far its wall clock is ahead, ms. */
  ahead: number
  /** Between SIGSTOP and SIGCONT, or killed and not yet back. */
  away: boolean
}

export interface ClusterOptions {
  readonly nodes: number
  readonly leaseSeconds: number
  readonly planted?: Planted
  /** An empty database to use; without it, a server of their own, which can be ended. */
  readonly url?: string
}

const program = join(import.meta.dirname, 'node.ts')

export class Cluster {
  readonly nodes: Node[] = []
  readonly #server: PostgresServer | undefined
  readonly #url: string
  readonly #folder: string
  readonly #options: ClusterOptions
  #credentials: Credentials | undefined

  private constructor(server: PostgresServer | undefined, url: string, options: ClusterOptions) {
    this.#server = server
    this.#url = url
    this.#options = options
    this.#folder = mkdtempSync(join(tmpdir(), 'keystead-nodes-'))
  }

  static async start(options: ClusterOptions): Promise<Cluster> {
    const server = options.url === undefined ? await startPostgres() : undefined
    const cluster = new Cluster(server, options.url ?? server?.url ?? '', options)
    await cluster.#addNode()
    await Promise.all(Array.from({ length: options.nodes - 1 }, () => cluster.#addNode()))
    return cluster
  }

  get credentials(): Credentials {
    this.#credentials ??= credentialsOf(this.nodes[0]?.data ?? '')
    return this.#credentials
  }

  get database(): PostgresServer {
    if (!this.#server) throw new Error('the database is shared')
    return this.#server
  }

  async #addNode(): Promise<void> {
    const data = join(this.#folder, `node-${this.nodes.length + 1}`)
    const { hostname: host, port } = new URL(this.#url)
    const first = this.nodes[0]
    const node = { data, endpoint: '', ahead: 0, away: true } as Node
    this.nodes.push(node)
    Object.assign(node, { proxy: await openProxy({ host, port: Number(port) }) })
    if (first) {
      mkdirSync(data, { mode: 0o700 })
      copyFileSync(join(first.data, 'root.key'), join(data, 'root.key'))
    }
    await this.start(node)
  }

  #settingsFor({ data, proxy }: Node): Settings {
    const url = new URL(this.#url)
    url.port = String(proxy.port)
    return testSettings(data, { database: url.href, lease: this.#options.leaseSeconds })
  }

  /** Starts a node that is not running, and waits until it listens. */
  async start(node: Node): Promise<void> {
    const child = fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    node.process = child
    const { planted } = this.#options
    const told: Told = { settings: this.#settingsFor(node), ...(planted ? { planted } : {}) }
    const answer = await new Promise<{ endpoint?: string; failed?: string }>((resolve) => {
      child.once('message', resolve)
      child.once('exit', (code, signal) => resolve({ failed: `it ended with ${code ?? signal}` }))
      child.send(told)
    })
    if (answer.endpoint === undefined) throw new Error(`a node did not start: ${answer.failed}`)
    node.endpoint = answer.endpoint
    node.ahead = 0
    node.away = false
  }

  async kill(node: Node): Promise<void> {
    node.away = true
    const { process: child } = node
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  jump(node: Node, ahead: number): void {
    node.ahead = ahead
    node.process.send({ jump: ahead } satisfies Told)
  }

  /** The node puts its closed parts of the record where others find them. */
  async index({ process: child }: Node): Promise<void> {
    const done = new Promise((resolve) => child.once('message', resolve))
    child.send({ index: true } satisfies Told)
    await done
  }

  async end(): Promise<void> {
    await Promise.all(
      this.nodes
        .filter(({ process: child }) => child && (child.exitCode ?? child.signalCode) === null)
        .map((node) => this.kill(node)),
    )
    await Promise.all(this.nodes.map(({ proxy }) => proxy.close()))
    await this.#server?.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
