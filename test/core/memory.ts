/**
 * The ports in memory, for tests of the core: what an adapter must do, with nothing else in the way, and with every
 * fault that an adapter may have. The contract of a real store is told in full by test/adapters/contract.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { systemRandom } from '../../src/adapters/system/random.ts'
import type { Caller } from '../../src/core/access/caller.ts'
import { rightsLanguage } from '../../src/core/access/language.ts'
import type { AuditEntry } from '../../src/core/audit.ts'
import { Refusal } from '../../src/core/failure.ts'
import { found } from '../../src/core/founding.ts'
import type { House, Limits } from '../../src/core/house.ts'
import { Keyring } from '../../src/core/keyring.ts'
import {
  type Key,
  type Kind,
  keyVersionId,
  type Place,
  type Policy,
  type Principal,
  type Snapshot,
} from '../../src/core/object.ts'
import type { Operation, Targets } from '../../src/core/operation.ts'
import { create } from '../../src/core/operations/create.ts'
import { perform } from '../../src/core/perform.ts'
import {
  type Coherence,
  type Commit,
  type Committed,
  type Due,
  type Effect,
  type Epoch,
  type Journal,
  type KeyPage,
  QueueFull,
  type Reader,
  type SlowJobs,
  type SlowQueue,
  type Store,
  type Tombstone,
  type UniqueName,
  UnknownOutcome,
  type View,
} from '../../src/core/ports.ts'
import { stateOf } from '../../src/core/state.ts'
import { passwordMatches, passwordRecord } from '../../src/crypto/password.ts'
import { generateRsaPair, rsaSignPss, rsaUnwrap } from '../../src/crypto/rsa.ts'
import { MovableClock } from '../harness/clock.ts'

const nameOf = (kind: Kind, id: string): string => `${kind}/${id}`
const textOf = ({ account, region, kind, name }: UniqueName): string => [account, region, kind, name].join('/')

type Refused = Exclude<Committed, { outcome: 'committed' }>

/** A copy of everything: applied to in full, then put in the place of what was there, so a change is all or nothing. */
class Tables {
  readonly rows: Map<string, Snapshot>
  /** Which object holds a name. */
  readonly names: Map<string, string>
  readonly tombstones: Tombstone[]

  constructor(from?: Tables) {
    this.rows = new Map(from?.rows)
    this.names = new Map(from?.names)
    this.tombstones = [...(from?.tombstones ?? [])]
  }

  stands({ kind, id, revision }: { kind: Kind; id: string; revision: number }): boolean {
    return this.rows.get(nameOf(kind, id))?.revision === revision
  }

  /** What is in the way of the effect, or undefined once it is applied. */
  apply(effect: Effect): Refused | undefined {
    if ('add' in effect) return this.#add(effect)
    const over = 'put' in effect ? effect.over : effect.drop
    if (!this.stands(over)) return { outcome: 'conflict' }
    if (effect.release) this.names.delete(textOf(effect.release))
    if ('drop' in effect) this.#drop(effect)
    else {
      if (effect.claim && !this.#claim(effect.claim, over.id)) return { outcome: 'nameTaken' }
      this.rows.set(nameOf(over.kind, over.id), { ...effect.put, revision: over.revision + 1 })
    }
    return undefined
  }

  #add({ add: row, claim, within }: Extract<Effect, { add: Snapshot }>): Refused | undefined {
    if (within && this.#live(row as Key) >= within.max) return { outcome: 'quotaExceeded', kind: row.kind }
    const name = nameOf(row.kind, row.id)
    if (this.rows.has(name)) return { outcome: 'conflict' }
    if (claim && !this.#claim(claim, row.id)) return { outcome: 'nameTaken' }
    this.rows.set(name, row)
    return undefined
  }

  #claim(name: UniqueName, id: string): boolean {
    const holder = this.names.get(textOf(name))
    if (holder !== undefined && holder !== id) return false
    this.names.set(textOf(name), id)
    return true
  }

  #live({ account, region }: Key): number {
    const counts = (row: Snapshot) =>
      row.kind === 'key' && row.account === account && row.region === region && row.destroyAt === null
    return [...this.rows.values()].filter(counts).length
  }

