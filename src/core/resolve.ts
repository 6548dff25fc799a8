/** From what a caller wrote to the rows, and from the rows to every reason to refuse. */
import type { Caller } from './access/caller.ts'
import { policiesOf } from './access/caller.ts'
import { permits, type Resource } from './access/policy.ts'
import type { Right } from './access/right.ts'
import { uuidFromBytes } from './bytes.ts'
import type { Failure } from './failure.ts'
import type { House } from './house.ts'
import type { Instant, Key } from './object.ts'
import type { CollectionTarget, Found, KeyTarget, Ref, Targets } from './operation.ts'
import type { View } from './ports.ts'
import { type State, stateOf } from './state.ts'

export interface Asked {
  readonly house: House
  readonly caller: Caller
  readonly view: View
  readonly now: Instant
  /** The region that the caller speaks to; keys of another one do not exist for it. */
  readonly region: string
}

export interface Resolved {
  readonly at: Record<string, unknown>
  readonly keys: readonly Found[]
  readonly failures: readonly Failure[]
}

/** A key keeps its id as lineage from birth, so a ciphertext leads to its key by the id that its lineage spells. */
const idOf = (ref: Ref): string => ('id' in ref ? ref.id : uuidFromBytes(ref.lineage))

const find = async ({ caller, view, now, region }: Asked, ref: Ref): Promise<Found | undefined> => {
  const key = await view.get('key', idOf(ref))
  if (!key) return undefined
  const own = key.account === caller.account.id && key.region === region
  const state = stateOf(key, now)
  // A key whose destruction date has passed is gone for every caller, whether or not it was destroyed yet.
  if (caller.reach !== 'everything' && (!own || state === 'destroyed')) return undefined
  return { key, state, version: 'version' in ref ? ref.version : key.primaryVersion }
}

const allowed = async ({ house, caller, view }: Asked, right: Right, resource: Resource): Promise<boolean> => {
  if (caller.reach === 'everything') return true
  const policies = await policiesOf(view, caller.principal)
  return policies !== undefined && permits(caller.principal, policies, house.languages, right, resource)
}

const resourceOf = (key: Key): Resource => ({
  kind: 'key',
  account: key.account,
  region: key.region,
  creator: key.creator,
  id: key.id,
})

/** Every reason to refuse the target, not the first: the clouds check in different orders. */
const judge = async (
  asked: Asked,
  target: KeyTarget,
  found: Found | undefined,
  narrow: readonly State[] | undefined,
): Promise<Failure[]> => {
  if (!found) return [{ reason: 'objectNotFound', kind: 'key' }]
  const { key, state } = found
  const failures: Failure[] = []
  if (!(await allowed(asked, target.right, resourceOf(key)))) failures.push({ reason: 'permissionDenied' })
  if (target.usage && key.usage !== target.usage) failures.push({ reason: 'incompatibleCryptographicUsageMask' })
  if (target.origin && key.origin !== target.origin) failures.push({ reason: 'notImported' })
  const stateAllowed = (target.states?.includes(state) ?? true) && (narrow?.includes(state) ?? true)
  if (!stateAllowed) failures.push({ reason: 'wrongKeyLifecycleState', state })
  return failures
}

const isCollection = (target: Targets[string]): target is CollectionTarget => 'in' in target

const resolveCollection = async (asked: Asked, target: CollectionTarget): Promise<Failure[]> => {
  const { account, region } = target.in
  const resource = { kind: target.kind, account, region, creator: '', id: '*' }
  return (await allowed(asked, target.right, resource)) ? [] : [{ reason: 'permissionDenied' }]
}

/** Finds and judges every target. Refused or not, `keys` says which keys were found, for the record. */
export const resolve = async (
  asked: Asked,
  targets: Targets,
  narrow: Readonly<Record<string, readonly State[] | undefined>>,
): Promise<Resolved> => {
  const at: Record<string, unknown> = {}
  const keys: Found[] = []
  const failures: Failure[] = []
  for (const name in targets) {
    const target = targets[name]
    if (!target) continue
    if (isCollection(target)) {
      failures.push(...(await resolveCollection(asked, target)))
      at[name] = target.in
      continue
    }
    const many = Array.isArray(target)
    const founds: Found[] = []
    for (const one of many ? (target as readonly KeyTarget[]) : [target as KeyTarget]) {
      const found = await find(asked, one.ref)
      failures.push(...(await judge(asked, one, found, narrow[name])))
      if (found) founds.push(found)
    }
    keys.push(...founds)
    at[name] = many ? founds : founds[0]
  }
  return { at, keys, failures }
}

/** A refusal never rests on a cached row: the second look reads past the cache. */
export const past = (view: View): View => ({ get: (kind, id) => view.reload(kind, id), reload: view.reload.bind(view) })
