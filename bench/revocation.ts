/**
 * `npm run bench -- --nodes 3`: how long DisableKey takes when several nodes have to hear of it, with clients at all of
 * them; all nodes reachable, and with one of them stopped.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster, type Node } from '../test/nodes/cluster.ts'
import { Workload } from '../test/nodes/workload.ts'

export interface RevocationBench {
  readonly nodes: number
  readonly leaseSeconds: number
  /** DisableKey calls of the first row. */
  readonly calls: number
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

const told = (name: string, times: readonly number[]): string => {
  const sorted = times.toSorted((a, b) => a - b)
  const [p50, p99, max] = [quantile(sorted, 0.5), quantile(sorted, 0.99), sorted.at(-1) ?? Number.NaN]
  return `${name.padEnd(52)}${p50.toFixed(1).padStart(9)}${p99.toFixed(1).padStart(10)}${max.toFixed(1).padStart(10)}\n`
}

/** Disables and enables a key at a node, and gives how long each disabling took, ms. */
const disable = async (
  workload: Workload,
  KeyId: string,
  nodes: readonly number[],
  calls: number,
): Promise<number[]> => {
  const times: number[] = []
  for (let call = 0; call < calls; call += 1) {
    const node = nodes[call % nodes.length] as number
    const { outcome, sent, answered } = await workload.ask(node, 'DisableKey', { KeyId })
    if (outcome !== 'success') throw new Error(`DisableKey was not answered with success: ${outcome}`)
    times.push(answered - sent)
    await workload.ask(node, 'EnableKey', { KeyId })
  }
  return times
}

/** Clients at every node that is up, until it is told to end. */
const load = (workload: Workload, keys: readonly string[], clients: number): Promise<unknown> =>
  Promise.all(Array.from({ length: clients }, () => workload.user(keys)))

export const measureRevocation = async ({ nodes, leaseSeconds, calls }: RevocationBench): Promise<void> => {
  const cluster = await Cluster.start({ nodes, leaseSeconds })
  try {
    const workload = new Workload(cluster, Math.random, (leaseSeconds + 5) * 1_000)
    const [key, used] = [await workload.newKey(), await workload.newKey()]
    const all = [...cluster.nodes.keys()]
    process.stdout.write(
      `DisableKey, ${nodes} nodes, lease ${leaseSeconds} s, ms${' '.repeat(24)}p50       p99       max\n`,
    )
    process.stdout.write(told('nobody else calls', await disable(workload, key, all, calls)))
    const clients = load(workload, [used], 4)
    process.stdout.write(told('four clients encrypt', await disable(workload, key, all, calls)))
    workload.end()
    await clients

    const stopped = cluster.nodes.at(-1) as Node
    const others = all.slice(0, -1)
    stopped.process.kill('SIGSTOP')
    await sleep(100)
    process.stdout.write(told('one node stopped: the first call', await disable(workload, key, others, 1)))
    process.stdout.write(told('one node stopped: later calls', await disable(workload, key, others, calls)))
    stopped.process.kill('SIGCONT')
  } finally {
    await cluster.end()
  }
}