  /** A key takes its versions and its ticket along. */
  #drop({ drop: row, tombstone }: Extract<Effect, { drop: Snapshot }>): void {
    for (const [name, other] of this.rows)
      if (other.id === row.id || (other.kind === 'keyVersion' && other.key === row.id)) this.rows.delete(name)
    if (tombstone) this.tombstones.push(tombstone)
  }
}

/** How the next commit goes wrong: `lost` before it was kept, `kept` but reported failed, `overtaken` by another one. */
export type CommitFault = 'lost' | 'kept' | 'overtaken' | Error

export class MemoryStore implements Store {
  tables = new Tables()
  readonly outbox = new Map<string, AuditEntry>()
  readonly commits: Commit[] = []
  /** Taken one by one by the coming commits. */
  readonly faults: CommitFault[] = []
  /** Called before each commit: what somebody else does meanwhile. */
  meanwhile: () => void = () => {}
  epoch: Epoch = 0

  async commit(change: Commit): Promise<Committed> {
    this.commits.push(change)
    this.meanwhile()
    const fault = this.faults.shift()
    if (fault instanceof Error) throw fault
    if (fault === 'lost') throw new UnknownOutcome('lost')
    if (fault === 'overtaken') return { outcome: 'conflict' }
    const committed = this.#apply(change)
    if (fault === 'kept') throw new UnknownOutcome('kept')
    return committed
  }

  #apply({ guards, effects, entry }: Commit): Committed {
    const next = new Tables(this.tables)
    if (!guards.every((guard) => next.stands(guard))) return { outcome: 'conflict' }
    for (const effect of effects) {
      const refused = next.apply(effect)
      if (refused) return refused
    }
    this.tables = next
    this.outbox.set(entry.request, entry)
    this.epoch += 1
    return { outcome: 'committed', epoch: this.epoch }
  }

  get<K extends Kind>(kind: K, id: string): Snapshot<K> | undefined {
    return this.tables.rows.get(nameOf(kind, id)) as Snapshot<K> | undefined
  }

  all<K extends Kind>(kind: K): Snapshot<K>[] {
    return [...this.tables.rows.values()].filter((row): row is Snapshot<K> => row.kind === kind)
  }

  /** Puts a row in place behind the core's back, as another process or a restored backup would. */
  set(row: Snapshot): void {
    this.tables.rows.set(nameOf(row.kind, row.id), row)
  }

  async due(): Promise<readonly Due[]> {
    return []
  }

  readonly reader: Reader = {
    keys: async (at, page, now) => {
      const rows = this.#keysIn(at, page.filter, now)
      if (page.order === 'newestFirst') rows.reverse()
      return { total: rows.length, rows: rows.slice(page.offset, page.offset + page.limit) }
    },
    countKeys: async (at, filter, now) => this.#keysIn(at, filter, now).length,
  }

  #keysIn({ account, region }: Place, { states, origin, search }: KeyPage['filter'], now: number): Key[] {
    return this.all('key')
      .filter((key) => key.account === account && key.region === region && stateOf(key, now) !== 'destroyed')
      .filter((key) => (!states || states.includes(stateOf(key, now))) && (!origin || key.origin === origin))
      .filter((key) => search === undefined || key.name.includes(search) || key.id.includes(search))
  }
}

/** Views straight from the store, but for the rows that a test makes stale. */
export class MemoryCoherence implements Coherence {
  readonly #store: MemoryStore
  /** What `get` answers in the place of the store's row, by kind and id. */
  readonly #stale = new Map<string, Snapshot>()
  readonly settled: (Epoch | undefined)[] = []
  readonly reloaded: string[] = []

  constructor(store: MemoryStore) {
    this.#store = store
  }

