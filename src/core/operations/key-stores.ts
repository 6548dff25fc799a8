/** Key stores: places for material, each under a root key of its own. */
import { type Refusal, refuse } from '../failure.ts'
import { domainKeyOf } from '../material.ts'
import type { DomainKey, ExternalIds, KeyStore, Place } from '../object.ts'
import { change, type Decided, look } from '../operation.ts'
import type { UniqueName } from '../ports.ts'

const storeName = ({ account, region, name }: Pick<KeyStore, 'account' | 'region' | 'name'>): UniqueName => ({
  account,
  region,
  kind: 'keyStore',
  name,
})

interface CreateKeyStore {
  readonly at: Place
  readonly name: string
  /** A configured root key. */
  readonly backing: string
  readonly external: ExternalIds
}

export const createKeyStore = change({
  name: 'createKeyStore',
  summary: 'Make a key store over one of the root keys that the installation is configured with.',
  rights: { keyStores: 'createKeyStore' },
  targets: ({ at }: CreateKeyStore) => ({ keyStores: { in: at, kind: 'keyStore' } as const }),
  prepare({ house, now }, { at, name, backing, external }): { store: KeyStore; domain: DomainKey } | Refusal {
    if (!house.keyStoreBackings.includes(backing)) return refuse({ reason: 'unknownBacking' })
    const id = house.random.id(now)
    const store: KeyStore = {
      kind: 'keyStore',
      id,
      revision: 1,
      ...at,
      name,
      backing,
      suspended: false,
      keys: 0,
      external,
      createdAt: now,
    }
    return { store, domain: house.keyring.newDomainKey(at.account, 1, now, store) }
  },
  decide: (_call, _request, { store, domain }) => ({
    result: store,
    effects: [{ add: store, claim: storeName(store) }, { add: domain }],
  }),
})

interface One {
  readonly id: string
}

const oneStore = ({ id }: One) => ({ keyStore: { kind: 'keyStore', id } }) as const

export const describeKeyStore = look({
  name: 'describeKeyStore',
  summary: 'Read one key store.',
  rights: { keyStore: 'describeKeyStore' },
  targets: oneStore,
  run: ({ at }) => at.keyStore,
})

export const suspendKeyStore = change({
  name: 'suspendKeyStore',
  summary: 'Take a key store, and every key in it, out of use until it is resumed.',
  rights: { keyStore: 'suspendKeyStore' },
  targets: oneStore,
  prepare: () => {},
  decide({ at }) {
    const put = { ...at.keyStore, suspended: true }
    return { result: put, effects: at.keyStore.suspended ? [] : [{ put, over: at.keyStore }] }
  },
})

export const resumeKeyStore = change({
  name: 'resumeKeyStore',
  summary: 'Return a key store to use.',
  rights: { keyStore: 'resumeKeyStore' },
  targets: oneStore,
  prepare: () => {},
  decide({ at }) {
    const put = { ...at.keyStore, suspended: false }
    return { result: put, effects: at.keyStore.suspended ? [{ put, over: at.keyStore }] : [] }
  },
})

export const removeKeyStore = change({
  name: 'removeKeyStore',
  summary: 'Remove a key store without keys, and the key that its material was wrapped by.',
  rights: { keyStore: 'removeKeyStore' },
  targets: oneStore,
  prepare: ({ at, view }) => domainKeyOf(view, at.keyStore.account, at.keyStore.id),
  decide({ at }, _request, domain): Decided<undefined> | Refusal {
    if (at.keyStore.keys > 0) return refuse({ reason: 'objectInUse' })
    return {
      result: undefined,
      effects: [{ drop: at.keyStore, release: storeName(at.keyStore) }, { drop: domain }],
    }
  },
})

/** More stores than this are not listed: there is one for each root key that an operator configures, or a few. */
const storesMax = 1000

export const listKeyStores = look({
  name: 'listKeyStores',
  summary: 'Read the key stores of an account and region, oldest first.',
  rights: { keyStores: 'listKeyStores' },
  targets: ({ at }: { at: Place }) => ({ keyStores: { in: at, kind: 'keyStore' } as const }),
  async run({ at }, _request, read): Promise<readonly KeyStore[]> {
    const rows = await read.rows('keyStore', { account: at.keyStores.account, limit: storesMax })
    return rows.filter(({ region }) => region === at.keyStores.region)
  },
})
