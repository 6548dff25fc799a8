/** What happens to nodes, to the network between them and their database, and to the database. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster, Node } from './cluster.ts'

const minute = 60_000

type Fault = (cluster: Cluster, node: Node, ms: number) => Promise<void>

const network =
  (weather: Node['proxy']['weather']): Fault =>
  async (_cluster, { proxy }, ms) => {
    proxy.weather = weather
    await sleep(ms)
    proxy.weather = 'fine'
  }

const jumping =
  (ahead: number): Fault =>
  async (cluster, node, ms) => {
    cluster.jump(node, ahead)
    await sleep(ms)
    cluster.jump(node, 0)
  }

export const faults: Readonly<Record<string, Fault>> = {
  stopped: async (_cluster, node, ms) => {
    node.process.kill('SIGSTOP')
    await sleep(ms)
    node.process.kill('SIGCONT')
  },
  killed: async (cluster, node) => {
    await cluster.kill(node)
    await cluster.start(node)
  },
  cut: network('cut'),
  blackholed: network('blackhole'),
  slow: network('slow'),
  'the database restarts': async ({ database }) => database.crash(),
  'its clock jumps ahead': jumping(2 * minute),
  'its clock jumps back': jumping(-2 * minute),
}
