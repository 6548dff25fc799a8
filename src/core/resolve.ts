/** From what a caller wrote to the rows, and from the rows to every reason to refuse. */
import { algorithmOf } from '../crypto/algorithms.ts'
import { actingIn, type Caller, isOwn, policiesOf } from './access/caller.ts'
import { isGranted, isNamedIn } from './access/grant.ts'
import { permits, type RequestFacts, type Resource } from './access/policy.ts'
import type { Right } from './access/right.ts'
import { uuidFromBytes } from './bytes.ts'
import { copyIdIn } from './copies.ts'
import type { Failure } from './failure.ts'
import type { House } from './house.ts'
import { type AliasRef, aliasId } from './key-name.ts'
import { type Instant, type Key, type ManagedKind, type Place, type Snapshot, type Tags, userOwner } from './object.ts'
import type {
  ActedOn,
  CollectionTarget,
  Found,
  FoundManaged,
  KeyTarget,
  ManagedTarget,
  ObjectTarget,
  Ref,
  RightIn,
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
  /** What is needed instead where a key is found in such a state. */
  readonly rightIn: RightIn | undefined
  /** This cloud's permission word. */
  readonly word: string
  /** The states that the action leaves of the operation's own. */
  readonly narrow: readonly State[] | undefined
  /** Whether the action keeps its hands off what a product owns. */
  readonly userOwned: boolean
  readonly requestTags: Tags | undefined
  readonly facts: RequestFacts | undefined
}

export interface Resolved {
  readonly at: Record<string, unknown>
  readonly keys: readonly Found[]
  /** Rows of other targets than keys. */
  readonly objects: readonly Snapshot[]
  readonly failures: readonly Failure[]
}

/** A key keeps its id as lineage from birth, so a ciphertext leads to its key by the id that its lineage spells. */
const idOf = (ref: Exclude<Ref, { protects: string } | AliasRef>): string =>
  'id' in ref ? ref.id : uuidFromBytes(ref.lineage)

const isThere = (row: Snapshot<ManagedKind>, { region, creator = row.creator }: Whereabouts): boolean =>
  row.region === region && row.creator === creator

const seen = <K extends ManagedKind>(
  { caller, now, region }: Asked,
  row: Snapshot<K>,
  where: Whereabouts = {},
): FoundManaged<K> | undefined => {
  const account = actingIn(caller).find(({ id }) => id === row.account)
  const own = account !== undefined && isThere(row, { region, ...where })
  const state = stateOf(row, now)
  // What has passed its destruction date is gone for every caller, whether or not it was destroyed yet.
  if (caller.reach !== 'everything' && (!own || state === 'destroyed')) return undefined
  return { row, account: account ?? caller.account, state }
}

/** Nearly always at hand, and then nothing is waited for. */
const findManaged = <K extends ManagedKind>(
  asked: Asked,
  kind: K,
  id: string,
  where?: Whereabouts,
): FoundManaged<K> | undefined | Promise<FoundManaged<K> | undefined> => {
  const row = asked.view.get(kind, id)
  if (row instanceof Promise) return row.then((loaded) => loaded && seen(asked, loaded, where))
  return row && seen(asked, row, where)
}

const keyOf = ({ row: key, account, state }: FoundManaged<'key'>, version = key.primaryVersion): Found => ({
  key,
  account,
  state,
  version,
})

/** The key that protects a data key, or the kind of what is not there. */
const findProtector = async (asked: Asked, dataKeyId: string, where?: Whereabouts): Promise<Found | ManagedKind> => {
  const dataKey = await findManaged(asked, 'dataKey', dataKeyId)
  if (!dataKey) return 'dataKey'
  const found = await findManaged(asked, 'key', dataKey.row.key, where)
  return found ? keyOf(found, dataKey.row.keyVersion) : 'key'
}

type FoundKey = Found | ManagedKind

/** A key of another account, where it is lent to the caller. */
const lentKey = async (asked: Asked, key: Key, where: Whereabouts = {}, version?: number): Promise<FoundKey> => {
  const { region, now, view } = asked
  const state = stateOf(key, now)
  if (state === 'destroyed' || !isThere(key, { region, ...where })) return 'key'
  const account = await view.get('account', key.account)
  return account ? keyOf({ row: key, account, state }, version) : 'key'
}

/** The key that an alias names. One that is said to be elsewhere is not looked for. */
const findAliased = async (
  asked: Asked,
  ref: AliasRef & { readonly version?: number },
  where: Whereabouts = {},
): Promise<FoundKey> => {
  const { caller, house, region, view } = asked
  const { alias, place, version } = ref
  if (place) {
    const names = Object.values(house.regions.find(({ id }) => id === region)?.names ?? {})
    const isHere = names.includes(place.region) && Object.values(caller.account.external).includes(place.account)
    if (!isHere) return 'key'
  }
  const named = await view.get('alias', aliasId(caller.account.id, region, alias))
  if (!named) return 'key'
  return findKey(asked, { ref: version === undefined ? { id: named.key } : { id: named.key, version }, where })
}

