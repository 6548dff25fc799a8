/** Runs a mixed workload over several nodes while things go wrong, and judges its history. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AccessKey, Members } from '../harness/keystead.ts'
import { numbersFrom } from '../kill/world.ts'
import { Cluster, type ClusterOptions, type Node } from './cluster.ts'
import { faults } from './faults.ts'
import { type Event, judge } from './history.ts'
import { type Kept, operate, Workload } from './workload.ts'

export interface Run extends ClusterOptions {
  readonly seed: number
  /** Names of faults, one after the other, each at a node that the seed chooses. */
  readonly faults: readonly string[]
  /** How long each lasts, and the pause before the next, ms. */
  readonly faultMs: number
  /** After the faults, goes on until something is found, or for so long, ms. */
  readonly searchMs?: number
  onFault?(name: string, events: number): void
}

export interface Report {
  readonly events: readonly Event[]
  readonly violations: readonly string[]
}

const usersCount = 3

/** How long a node may take to serve again once nothing is wrong any more, ms. */
const recoveryMs = 8_000

/** At the end every node serves again, and every key whose creation was answered is there. */
const lost = async (workload: Workload, cluster: Cluster): Promise<string[]> => {
  const violations: string[] = []
  const deadline = performance.now() + recoveryMs
  for (const KeyId of workload.keys)
    for (const node of cluster.nodes.keys()) {
      const ask = () => workload.ask(node, 'DescribeKey', { KeyId })
      let { outcome } = await ask()
      while (outcome === 'unknown' && performance.now() < deadline) {
        await sleep(50)
        outcome = (await ask()).outcome
      }
      if (outcome !== 'success') violations.push(`${KeyId} was created, and node ${node + 1} answers: ${outcome}`)
    }
  return violations
}

const policy = (effect: 'allow' | 'deny') =>
  JSON.stringify({ version: '2.0', statement: [{ effect, action: ['kms:Encrypt'], resource: ['*'] }] })

/** A user who may encrypt, of whom something is taken away and given back. */
const newUser = async (node: Node, user: string): Promise<{ id: string; key: AccessKey }> => {
  const done = async (action: string, members: Members): Promise<Members> => {
    const answer = await operate(node, action, members)
    if (!answer) throw new Error(`${action} was not answered`)
    return answer
  }
  await done('user-create', { name: user })
  await done('policy-attach', { user, name: 'may', document: policy('allow') })
  const { id, secret } = await done('access-key-create', { user })
  return { id, key: { secretId: id, secretKey: secret } }
}

const keptOf = async (node: Node): Promise<readonly Kept[]> => {
  const [held, judged] = [await newUser(node, 'held'), await newUser(node, 'judged')]
  const deny = { user: 'judged', name: 'must-not' }
  return [
    {
      subject: 'an access key',
      key: held.key,
      take: ['access-key-disable', { id: held.id }],
      give: ['access-key-enable', { id: held.id }],
    },
    {
      subject: 'a policy',
      key: judged.key,
      take: ['policy-attach', { ...deny, document: policy('deny') }],
      give: ['policy-detach', { user: deny.user, policy: deny.name }],
    },
  ]
}

/** Looks in a row, 200 ms apart, that find something. */
const looksMin = 5

export const run = async ({
  seed,
  faults: names,
  faultMs,
  searchMs = 0,
  onFault,
  ...options
}: Run): Promise<Report> => {
  const cluster = await Cluster.start(options)
  try {
    const next = numbersFrom(seed)
    const workload = new Workload(cluster, next)
    const [first, second, described, shared] = [
      await workload.newKey(),
      await workload.newKey(),
      await workload.newKey(),
      await workload.newKey(),
    ]
    const kept = await keptOf(cluster.nodes[0] as Node)
    const clients = [
      ...kept.map((one) => workload.keeper(shared, one)),
      workload.owner(first),
      workload.owner(second),
      workload.writer(described),
      ...Array.from({ length: usersCount }, () => workload.user([first, second, shared])),
    ]
    for (const name of names) {
      await sleep(faultMs / 2)
      const node = cluster.nodes[Math.floor(next() * cluster.nodes.length)] as Node
      await faults[name]?.(cluster, node, faultMs)
      onFault?.(name, workload.events.length)
    }
    await sleep(faultMs)
    const deadline = performance.now() + searchMs
    // What was read may be on record before the change that it shows: only what stays is a violation.
    for (let stayed = 0; performance.now() < deadline && stayed < looksMin; await sleep(200))
      stayed = judge(workload.events).length === 0 ? 0 : stayed + 1
    workload.end()
    await Promise.all(clients)
    return { events: workload.events, violations: [...judge(workload.events), ...(await lost(workload, cluster))] }
  } finally {
    await cluster.end()
  }
}
