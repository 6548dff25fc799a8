/** From what a caller wrote to the rows, and from the rows to every reason to refuse. */
import { actingIn, type Caller, policiesOf } from './access/caller.ts'
import { permits, type Resource } from './access/policy.ts'
import type { Right } from './access/right.ts'
import { uuidFromBytes } from './bytes.ts'
import type { Failure } from './failure.ts'
import type { House } from './house.ts'
import { type Instant, type Key, type Place, type Snapshot, type Tags, userOwner } from './object.ts'
import type {
  CollectionTarget,
  Found,
  KeyTarget,
  ObjectTarget,
  Ref,
  Target,
  Targets,
  Whereabouts,
} from './operation.ts'
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

/** What an action says of one target of its operation. */
export interface Aim {
  readonly right: Right
  /** This cloud's permission word. */
  readonly word: string
  /** The states that the action leaves of the operation's own. */
  readonly narrow: readonly State[] | undefined
  readonly requestTags: Tags | undefined
}

export interface Resolved {
  readonly at: Record<string, unknown>
  readonly keys: readonly Found[]
  /** Rows of other targets than keys. */
  readonly objects: readonly Snapshot[]
  readonly failures: readonly Failure[]
}

/** A key keeps its id as lineage from birth, so a ciphertext leads to its key by the id that its lineage spells. */
const idOf = (ref: Ref): string => ('id' in ref ? ref.id : uuidFromBytes(ref.lineage))

const isThere = (key: Key, { region, creator = key.creator }: Whereabouts): boolean =>
  key.region === region && key.creator === creator

const seen = ({ caller, now, region }: Asked, { ref, where = {} }: KeyTarget, key: Key): Found | undefined => {
  const account = actingIn(caller).find(({ id }) => id === key.account)
  const own = account !== undefined && isThere(key, { region, ...where })
  const state = stateOf(key, now)
  // A key whose destruction date has passed is gone for every caller, whether or not it was destroyed yet.
  if (caller.reach !== 'everything' && (!own || state === 'destroyed')) return undefined
  return {
    key,
    account: account ?? caller.account,
    state,
    version: 'version' in ref ? ref.version : key.primaryVersion,
  }
}

const find = async (asked: Asked, target: KeyTarget): Promise<Found | undefined> => {
  const row = asked.view.get('key', idOf(target.ref))
  // Nearly always at hand; only a row that has to be loaded is waited for.
  const key = row instanceof Promise ? await row : row
  return key && seen(asked, target, key)
}

/** The caller's permissions, read once for all targets. */
type Allowed = (aim: Aim, resource: Resource, entrusted?: boolean) => boolean

const allowedFor = async ({ house, caller, view, now }: Asked): Promise<Allowed> => {
  if (caller.reach === 'everything') return () => true
  const policies = await policiesOf(view, caller.principal)
  if (!policies) return () => false
  const bound = caller.session?.policy
  // Whoever acts for another account was let do so when the caller was made.
  return ({ right, word, requestTags }, resource, entrusted = caller.acting !== undefined) => {
    const asked = { caller, right, word, resource, entrusted, now, ...(requestTags ? { requestTags } : {}) }
    return permits(asked, policies, house.languages, bound)
  }
}

export const resourceOf = ({ kind, account, region, creator, id, tags }: Key): Resource => {
  const resource = { kind, account, region, creator, id }
  return tags.size === 0 ? resource : { ...resource, tags }
}

/** Every reason to refuse the target, not the first: the clouds check in different orders. */
const judgeKey = (target: KeyTarget, found: Found | undefined, aim: Aim, allowed: Allowed): Failure[] => {
  if (!found) return target.optional ? [] : [{ reason: 'objectNotFound', kind: 'key' }]
  const { key, state } = found
  const failures: Failure[] = []
  if (!allowed(aim, resourceOf(key))) failures.push({ reason: 'permissionDenied' })
  if (target.usage && key.usage !== target.usage) failures.push({ reason: 'incompatibleCryptographicUsageMask' })
  if (target.origin && key.origin !== target.origin)
    failures.push({ reason: target.origin === 'imported' ? 'notImported' : 'notGenerated' })
  const stateAllowed = (target.states?.includes(state) ?? true) && (aim.narrow?.includes(state) ?? true)
  if (!stateAllowed) failures.push({ reason: 'wrongKeyLifecycleState', state })
  if (target.userOwned && key.owner !== userOwner) failures.push({ reason: 'notUserOwned' })
  if (target.unbound && key.bindings > 0) failures.push({ reason: 'objectInUse' })
  return failures
}

