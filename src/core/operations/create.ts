import { algorithmOf } from '../../crypto/algorithms.ts'
import { type Refusal, refuse } from '../failure.ts'
import type { House } from '../house.ts'
import { domainKeyOf } from '../material.ts'
import {
  type Key,
  type KeyStore,
  type KeyVersion,
  type Origin,
  type Place,
  type Tags,
  type Usage,
  userOwner,
} from '../object.ts'
import { type Call, change, type Targets } from '../operation.ts'
import type { Effect, UniqueName } from '../ports.ts'
import { countedIn, storeOf, whyNotIn } from './in-key-store.ts'
import { emptyVersion, filledVersion, pairVersion } from './new-version.ts'
import { tagsMax } from './tags.ts'

export interface CreateRequest {
  readonly at: Place
  readonly name: string
  readonly description: string
  readonly usage: Usage
  readonly algorithm: string
  readonly origin: Origin
  /** Absent for the user. */
  readonly owner?: string
  readonly tags: Tags
  /** Absent for nothing. */
  readonly group?: string
  /** Absent for the installation's own. */
  readonly keyStore?: string
  /** Every how many days it gets a new version by itself; absent for never. */
  readonly rotationDays?: number
}

export const dayMs = 86_400_000

/** The rotation period of a key that nobody asked to rotate, days. */
export const rotationPeriodDays = 365

export const keyName = (key: Pick<Key, 'account' | 'region' | 'name'>): UniqueName => ({
  account: key.account,
  region: key.region,
  kind: 'key',
  name: key.name,
})

const firstRotation = (days: number | undefined, now: number): Key['rotation'] => {
  const periodDays = days ?? rotationPeriodDays
  return { enabled: days !== undefined, periodDays, nextAt: now + periodDays * dayMs, lastAt: null }
}

const newKey = (request: CreateRequest, id: string, creator: string, now: number): Key => ({
  kind: 'key',
  id,
  revision: 1,
  ...request.at,
  creator,
  lineage: id.replaceAll('-', ''),
  owner: request.owner ?? userOwner,
  name: request.name,
  description: request.description,
  usage: request.usage,
  algorithm: request.algorithm,
  origin: request.origin,
  createdAt: now,
  suspended: false,
  deactivated: false,
  destroyAt: null,
  materialPresent: request.origin === 'generated',
  materialExpiresAt: null,
  materialDigest: null,
  primaryVersion: 1,
  rotation: firstRotation(request.rotationDays, now),
  bindings: 0,
  aliases: [],
  group: request.group ?? '',
  grants: [],
  tags: request.tags,
  keyStore: request.keyStore ?? null,
  copies: null,
})

interface Made {
  readonly key: Key
  readonly version: KeyVersion
  readonly store: KeyStore | undefined
}

/** The first version of a new key, with material where it is made here. */
const firstVersion = async ({ house, now, view }: Pick<Call<Targets>, 'house' | 'now' | 'view'>, key: Key) => {
  const empty = emptyVersion(key, 1, now)
  if (key.origin === 'imported') return empty
  const domain = await domainKeyOf(view, key.account, key.keyStore)
  const algorithm = algorithmOf(key.algorithm)
  if (!('keyBytes' in algorithm)) return pairVersion(house, domain, key, empty)
  return filledVersion(house, domain, key, empty, house.random.bytes(algorithm.keyBytes))
}

/** Whether the operator lets keys of the algorithm be made in the region; symmetric ones always. */
const isOffered = ({ regions }: House, { at, algorithm }: CreateRequest): boolean => {
  const offered = regions.find(({ id }) => id === at.region)?.asymmetric
  return !offered || 'keyBytes' in algorithmOf(algorithm) || offered.includes(algorithm)
}

export const create = change({
  name: 'create',
  summary: 'Make a key, with material of our own or waiting for imported material.',
  rights: { keys: 'create' },
  targets: ({ at }: CreateRequest) => ({ keys: { in: at, kind: 'key' } as const }),
  requestTags: ({ tags }) => tags,
  requestFacts: (key) => ({ key }),

  async prepare(call, request): Promise<Made | Refusal> {
    if (request.tags.size > tagsMax) return refuse({ reason: 'tooManyTags' })
    if (!isOffered(call.house, request)) return refuse({ reason: 'unsupportedCryptographicParameters' })
    const key = newKey(request, call.house.random.id(call.now), call.caller.principal.id, call.now)
    const store = await storeOf(call.view, key)
    const refusal = whyNotIn(key, store)
    return refusal ?? { key, version: await firstVersion(call, key), store }
  },
  refresh: async ({ view }, _request, made) => ({ ...made, store: await storeOf(view, made.key) }),

  decide({ house }, _request, { key, version, store }) {
    const refusal = whyNotIn(key, store)
    if (refusal) return refusal
    const { keysMax } = house.limits
    const counted = keysMax !== null && key.owner === userOwner
    const within = counted ? { within: { max: keysMax } } : {}
    const effects: Effect[] = [{ add: key, claim: keyName(key), ...within }, { add: version }]
    return { result: key, effects: [...effects, ...countedIn(store, 1)] }
  },
})