  view(): View {
    return {
      get: (kind, id) => (this.#stale.get(nameOf(kind, id)) as never) ?? this.#store.get(kind, id),
      reload: async (kind, id) => {
        this.reloaded.push(nameOf(kind, id))
        return this.#store.get(kind, id)
      },
    }
  }

  async settle(epoch: Epoch | undefined): Promise<void> {
    this.settled.push(epoch)
  }

  remember(row: Snapshot): void {
    this.#stale.set(nameOf(row.kind, row.id), row)
  }
}

export class MemoryJournal implements Journal {
  readonly entries: AuditEntry[] = []
  /** How many of the coming appends fail. */
  failing = 0

  async append(entry: AuditEntry): Promise<void> {
    if (this.failing > 0) {
      this.failing -= 1
      throw new Error('the disk is full')
    }
    this.entries.push(entry)
  }

  get last(): AuditEntry {
    const entry = this.entries.at(-1)
    if (!entry) throw new Error('nothing was recorded')
    return entry
  }
}

/** The functions of the real queue's worker, without the worker. */
export class InlineQueue implements SlowQueue {
  full = false
  readonly #jobs: { [N in keyof SlowJobs]: (input: SlowJobs[N]['input']) => SlowJobs[N]['output'] } = {
    generateRsa: ({ bits }) => generateRsaPair(bits),
    rsaUnwrap: ({ privateKey, padding, wrapped, length }) => rsaUnwrap(privateKey, padding, wrapped, length),
    rsaSign: ({ privateKey, message }) => rsaSignPss(privateKey, message),
    hashPassword: ({ password, salt }) => passwordRecord(password, salt),
    checkPassword: ({ password, record }) => passwordMatches(password, record),
  }

  async run<N extends keyof SlowJobs>(name: N, input: SlowJobs[N]['input']): Promise<SlowJobs[N]['output']> {
    if (this.full) throw new QueueFull('full')
    return this.#jobs[name](input)
  }
}

const pem = readFileSync(new URL('../crypto/rsa-for-tests.pem', import.meta.url))
const der = {
  publicKey: createPublicKey(pem).export({ type: 'spki', format: 'der' }),
  privateKey: createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }),
}
/** A prepared pair, the same each time: making one takes longer than all of a test. */
const pairs = {
  take: async () => ({ publicKey: new Uint8Array(der.publicKey), privateKey: new Uint8Array(der.privateKey) }),
}

export const installation = '00112233445566778899aabbccddeeff'
const rootKey = {
  generation: { id: 'a1'.repeat(16), number: 1 },
  material: () => new Uint8Array(32).fill(7),
}

const region = (id: string, algorithm: string) => ({ id, algorithm, names: {} })
export const account = '100000000001'
export const here: Place = { account, region: 'guangzhou', project: 'p' }

type Made<A> = Exclude<A, Refusal>

interface Asking {
  readonly caller?: Caller
  readonly region?: string
  readonly narrow?: Readonly<Record<string, readonly never[]>>
}

export interface TestHouse extends House {
  readonly store: MemoryStore
  readonly coherence: MemoryCoherence
  readonly journal: MemoryJournal
  readonly slow: InlineQueue
  readonly clock: MovableClock
  /** The account's root principal, unless another one is put in. */
  caller(over?: Partial<Caller>): Caller
  /** A principal of the account with these policies, written in the core's own language. */
  principal(policies: readonly unknown[], over?: Partial<Principal>): Caller
  /** Through the one door, as `<name of the operation>` in the record. */
  ask<R, T extends Targets, A, P>(operation: Operation<R, T, A, P>, request: R, asking?: Asking): Promise<A | Refusal>
  /** As `ask`, and fails the test for a refusal. */
  ok<R, T extends Targets, A, P>(operation: Operation<R, T, A, P>, request: R, asking?: Asking): Promise<Made<A>>
  /** As `ask`, and fails the test unless it is refused. */
  refused<R, T extends Targets, A, P>(
    operation: Operation<R, T, A, P>,
    request: R,
    asking?: Asking,
  ): Promise<Refusal['failures']>
  /** A key made by `create`, with these columns changed afterwards. */
  key(over?: Partial<Key>): Promise<Key>
}

