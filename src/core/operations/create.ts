import { algorithmOf } from '../../crypto/algorithms.ts'
import { type Refusal, refuse } from '../failure.ts'
import { domainKeyOf } from '../material.ts'
import { type Key, type KeyVersion, type Origin, type Place, type Tags, type Usage, userOwner } from '../object.ts'
import { change } from '../operation.ts'
import type { UniqueName } from '../ports.ts'
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
}

export const dayMs = 86_400_000

/** The rotation period of a key that nobody asked to rotate, days. */
const rotationPeriodDays = 365

export const keyName = (key: Pick<Key, 'account' | 'region' | 'name'>): UniqueName => ({
  account: key.account,
  region: key.region,
  kind: 'key',
  name: key.name,
})

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
  rotation: { enabled: false, periodDays: rotationPeriodDays, nextAt: now + rotationPeriodDays * dayMs, lastAt: null },
  bindings: 0,
  grants: [],
  tags: request.tags,
})

export const create = change({
  name: 'create',
  summary: 'Make a key, with material of our own or waiting for imported material.',
  rights: { keys: 'create' },
  targets: ({ at }: CreateRequest) => ({ keys: { in: at, kind: 'key' } as const }),
  requestTags: ({ tags }) => tags,

  async prepare({ caller, house, now, view }, request): Promise<{ key: Key; version: KeyVersion } | Refusal> {
    if (request.tags.size > tagsMax) return refuse({ reason: 'tooManyTags' })
    const key = newKey(request, house.random.id(now), caller.principal.id, now)
    const empty = emptyVersion(key, 1, now)
    if (request.origin === 'imported') return { key, version: empty }
    const domain = await domainKeyOf(view, key.account)
    const algorithm = algorithmOf(key.algorithm)
    if (!('keyBytes' in algorithm)) return { key, version: await pairVersion(house, domain, key, empty) }
    const bytes = house.random.bytes(algorithm.keyBytes)
    return { key, version: filledVersion(house, domain, key, empty, bytes) }
  },

  decide({ house }, _request, { key, version }) {
    const { keysMax } = house.limits
    const counted = keysMax !== null && key.owner === userOwner
    const within = counted ? { within: { max: keysMax } } : {}
    return { result: key, effects: [{ add: key, claim: keyName(key), ...within }, { add: version }] }
  },
})
