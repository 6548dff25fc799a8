/**
 * The ports in memory, for tests of the core: what an adapter must do, with nothing else in the way, and with every
 * fault that an adapter may have. The contract of a real store is told in full by test/adapters/contract.
 */
import { jobs } from '../../src/adapters/slow-queue/jobs.ts'
import type { AuditEntry } from '../../src/core/audit.ts'
import type { DataKey, Key, Kind, ManagedKind, Place, Snapshot, Tagged, Tags } from '../../src/core/object.ts'
import type { DataKeyFilter, KeyPage, TagCondition } from '../../src/core/pages.ts'
import {
  type Coherence,
  type Commit,
  type Committed,
  type Due,
  type Effect,
  type Epoch,
  type Journal,
  QueueFull,
  type Reader,
  type SlowJobs,
  type SlowQueue,
  type Store,
  type Tombstone,
  type UniqueName,
  UnknownOutcome,
  type Upgrade,
  type UpgradeState,
  type Use,
  type View,
} from '../../src/core/ports.ts'
import { stateOf } from '../../src/core/state.ts'
import { sumsOf } from '../../src/core/uses.ts'

const nameOf = (kind: Kind, id: string): string => `${kind}/${id}`
const textOf = ({ account, region, kind, name }: UniqueName): string => [account, region, kind, name].join('/')

const hasTags = (tags: Tags, conditions: readonly TagCondition[]): boolean =>
  conditions.every(({ key, values }) =>
    values.length === 0 ? tags.has(key) : values.some((value) => tags.get(key) === value),
  )