const placeOf = (keyring: Keyring, store: MemoryStore, now: number): void => {
  const first = {
    id: account,
    name: 'first',
    external: {},
    principalName: 'administrator',
    principalExternal: {},
    passwordRecord: '',
    accessKeys: [{ dialect: 'tencent', id: 'AKIDroot', secret: 'secret of the access key' }],
  }
  for (const effect of found(keyring, first, 'founding', now).effects) if ('add' in effect) store.set(effect.add)
}

/** A house of memory with one founded account. */
export const openHouse = (limits: Limits = { keysMax: null }): TestHouse => {
  const clock = new MovableClock()
  const random = systemRandom(clock)
  const store = new MemoryStore()
  const keyring = new Keyring({ installation, root: rootKey, random, clock })
  placeOf(keyring, store, clock.now())
  let policies = 0

  const house: TestHouse = {
    store,
    coherence: new MemoryCoherence(store),
    journal: new MemoryJournal(),
    outbox: {
      drained(requests) {
        for (const request of requests) store.outbox.delete(request)
      },
    },
    slow: new InlineQueue(),
    clock,
    random,
    keyring,
    pairs,
    languages: new Map([['rights', rightsLanguage]]),
    regions: [region('guangzhou', 'aes-256'), region('shanghai', 'sm4')],
    limits,
    installation,
    caller: (over = {}) => ({
      dialect: 'tencent',
      credential: store.get('credential', 'AKIDroot'),
      principal: store.get('principal', account) as Principal,
      account: store.get('account', account)!,
      source: '192.0.2.1',
      request: random.id(clock.now()),
      reach: 'policies',
      ...over,
    }),
    principal(documents, over = {}) {
      const ids = documents.map((document): string => {
        policies += 1
        const text = typeof document === 'string' ? document : JSON.stringify(document)
        const common = { id: `policy-${policies}`, account, revision: 1, createdAt: 0 }
        const row: Policy = { kind: 'policy', ...common, name: 'p', language: 'rights', document: text }
        store.set(row)
        return row.id
      })
      const root = store.get('principal', account) as Principal
      return house.caller({ principal: { ...root, id: 'alice', name: 'alice', root: false, policies: ids, ...over } })
    },
    ask(operation, request, { caller = house.caller(), region: at = here.region, narrow = {} } = {}) {
      const bound = { operation, action: operation.name, narrow }
      return perform(house, caller, house.coherence.view(), at, bound, request)
    },
    async ok(operation, request, asking) {
      const result = await house.ask(operation, request, asking)
      if (result instanceof Refusal) throw new Error(`refused: ${JSON.stringify(result.failures)}`)
      return result as Exclude<typeof result, Refusal>
    },
    async refused(operation, request, asking) {
      const result = await house.ask(operation, request, asking)
      if (!(result instanceof Refusal)) throw new Error('it was not refused')
      return result.failures
    },
    async key(over = {}) {
      const name = `key ${random.id(clock.now())}`
      const made = await house.ok(create, createRequest({ name }))
      const row = { ...made, ...over }
      store.set(row)
      if (over.materialPresent === false) {
        const version = store.get('keyVersion', keyVersionId(row.id, 1))!
        store.set({ ...version, wrapped: null })
      }
      return row
    },
  }
  return house
}

export const createRequest = (over: Partial<Parameters<(typeof create)['targets']>[0]> = {}) => ({
  at: here,
  name: 'orders',
  description: 'a key',
  usage: 'encryptDecrypt' as const,
  algorithm: 'aes-256',
  origin: 'generated' as const,
  ...over,
})

/** A policy of one statement over every key and service. */
export const statement = (effect: 'allow' | 'deny', rights: readonly string[], over: object = {}) => ({
  statements: [{ effect, rights, resources: [{ kind: '*', region: '*', creator: '*', id: '*', ...over }] }],
})
