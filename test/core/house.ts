/** A house whose ports are in memory, with one account, for tests of operations through the one door. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { systemRandom } from '../../src/adapters/system/random.ts'
import type { Caller } from '../../src/core/access/caller.ts'
import { rightsLanguage } from '../../src/core/access/language.ts'
import { Refusal } from '../../src/core/failure.ts'
import { found } from '../../src/core/founding.ts'
import type { House, Limits } from '../../src/core/house.ts'
import { Keyring } from '../../src/core/keyring.ts'
import { type Key, keyVersionId, noTags, type Place, type Policy, type Principal } from '../../src/core/object.ts'
import type { Operation, Targets } from '../../src/core/operation.ts'
import { create } from '../../src/core/operations/create.ts'
import { perform } from '../../src/core/perform.ts'
import type { RootKeySeal } from '../../src/core/ports.ts'
import { UseCounts } from '../../src/core/uses.ts'
import { accessKeysOf, identitiesOf } from '../../src/first-account.ts'
import { MovableClock } from '../harness/clock.ts'
import { InlineQueue, MemoryCoherence, MemoryJournal, MemoryStore, MemoryUpgrade } from './memory.ts'

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
  present: () => rootKey.generation,
  material: () => new Uint8Array(32).fill(7),
}

const open = { seal: 'file', sealed: false, told: '', fault: '', generation: rootKey.generation, generations: 1 }
const rootKeySeal: RootKeySeal = {
  state: () => open,
  unseal: async () => open,
  prepare: async () => ({ shares: [] }),
  adopt: async () => open,
  addGeneration: async () => rootKey.generation,
  members: async () => [{ name: 'this process', generation: rootKey.generation }],
  isSettled: () => true,
  settle: async () => {},
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
  readonly upgrade: MemoryUpgrade
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
export const openHouse = (limits: Limits = { keysMax: null, dataKeysMax: null, whiteBoxKeysMax: 50 }): TestHouse => {
  const clock = new MovableClock()
  const random = systemRandom(clock)
  const store = new MemoryStore()
  const keyring = new Keyring({ installation, root: rootKey, random, clock })
  placeOf(keyring, store, clock.now())
  let policies = 0

  const house: TestHouse = {
    store,
    coherence: new MemoryCoherence(store),
    upgrade: new MemoryUpgrade(),
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
    rootKey: rootKeySeal,
    pairs,
    uses: new UseCounts(),
    languages: new Map([['rights', rightsLanguage]]),
    presets: new Map(),
    vocabularies: new Map(),
    keyStoreBackings: [],
    capsuleSignatures: true,
    accessKeys: accessKeysOf(random),
    identities: identitiesOf(random),
    inspect: { version: '0', series: () => [], status: async () => ({}), findings: async () => [] },
    record: {
      async *search() {
        yield { reach: [] }
      },
    },
    dump: async () => Promise.reject(new Error('a house of memory has no files')),
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
  tags: noTags,
  ...over,
})

/** A policy of one statement over every key and service. */
export const statement = (effect: 'allow' | 'deny', rights: readonly string[], over: object = {}) => ({
  statements: [{ effect, rights, resources: [{ kind: '*', region: '*', creator: '*', id: '*', ...over }] }],
})
