/** The operations that move keys between states (SP 800-57 part 1, section 7) and change nothing else. */
import { copiesWithout, isPrimary } from '../copies.ts'
import type { Failure } from '../failure.ts'
import { refuse } from '../failure.ts'
import type { Key } from '../object.ts'
import { change, type Found } from '../operation.ts'
import type { Effect, View } from '../ports.ts'
import { stateOf } from '../state.ts'
import { putAll, rowsOfCopies } from './copies.ts'
import { dayMs, keyName } from './create.ts'
import { countedIn, storeOf } from './in-key-store.ts'
import { beforeDestruction, keyTarget, keyTargets } from './target.ts'

type Facts = Partial<Pick<Key, 'suspended' | 'deactivated' | 'destroyAt'>>

const nothing = () => {}

/** A put for every key of which a fact is to change; a key that is there already is left alone. */
const move = (founds: readonly Found[], facts: Facts): Effect[] =>
  founds
    .filter(({ key }) => Object.entries(facts).some(([fact, value]) => key[fact as keyof Facts] !== value))
    .map(({ key }) => ({ put: { ...key, ...facts }, over: key }))

interface Keys {
  readonly keyIds: readonly string[]
}
interface One {
  readonly keyId: string
}

export const resume = change({
  name: 'resume',
  summary: 'Return suspended keys to use.',
  rights: { keys: 'resume' },
  targets: ({ keyIds }: Keys) => ({ keys: keyTargets(keyIds, { states: ['active', 'suspended'] }) }),
  prepare: nothing,
  decide: ({ at }) => ({ result: undefined, effects: move(at.keys, { suspended: false }) }),
})

export const suspend = change({
  name: 'suspend',
  summary: 'Take keys out of use until they are resumed.',
  rights: { keys: 'suspend' },
  targets: ({ keyIds }: Keys) => ({
    keys: keyTargets(keyIds, { states: ['active', 'suspended'], unbound: true, userOwned: true }),
  }),
  prepare: nothing,
  decide: ({ at }) => ({ result: undefined, effects: move(at.keys, { suspended: true }) }),
})

export const deactivate = change({
  name: 'deactivate',
  summary: 'End protection for good reason: the key only processes what it protected.',
  rights: { key: 'deactivate' },
  targets: ({ keyId }: One) => ({
    key: keyTarget(keyId, { states: ['active', 'suspended', 'deactivated'], unbound: true, userOwned: true }),
  }),
  prepare: nothing,
  decide: ({ at }) => ({ result: undefined, effects: move([at.key], { deactivated: true, suspended: false }) }),
})

export const reactivate = change({
  name: 'reactivate',
  summary: 'Return a deactivated key to use.',
  rights: { key: 'reactivate' },
  targets: ({ keyId }: One) => ({ key: keyTarget(keyId, { states: ['deactivated'], userOwned: true }) }),
  prepare: nothing,
  decide: ({ at }) => ({ result: undefined, effects: move([at.key], { deactivated: false }) }),
})

export const returnToUse = change({
  name: 'returnToUse',
  summary: 'Return a key to use, whether it was suspended or deactivated.',
  rights: { key: 'resume' },
  rightsIn: { key: { deactivated: 'reactivate' } },
  targets: ({ keyId }: One) => ({ key: keyTarget(keyId, { states: ['suspended', 'deactivated'] }) }),
  prepare: nothing,
  decide: ({ at }) => ({
    result: undefined,
    effects: move([at.key], { suspended: false, deactivated: false }),
  }),
})

export const scheduleDestruction = change({
  name: 'scheduleDestruction',
  summary: 'Plan the destruction of a key; until then it can be cancelled.',
  rights: { key: 'scheduleDestruction' },
  targets: ({ keyId }: One & { days: number }) => ({
    key: keyTarget(keyId, {
      states: beforeDestruction,
      unbound: true,
      userOwned: true,
    }),
  }),
  prepare: nothing,
  decide({ at, now }, { days }) {
    const { key } = at.key
    // The others follow it, and would have nobody to follow: first another one becomes the primary.
    if (key.copies && isPrimary(key)) return refuse({ reason: 'objectInUse' })
    const destroyAt = now + days * dayMs
    return { result: { keyId: at.key.key.id, destroyAt }, effects: move([at.key], { destroyAt }) }
  },
})

export const cancelDestruction = change({
  name: 'cancelDestruction',
  summary: 'Keep a key whose destruction was planned; it comes back suspended.',
  rights: { key: 'cancelDestruction' },
  targets: ({ keyId }: One) => ({
    key: keyTarget(keyId, { states: ['destructionScheduled'] }),
  }),
  prepare: nothing,
  decide({ at, now }) {
    const { key } = at.key
    // Both clouds bring it back disabled, whatever it was before; an archive mark is dropped with it.
    const kept = { destroyAt: null, suspended: true, deactivated: false }
    const state = stateOf({ ...key, ...kept }, now)
    return { result: { keyId: key.id, state }, effects: move([at.key], kept) }
  },
})

/** What else knows of a key: its store counts it, and its copies name its region. */
const around = async (view: View, key: Key) => ({
  store: await storeOf(view, key),
  copies: await rowsOfCopies(view, key),
})

const tooEarly = (state: Found['state']): Failure => ({ reason: 'wrongKeyLifecycleState', kind: 'key', state })

/**
 * The system's own, irreversible. `Store.due` has seen the date passed by the wall clock, by the store's clock and for
 * an hour of running time; the state is asked once more here, on the row that is dropped.
 */
export const destroy = change({
  name: 'destroy',
  summary: 'Remove a key and all its material, and leave a tombstone.',
  rights: { key: 'destroy' },
  targets: ({ keyId }: One) => ({ key: keyTarget(keyId) }),
  prepare: ({ at, view }) => around(view, at.key.key),
  refresh: ({ at, view }) => around(view, at.key.key),
  decide({ at, now }, _request, { store, copies }) {
    const { key, state } = at.key
    if (state !== 'destroyed') return refuse(tooEarly(state))
    const { id, account, region, lineage } = key
    const tombstone = { kind: 'key', id, account, region, lineage, destroyedAt: now } as const
    const left = key.copies && copiesWithout(key.copies, region)
    const effects: Effect[] = [{ drop: key, tombstone, release: keyName(key) }, ...putAll(copies, { copies: left })]
    return { result: undefined, effects: [...effects, ...countedIn(store, -1)] }
  },
})