/** The key, or the kind of what is not there. */
const findKey = (asked: Asked, { ref, where }: KeyTarget): FoundKey | Promise<FoundKey> => {
  if ('protects' in ref) return findProtector(asked, ref.protects, where)
  if ('alias' in ref) return findAliased(asked, ref, where)
  const { version } = ref
  const found = (row: Key | undefined): FoundKey | Promise<FoundKey> => {
    if (!row) return 'key'
    const own = seen<'key'>(asked, row, where)
    if (own) return keyOf(own, version)
    const lent = row.account !== asked.caller.account.id && isNamedIn(row, asked.caller)
    return lent ? lentKey(asked, row, where, version) : 'key'
  }
  const row = asked.view.get('key', idOf(ref))
  const here = (born: Key | undefined) =>
    'id' in ref || born?.region === asked.region ? found(born) : copyHere(asked, ref.lineage).then(found)
  return row instanceof Promise ? row.then(here) : here(row)
}

/** A ciphertext names the key that was born with its lineage; in another region a copy of that one may open it. */
const copyHere = async ({ view, region }: Asked, lineage: string) => view.get('key', copyIdIn(lineage, region))

/** The caller's permissions, read once for all targets. */
type Allowed = (aim: Aim, resource: Resource, by?: { entrusted?: boolean; granted?: boolean }) => boolean

const allowedFor = async ({ house, caller, view, now }: Asked): Promise<Allowed> => {
  if (caller.reach === 'everything') return () => true
  const policies = caller.principal.policies.length === 0 ? [] : await policiesOf(view, caller.principal)
  if (!policies) return () => false
  const bound = caller.session?.policy
  // Whoever acts for another account was let do so when the caller was made: for that one, and not for who lends a key.
  const actsFor = ({ account }: Resource) => caller.acting?.some(({ id }) => id === account) ?? false
  return ({ right, word, requestTags, facts }, resource, { entrusted = actsFor(resource), granted = false } = {}) => {
    const brought = { ...(requestTags ? { requestTags } : {}), ...(facts ? { request: facts } : {}) }
    const asked = { caller, right, word, resource, entrusted, granted, now, ...brought }
    return permits(asked, policies, house.languages, bound)
  }
}

export const resourceOf = (row: Snapshot<ManagedKind>): Resource => {
  const { kind, account, region, creator, id, tags } = row
  const resource = { kind, account, region, creator, id, ...(tags.size === 0 ? {} : { tags }) }
  return row.kind === 'key' ? { ...resource, key: row } : resource
}

type StatesOf = Pick<ManagedTarget, 'states'>

const judgeState = ({ states }: StatesOf, kind: ManagedKind, state: State, { narrow }: Aim): Failure[] =>
  (states?.includes(state) ?? true) && (narrow?.includes(state) ?? true)
    ? []
    : [{ reason: 'wrongKeyLifecycleState', kind, state }]

const judgeRight = (row: Snapshot<ManagedKind>, aim: Aim, allowed: Allowed): Failure[] =>
  allowed(aim, resourceOf(row)) ? [] : [{ reason: 'permissionDenied' }]

const isFor = ({ usage, families }: KeyTarget, key: Key): boolean =>
  (!usage || key.usage === usage) && (!families || families.includes(algorithmOf(key.algorithm).family))

/** By the caller's policies, or by a grant of the key. */
const rightTo = ({ key, state }: Found, asked: Aim, allowed: Allowed, caller: Caller): 'own' | 'granted' | 'none' => {
  const right = asked.rightIn?.[state]
  const aim = right ? { ...asked, right } : asked
  if (allowed(aim, resourceOf(key))) return 'own'
  if (key.grants.length === 0 || !isGranted(key, caller, aim)) return 'none'
  return allowed(aim, resourceOf(key), { granted: true }) ? 'granted' : 'none'
}

/** Whoever was lent a key of another account knows that it is there, and is told that it is not the own one. */
const withoutRight = ({ account }: Found, caller: Caller): Failure =>
  actingIn(caller).some(({ id }) => id === account.id) ? { reason: 'permissionDenied' } : { reason: 'foreignAccount' }

/** The refusal of a key that is for something else. */
export const misused = ({ usage, algorithm }: Pick<Key, 'usage' | 'algorithm'>): Failure => ({
  reason: 'incompatibleCryptographicUsageMask',
  usage,
  family: algorithmOf(algorithm).family,
})

/** Every other reason to refuse the target, not the first: the clouds check in different orders. */
const judgeKey = (target: KeyTarget, { key, state }: Found, aim: Aim): Failure[] => {
  const failures: Failure[] = []
  if (!isFor(target, key)) failures.push(misused(key))
  if (target.origin && key.origin !== target.origin)
    failures.push({ reason: target.origin === 'imported' ? 'notImported' : 'notGenerated' })
  failures.push(...judgeState(target, 'key', state, aim))
  if ((target.userOwned || aim.userOwned) && key.owner !== userOwner) failures.push({ reason: 'notUserOwned' })
  if (target.unbound && key.bindings > 0) failures.push({ reason: 'objectInUse' })
  return failures
}