const isManaged = (row: Snapshot): row is Snapshot<ManagedKind> =>
  row.kind === 'key' || row.kind === 'dataKey' || row.kind === 'whiteBoxKey'

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
      if (effect.within && this.#live(over) >= effect.within.max) return { outcome: 'quotaExceeded', kind: over.kind }
      if (effect.claim && !this.#claim(effect.claim, over.id)) return { outcome: 'nameTaken' }
      this.rows.set(nameOf(over.kind, over.id), { ...effect.put, revision: over.revision + 1 })
    }
    return undefined
  }

  #add({ add: row, claim, within }: Extract<Effect, { add: Snapshot }>): Refused | undefined {
    if (within && this.#live(row) >= within.max) return { outcome: 'quotaExceeded', kind: row.kind }
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

  #live(like: Snapshot): number {
    const [managed] = [like].filter(isManaged)
    const counts = (row: Snapshot) =>
      isManaged(row) &&
      row.kind === like.kind &&
      row.account === like.account &&
      row.region === managed?.region &&
      !('destroyAt' in row && row.destroyAt !== null)
    return [...this.rows.values()].filter(counts).length
  }

  /** A key takes its versions, its ticket and what is bound to it along. */
  #drop({ drop: row, tombstone }: Extract<Effect, { drop: Snapshot }>): void {
    this.rows.delete(nameOf(row.kind, row.id))
    if (row.kind === 'key')
      for (const [name, other] of this.rows)
        if (other.id === row.id || ((other.kind === 'keyVersion' || other.kind === 'binding') && other.key === row.id))
          this.rows.delete(name)
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

  readonly uses: Use[] = []

  async countUses(uses: readonly Use[]): Promise<void> {
    this.uses.push(...uses)
  }

  async due(): Promise<readonly Due[]> {
    return []
  }

  readonly reader: Reader = {
    keys: async (at, page, now) => {
      const accounts = page.accounts ?? [at.account]
      const rows = accounts.flatMap((account) => this.#keysIn({ ...at, account }, page.filter, now))
      if (page.order === 'newestFirst') rows.reverse()
      return { total: rows.length, isLeast: false, rows: rows.slice(page.offset, page.offset + page.limit) }
    },
    countKeys: async (at, filter, now) => this.#keysIn(at, filter, now).length,
    tagged: async (account, { regions, conditions, after = '', limit }) =>
      [...this.tables.rows.values()]
        .filter((row): row is Tagged => 'tags' in row && row.tags.size > 0 && row.account === account)
        .filter(({ region, id, tags }) => regions.includes(region) && id > after && hasTags(tags, conditions))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    dataKeys: async (at, page, now) => {
      const rows = this.#dataKeysIn(at, page.filter, now)
      if (page.order === 'newestFirst') rows.reverse()
      return { total: rows.length, rows: rows.slice(page.offset, page.offset + page.limit) }
    },
    countDataKeys: async (at, filter, now) => this.#dataKeysIn(at, filter, now).length,
    uses: async ({ of, from, until, step, by, limit }) => {
      const isMeant = ({ key }: Use) => {
        if ('key' in of) return key === of.key
        const row = this.get('key', key)
        return row?.account === of.account && row.region === of.region
      }
      const uses = this.uses.filter((use) => isMeant(use) && use.minute >= from && use.minute < until)
      return sumsOf(uses, step, by).slice(0, limit)
    },
    tagPairs: async ({ account, region }, limit) =>
      this.all('key')
        .filter((row) => row.account === account && row.region === region)
        .flatMap((row) => [...row.tags].map(([key, value]) => ({ key, value })))
        .slice(0, limit),
    aliases: async ({ account, region }, { key, after, limit }) =>
      this.all('alias')
        .filter((row) => row.account === account && row.region === region && row.name > after)
        .filter((row) => key === undefined || row.key === key)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .slice(0, limit),
    grantHolder: async (account, grant) =>
      this.all('key').find((key) => key.account === account && key.grants.some(({ id }) => id === grant))?.id,
    retirable: async (region, { by, id }) =>
      this.all('key').filter(
        (key) => key.region === region && key.grants.some(({ retiring }) => retiring?.by === by && retiring.id === id),
      ),
    holder: async (name) => this.tables.names.get(textOf(name)),
    knownAs: async (kind, name, value) => this.all(kind).find(({ external }) => external[name] === value)?.id,
    rows: async (kind, { account, after = '', limit }) =>
      this.all(kind)
        .filter((row) => (account === undefined || row.account === account) && row.id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
  }

  #dataKeysIn({ account, region }: Place, filter: DataKeyFilter, now: number): DataKey[] {
    const { states, origin, search, key, bytes, tags = [] } = filter
    return this.all('dataKey')
      .filter((row) => row.account === account && row.region === region && stateOf(row, now) !== 'destroyed')
      .filter((row) => (!states || states.includes(stateOf(row, now))) && (!origin || row.origin === origin))
      .filter((row) => (key ?? row.key) === row.key && (bytes ?? row.bytes) === row.bytes && hasTags(row.tags, tags))
      .filter((row) => search === undefined || row.name.includes(search) || row.id.includes(search))
  }

  #keysIn(
    { account, region }: Place,
    { states, usages, algorithms, origin, search, tags = [] }: KeyPage['filter'],
    now: number,
  ): Key[] {
    return this.all('key')
      .filter((key) => key.account === account && key.region === region && stateOf(key, now) !== 'destroyed')
      .filter((key) => (!states || states.includes(stateOf(key, now))) && (!origin || key.origin === origin))
      .filter((key) => (!usages || usages.includes(key.usage)) && (!algorithms || algorithms.includes(key.algorithm)))
      .filter((key) => hasTags(key.tags, tags))
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

  async run<N extends keyof SlowJobs>(name: N, input: SlowJobs[N]['input']): Promise<SlowJobs[N]['output']> {
    if (this.full) throw new QueueFull('full')
    return jobs[name](input)
  }
}

/** A store that an older program may still run on. */
export class MemoryUpgrade implements Upgrade {
  oldestProgram = 6
  members: UpgradeState['members'] = []

  async state(): Promise<UpgradeState> {
    const { oldestProgram, members } = this
    return { tables: 7, program: 7, oldestProgram, finished: oldestProgram >= 7, members }
  }

  async finish(): Promise<void> {
    this.oldestProgram = 7
  }
}
