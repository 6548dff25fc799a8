/** Clients of several nodes: owners that take away and give back, and others that use, read and watch meanwhile. */
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AccessKey, type Members, signedCall } from '../harness/keystead.ts'
import type { Cluster, Node } from './cluster.ts'
import type { Event, Outcome } from './history.ts'

interface Asked {
  readonly outcome: Outcome
  readonly sent: number
  readonly answered: number
  readonly response: Members
}

const patienceMs = 4_000

const notPerformed: ReadonlySet<string | undefined> = new Set(['InternalError', 'ServiceTemporaryUnavailable'])

export class Workload {
  readonly events: Event[] = []
  readonly keys: string[] = []
  readonly #cluster: Cluster
  readonly #next: () => number
  readonly #patience: number
  #going = true

  /** `patience`: how long an answer is waited for, ms; a node may be stopped. */
  constructor(cluster: Cluster, next: () => number, patience = patienceMs) {
    this.#cluster = cluster
    this.#next = next
    this.#patience = patience
  }

  end(): void {
    this.#going = false
  }

  get going(): boolean {
    return this.#going
  }

  #pick(): number {
    return Math.floor(this.#next() * this.#cluster.nodes.length)
  }

  async ask(
    index: number,
    action: string,
    members: Members,
    key: AccessKey = this.#cluster.credentials.tencent,
  ): Promise<Asked> {
    const node = this.#cluster.nodes[index] as Node
    const timestamp = Math.floor((Date.now() + node.ahead) / 1000)
    const sent = performance.now()
    const late = sleep(this.#patience, undefined, { ref: false })
    const called = signedCall(node.endpoint, key, timestamp, action, members).catch(() => undefined)
    const result = await Promise.race([called, late])
    const answered = performance.now()
    const unknown = !result || notPerformed.has(result.code)
    const outcome = unknown ? 'unknown' : result.code === undefined ? 'success' : 'refused'
    return { outcome, sent, answered, response: result?.response ?? {} }
  }

  async #note(
    event: Pick<Event, 'does' | 'subject' | 'action' | 'node'>,
    members: Members,
    value?: number,
    key?: AccessKey,
  ): Promise<Asked> {
    const asked = await this.ask(event.node, event.action, members, key)
    const { outcome, sent, answered, response } = asked
    const read = event.does === 'read' ? Number(response.KeyMetadata?.Description ?? Number.NaN) : value
    this.events.push({ ...event, outcome, sent, answered, ...(read === undefined ? {} : { value: read }) })
    return asked
  }

  async newKey(): Promise<string> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const Alias = `key-${this.keys.length}-${attempt}`
      const { outcome, response } = await this.ask(this.#pick(), 'CreateKey', { Alias, Description: '0' })
      if (outcome === 'refused') throw new Error(JSON.stringify(response))
      if (outcome === 'unknown') continue
      this.keys.push(response.KeyId)
      return response.KeyId
    }
    throw new Error('no node makes a key')
  }

  /** Takes a key away at one node, in one of the ways there are, tries it at all of them at once, and gives it back. */
  async owner(KeyId: string): Promise<void> {
    const ways = [
      ['DisableKey', ['EnableKey']],
      ['ArchiveKey', ['CancelKeyArchive']],
      ['ScheduleKeyDeletion', ['CancelKeyDeletion', 'EnableKey']],
    ] as const
    while (this.#going) {
      const [take, gives] = ways[Math.floor(this.#next() * ways.length)] as (typeof ways)[number]
      const days = take === 'ScheduleKeyDeletion' ? { PendingWindowInDays: 7 } : {}
      await this.#note({ does: 'take', subject: KeyId, node: this.#pick(), action: take }, { KeyId, ...days })
      await Promise.all(this.#cluster.nodes.map((_node, index) => this.use(KeyId, index)))
      // Whatever became of the call, and until the key works again: the next round needs it.
      for (const action of [...gives, 'CancelKeyDeletion', 'CancelKeyArchive', 'EnableKey'])
        await this.#note({ does: 'give', subject: KeyId, node: this.#pick(), action }, { KeyId })
    }
  }

  async use(KeyId: string, node = this.#pick()): Promise<void> {
    await this.#note({ does: 'use', subject: KeyId, node, action: 'Encrypt' }, { KeyId, Plaintext: 'aGVsbG8=' })
  }

  async user(keys: readonly string[]): Promise<void> {
    while (this.#going) await this.use(keys[Math.floor(this.#next() * keys.length)] as string)
  }

  /** Writes growing numbers to a key's description, and reads it everywhere after each. */
  async writer(KeyId: string): Promise<void> {
    for (let value = 1; this.#going; value += 1) {
      const write = { does: 'write', subject: KeyId, node: this.#pick(), action: 'UpdateKeyDescription' } as const
      await this.#note(write, { KeyId, Description: String(value) }, value)
      await Promise.all(
        this.#cluster.nodes.map((_node, node) =>
          this.#note({ does: 'read', subject: KeyId, node, action: 'DescribeKey' }, { KeyId }),
        ),
      )
    }
  }

  /** As `owner`, for what the operator takes from a caller and gives back at a node's admin socket. */
  async keeper(KeyId: string, { subject, key, take, give }: Kept): Promise<void> {
    const move = async (does: 'take' | 'give', [action, members]: Kept['take']) => {
      const node = this.#pick()
      const sent = performance.now()
      const done = await operate(this.#cluster.nodes[node] as Node, action, members)
      const outcome = done ? 'success' : 'unknown'
      this.events.push({ does, subject, node, action, sent, answered: performance.now(), outcome })
    }
    const use = async (node: number) => {
      const members = { KeyId, Plaintext: 'aGVsbG8=' }
      await this.#note({ does: 'use', subject, node, action: 'Encrypt' }, members, undefined, key)
    }
    while (this.#going) {
      await move('take', take)
      await Promise.all([...this.#cluster.nodes.keys()].map(use))
      await move('give', give)
      await use(this.#pick())
    }
  }
}

export interface Kept {
  readonly subject: string
  readonly key: AccessKey
  readonly take: readonly [action: string, members: Members]
  readonly give: readonly [action: string, members: Members]
}

/** One action of the operator's, over a node's admin socket. */
export const operate = (node: Node, action: string, members: Members): Promise<Members | undefined> =>
  new Promise((resolve) => {
    const body = JSON.stringify(members)
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
    const sent = request(
      {
        socketPath: `${node.data}/admin.sock`,
        path: `/api/v1/${action}`,
        method: 'POST',
        headers,
        timeout: patienceMs,
      },
      (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve(response.statusCode === 200 ? (JSON.parse(text) as Members) : undefined))
        response.on('error', () => resolve(undefined))
      },
    )
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(undefined))
    sent.end(body)
  })
