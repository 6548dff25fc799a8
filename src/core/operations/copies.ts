/** Copies of a key in other regions: one lineage and one material, so a ciphertext of any opens with each. */
import { copiesWith, copyIdIn, isPrimary, otherCopies } from '../copies.ts'
import { type Refusal, refuse } from '../failure.ts'
import type { House } from '../house.ts'
import { rewrappedFor } from '../material.ts'
import { type Key, type KeyVersion, keyVersionId, type Place, type RegionId, type Tags } from '../object.ts'
import { type Call, change, type Decided, type Targets } from '../operation.ts'
import type { Effect, View } from '../ports.ts'
import { stateOf } from '../state.ts'
import { dayMs, keyName, rotationPeriodDays } from './create.ts'
import { tagsMax } from './tags.ts'
import { keyTarget } from './target.ts'

/** The rows of the copies beside a key, past the cache. */
export const rowsOfCopies = async (view: View, key: Key): Promise<readonly Key[]> => {
  const rows = await Promise.all(otherCopies(key).map((id) => view.reload('key', id)))
  return rows.filter((row) => row !== undefined)
}

/** The same version of every copy. */
export const versionsOfCopies = (house: House, view: View, key: Key, version: KeyVersion, copies: readonly Key[]) =>
  Promise.all(copies.map((copy) => rewrappedFor(house, view, key, version, copy)))

/** Every copy is told of a change that all of them share. */
export const putAll = (copies: readonly Key[], facts: Partial<Pick<Key, 'copies' | 'primaryVersion'>>): Effect[] =>
  copies.map((copy) => ({ put: { ...copy, ...facts }, over: copy }))

interface ReplicateRequest {
  readonly keyId: string
  readonly to: Place
  readonly name: string
  readonly description: string
  readonly tags: Tags
}

interface Replica {
  /** Of the key that was copied. */
  readonly primaryVersion: number
  readonly copy: Key
  readonly versions: readonly KeyVersion[]
  readonly others: readonly Key[]
}

const copyOf = (key: Key, { to, name, description, tags }: ReplicateRequest, creator: string, now: number): Key => ({
  ...key,
  ...to,
  id: copyIdIn(key.lineage, to.region),
  revision: 1,
  creator,
  name,
  description,
  tags,
  createdAt: now,
  rotation: { enabled: false, periodDays: rotationPeriodDays, nextAt: now + rotationPeriodDays * dayMs, lastAt: null },
  bindings: 0,
  aliases: [],
  grants: [],
})

const everyVersion = async ({ house, view }: Pick<Call<Targets>, 'house' | 'view'>, key: Key, copy: Key) => {
  const versions: KeyVersion[] = []
  for (let number = 1; number <= key.primaryVersion; number++) {
    const row = await view.reload('keyVersion', keyVersionId(key.id, number))
    if (row) versions.push(await rewrappedFor(house, view, key, row, copy))
  }
  return versions
}

/** Imported material is brought by its owner, region by region; that of a key store does not leave it. */
const whyNotCopied = (key: Key, to: RegionId): Refusal | undefined => {
  if (key.origin === 'imported') return refuse({ reason: 'notGenerated' })
  if (key.keyStore !== null) return refuse({ reason: 'unsupportedByKeyStore' })
  if (!isPrimary(key)) return refuse({ reason: 'notPrimary' })
  return to === key.region || key.copies?.regions.includes(to) ? refuse({ reason: 'copyExists' }) : undefined
}

const makeReplica = async (
  call: Pick<Call<Targets>, 'house' | 'view' | 'caller' | 'now'>,
  key: Key,
  asked: ReplicateRequest,
) => {
  const copy = copyOf(key, asked, call.caller.principal.id, call.now)
  const [versions, others] = [await everyVersion(call, key, copy), await rowsOfCopies(call.view, key)]
  return { primaryVersion: key.primaryVersion, copy, versions, others }
}

export const replicate = change({
  name: 'replicate',
  summary: 'Make a copy of a key in another region, which opens what the key sealed.',
  rights: { key: 'replicate', keys: 'create' },
  targets: ({ keyId, to }: ReplicateRequest) => ({
    key: keyTarget(keyId, { states: ['active'], userOwned: true }),
    keys: { in: to, kind: 'key' } as const,
  }),
  requestTags: ({ tags }) => tags,
  prepare: async (call, request): Promise<Replica | Refusal> => {
    if (request.tags.size > tagsMax) return refuse({ reason: 'tooManyTags' })
    return whyNotCopied(call.at.key.key, request.to.region) ?? makeReplica(call, call.at.key.key, request)
  },
  refresh: (call, request) => makeReplica(call, call.at.key.key, request),
  decide({ at, house }, { to }, { primaryVersion, copy, versions, others }): Decided<Key> | Refusal {
    const { key } = at.key
    const refusal = whyNotCopied(key, to.region)
    if (refusal) return refusal
    if (primaryVersion !== key.primaryVersion) return refuse({ reason: 'rotationRunning' })
    const copies = copiesWith(key, to.region)
    const { keysMax } = house.limits
    const add = { ...copy, copies }
    const effects: Effect[] = [
      { add, claim: keyName(add), ...(keysMax === null ? {} : { within: { max: keysMax } }) },
      ...versions.map((version) => ({ add: version })),
      ...putAll([key, ...others], { copies }),
    ]
    return { result: add, effects }
  },
})

interface UpdatePrimaryRequest {
  readonly keyId: string
  readonly region: RegionId
}

export const updatePrimary = change({
  name: 'updatePrimary',
  summary: 'Let the material of a key change in another of its regions from now on.',
  rights: { key: 'updatePrimary' },
  targets: ({ keyId }: UpdatePrimaryRequest) => ({ key: keyTarget(keyId, { states: ['active'], userOwned: true }) }),
  prepare: ({ at, view }) => rowsOfCopies(view, at.key.key),
  refresh: ({ at, view }) => rowsOfCopies(view, at.key.key),
  decide({ at, now }, { region }, others): Decided<undefined> | Refusal {
    const { key } = at.key
    if (!isPrimary(key)) return refuse({ reason: 'notPrimary' })
    if (region === key.region) return { result: undefined, effects: [] }
    const next = others.find((copy) => copy.region === region)
    if (!key.copies || !next) return refuse({ reason: 'copyMissing' })
    // It would go, and the others would have nobody to follow.
    if (next.destroyAt !== null)
      return refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state: stateOf(next, now) })
    const copies = { ...key.copies, primary: region }
    const [before, after] = [
      { ...key, copies, rotation: next.rotation },
      { ...next, copies, rotation: key.rotation },
    ]
    const rest = others.filter((copy) => copy !== next)
    const effects: Effect[] = [{ put: before, over: key }, { put: after, over: next }, ...putAll(rest, { copies })]
    return { result: undefined, effects }
  },
})