/** Cryptography needs the key's store in use. */
const judgeStore = async (id: string, { view }: Asked): Promise<Failure[]> => {
  const store = await view.get('keyStore', id)
  return store && !store.suspended ? [] : [{ reason: 'keyStoreUnavailable' }]
}

const isCollection = (target: Target): target is CollectionTarget => 'in' in target
const isObject = (target: Target): target is ObjectTarget => 'kind' in target && 'id' in target
const isManaged = (target: Target): target is ManagedTarget => 'managed' in target
const isMany = (target: Targets[string]): target is readonly ActedOn[] | readonly CollectionTarget[] =>
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

/** What is in a place is found from that place only, and by nobody of another account. */
const isLocated = (row: Snapshot, { caller, region }: Asked): boolean =>
  !('region' in row) ||
  caller.reach === 'everything' ||
  (row.region === region && actingIn(caller).some(({ id }) => id === row.account))

const judgeObject = (
  { kind, entrusts, own }: ObjectTarget,
  row: Snapshot | undefined,
  aim: Aim,
  allowed: Allowed,
  asked: Asked,
): Failure[] => {
  if (!row || !isLocated(row, asked)) return [{ reason: 'objectNotFound', kind }]
  const { caller } = asked
  const entrusted = entrusts?.(row, caller)
  const granted = own === true && isOwn(row, caller)
  const by = entrusted === undefined ? { granted } : { entrusted, granted }
  const lets = entrusted !== false && allowed(aim, resourceOfRow(row), by)
  return lets ? [] : [{ reason: 'permissionDenied' }]
}

/** Policies may ask by which alias a key was named. */
const withAlias = ({ ref }: KeyTarget, aim: Aim): Aim =>
  'alias' in ref ? { ...aim, facts: { ...aim.facts, aliases: [...(aim.facts?.aliases ?? []), ref.alias] } } : aim

/** Finds and judges every target. Refused or not, `keys` says which keys were found, for the record. */
export const resolve = async (asked: Asked, targets: Targets, aims: (target: string) => Aim): Promise<Resolved> => {
  const allowed = await allowedFor(asked)
  const at: Record<string, unknown> = {}
  const keys: Found[] = []
  const objects: Snapshot[] = []
  const failures: Failure[] = []

  const notFound = (kind: ManagedKind, { optional }: ActedOn): undefined => {
    if (!optional) failures.push({ reason: 'objectNotFound', kind })
  }
  const resolveKey = async (target: KeyTarget, aim: Aim): Promise<Found | undefined> => {
    const sought = findKey(asked, target)
    const found = sought instanceof Promise ? await sought : sought
    if (typeof found === 'string') return notFound(found, target)
    const by = rightTo(found, withAlias(target, aim), allowed, asked.caller)
    if (by === 'none') failures.push(withoutRight(found, asked.caller))
    failures.push(...judgeKey(target, found, aim))
    if (found.key.keyStore !== null && target.usage) failures.push(...(await judgeStore(found.key.keyStore, asked)))
    keys.push(found)
    return by === 'granted' ? { ...found, granted: true } : found
  }
  const resolveManaged = async (target: ManagedTarget, aim: Aim): Promise<FoundManaged | undefined> => {
    const { managed: kind, id, where } = target
    const found = await findManaged(asked, kind, id, where)
    if (!found) return notFound(kind, target)
    failures.push(...judgeRight(found.row, aim, allowed), ...judgeState(target, kind, found.state, aim))
    objects.push(found.row)
    return found
  }
  const resolveCollection = (target: CollectionTarget, aim: Aim): Place => {
    failures.push(...judgeCollection(asked, target, aim, allowed))
    return target.in
  }
  const resolveOne = (target: ActedOn | CollectionTarget, aim: Aim): unknown => {
    if (isCollection(target)) return resolveCollection(target, aim)
    return isManaged(target) ? resolveManaged(target, aim) : resolveKey(target, aim)
  }
  const resolveMany = async (many: readonly (ActedOn | CollectionTarget)[], aim: Aim): Promise<unknown[]> => {
    const founds: unknown[] = []
    for (const target of many) {
      const found = await resolveOne(target, aim)
      if (found) founds.push(found)
    }
    return founds
  }
  const resolveObject = async (target: ObjectTarget, aim: Aim): Promise<Snapshot | undefined> => {
    const row = await asked.view.get(target.kind, target.id)
    failures.push(...judgeObject(target, row, aim, allowed, asked))
    if (row) objects.push(row)
    return row
  }

  for (const name in targets) {
    const target = targets[name]
    if (!target) continue
    const aim = aims(name)
    if (isMany(target)) at[name] = await resolveMany(target, aim)
    else at[name] = await (isObject(target) ? resolveObject(target, aim) : resolveOne(target, aim))
  }
  return { at, keys, objects, failures }
}

/** A refusal never rests on a cached row: the second look reads past the cache. */
export const past = (view: View): View => ({ get: (kind, id) => view.reload(kind, id), reload: view.reload.bind(view) })