const isCollection = (target: Target): target is CollectionTarget => 'in' in target
const isObject = (target: Target): target is ObjectTarget => 'kind' in target && 'id' in target
const isMany = (target: Targets[string]): target is readonly KeyTarget[] | readonly CollectionTarget[] =>
  Array.isArray(target)

const judgeCollection = ({ caller }: Asked, target: CollectionTarget, aim: Aim, allowed: Allowed): Failure[] => {
  const { account, region } = target.in
  const accounts = caller.acting?.map(({ id }) => id) ?? [account]
  const lets = accounts.every((one) => allowed(aim, { kind: target.kind, account: one, region, creator: '', id: '*' }))
  return lets ? [] : [{ reason: 'permissionDenied' }]
}

/** What policies call it: a principal that is a role, by its name too. */
const resourceOfRow = (row: Snapshot): Resource => {
  const resource = { kind: row.kind, account: row.account, region: '', creator: '', id: row.id }
  return row.kind === 'principal' && row.role ? { ...resource, kind: 'role', name: row.name } : resource
}

const judgeObject = (
  { kind, entrusts }: ObjectTarget,
  row: Snapshot | undefined,
  aim: Aim,
  allowed: Allowed,
  caller: Caller,
): Failure[] => {
  if (!row) return [{ reason: 'objectNotFound', kind }]
  const entrusted = entrusts?.(row, caller)
  const lets = entrusted !== false && allowed(aim, resourceOfRow(row), entrusted)
  return lets ? [] : [{ reason: 'permissionDenied' }]
}

/** Finds and judges every target. Refused or not, `keys` says which keys were found, for the record. */
export const resolve = async (asked: Asked, targets: Targets, aims: (target: string) => Aim): Promise<Resolved> => {
  const allowed = await allowedFor(asked)
  const at: Record<string, unknown> = {}
  const keys: Found[] = []
  const objects: Snapshot[] = []
  const failures: Failure[] = []

  const resolveKey = async (target: KeyTarget, aim: Aim): Promise<Found | undefined> => {
    const found = await find(asked, target)
    failures.push(...judgeKey(target, found, aim, allowed))
    if (found) keys.push(found)
    return found
  }
  const resolveCollection = (target: CollectionTarget, aim: Aim): Place => {
    failures.push(...judgeCollection(asked, target, aim, allowed))
    return target.in
  }
  const resolveMany = async (many: readonly (KeyTarget | CollectionTarget)[], aim: Aim): Promise<unknown[]> => {
    const founds: unknown[] = []
    for (const target of many) {
      const found = isCollection(target) ? resolveCollection(target, aim) : await resolveKey(target, aim)
      if (found) founds.push(found)
    }
    return founds
  }
  const resolveObject = async (target: ObjectTarget, aim: Aim): Promise<Snapshot | undefined> => {
    const row = await asked.view.get(target.kind, target.id)
    failures.push(...judgeObject(target, row, aim, allowed, asked.caller))
    if (row) objects.push(row)
    return row
  }

  for (const name in targets) {
    const target = targets[name]
    if (!target) continue
    const aim = aims(name)
    if (isMany(target)) at[name] = await resolveMany(target, aim)
    else if (isCollection(target)) at[name] = resolveCollection(target, aim)
    else at[name] = isObject(target) ? await resolveObject(target, aim) : await resolveKey(target, aim)
  }
  return { at, keys, objects, failures }
}

/** A refusal never rests on a cached row: the second look reads past the cache. */
export const past = (view: View): View => ({ get: (kind, id) => view.reload(kind, id), reload: view.reload.bind(view) })
