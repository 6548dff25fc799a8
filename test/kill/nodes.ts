/** kill -9 of one of several nodes at any moment, over and over, while the others go on serving. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster, type Node } from '../nodes/cluster.ts'
import type { Report } from './campaign.ts'
import { checkJournals } from './journals.ts'
import { numbersFrom, World } from './world.ts'

export interface NodesCampaign {
  readonly nodes: number
  readonly cycles: number
  readonly seed: number
  /** An empty database to use; without it, a server of their own. */
  readonly url?: string
  onCycle?(cycle: number, report: Report): void
}

const clientsEach = 2
/** Keys that are looked at again although the last cycle did not touch them. */
const olderKeys = 5

class Run {
  readonly #cluster: Cluster
  readonly #next: () => number
  readonly #world = new World()
  #journalLines = 0

  constructor(cluster: Cluster, seed: number) {
    this.#cluster = cluster
    this.#next = numbersFrom(seed)
  }

  get report(): Report {
    return { ...this.#world.sofar, killedWhileStarting: 0, journalLines: this.#journalLines }
  }

  #anyNode(): Node {
    const { nodes } = this.#cluster
    return nodes[Math.floor(this.#next() * nodes.length)] as Node
  }

  /** Under load at every node one of them is killed; what was answered is looked for at another, and then it starts again. */
  async cycle(): Promise<void> {
    const { nodes, credentials } = this.#cluster
    let going = true
    const clients = nodes.flatMap(({ endpoint }) =>
      Array.from({ length: clientsEach }, () =>
        this.#world.client(endpoint, credentials, numbersFrom(this.#next() * 4_294_967_296), () => going),
      ),
    )
    await sleep(100 + this.#next() * 300)
    const killed = this.#anyNode()
    await this.#cluster.kill(killed)
    await sleep(this.#next() * 200)
    going = false
    await Promise.all(clients)
    const other = nodes.find((node) => node !== killed) as Node
    const started = this.#cluster.start(killed)
    await this.#world.check(other.endpoint, credentials, this.#world.toCheck(this.#next, olderKeys)).catch((error) => {
      this.#world.violations.push(`a check was not answered: ${error}`)
    })
    await started
  }

  /** Everything looked at, at a node that the seed chooses, and the journals of all. */
  async end(): Promise<void> {
    const { credentials, nodes } = this.#cluster
    await this.#world.check(this.#anyNode().endpoint, credentials, this.#world.keys)
    this.#journalLines = await checkJournals(
      nodes.map(({ data }) => join(data, 'audit')),
      this.#world,
    )
  }
}

export const runNodesCampaign = async ({ nodes, cycles, seed, url, onCycle }: NodesCampaign): Promise<Report> => {
  const cluster = await Cluster.start({ nodes, leaseSeconds: 1, ...(url === undefined ? {} : { url }) })
  try {
    const run = new Run(cluster, seed)
    for (let cycle = 1; cycle <= cycles && run.report.violations.length === 0; cycle += 1) {
      await run.cycle()
      onCycle?.(cycle, run.report)
    }
    await run.end()
    return run.report
  } finally {
    await cluster.end()
  }
}
