/** From what a caller wrote to the rows, and from the rows to every reason to refuse. */
import { algorithmOf } from '../crypto/algorithms.ts'
import { actingIn, type Caller, isOwn, policiesOf } from './access/caller.ts'
import { isGranted } from './access/grant.ts'
import { permits, type Question, type RequestFacts, type Resource } from './access/policy.ts'
import type { Right } from './access/right.ts'
import { onceAtHand } from './at-hand.ts'
import type { Failure } from './failure.ts'
import { type Asked, findKey, findManaged } from './find.ts'
import { type Key, type ManagedKind, type Place, type Policy, type Snapshot, type Tags, userOwner } from './object.ts'
import type {
  ActedOn,
  CollectionTarget,
  Found,
  FoundManaged,
  KeyTarget,
  ManagedTarget,
  ObjectTarget,
  RightIn,
  Target,
  Targets,
} from './operation.ts'
import type { View } from './ports.ts'
import type { State } from './state.ts'

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

/** The caller's permissions, read once for all targets. */
type Allowed = (aim: Aim, resource: Resource, by?: { entrusted?: boolean; granted?: boolean }) => boolean

const everything: Allowed = () => true
const nothing: Allowed = () => false

const allowedBy =
  ({ house, caller, now }: Asked, policies: readonly Policy[]): Allowed =>
  ({ right, word, requestTags, facts }, resource, { entrusted, granted = false } = {}) => {
    // Whoever acts for another account was let do so when the caller was made: for that one, and not for who lends a key.
    const actsFor = caller.acting?.some(({ id }) => id === resource.account) ?? false
    const by = { entrusted: entrusted ?? actsFor, granted }
    const asked: Question = { caller, right, word, resource, ...by, now, requestTags, request: facts }
    return permits(asked, policies, house.languages, caller.session?.policy)
  }

const noPolicies: readonly Policy[] = []

const allowedFor = (asked: Asked): Allowed | Promise<Allowed> => {
  const { caller, view } = asked
  if (caller.reach === 'everything') return everything
  if (caller.principal.policies.length === 0) return allowedBy(asked, noPolicies)
  return onceAtHand(policiesOf(view, caller.principal), (policies) => (policies ? allowedBy(asked, policies) : nothing))
}

export const resourceOf = (row: Snapshot<ManagedKind>): Resource => ({
  kind: row.kind,
  account: row.account,
  region: row.region,
  creator: row.creator,
  id: row.id,
  tags: row.tags.size === 0 ? undefined : row.tags,
  key: row.kind === 'key' ? row : undefined,
})

type StatesOf = Pick<ManagedTarget, 'states'>

const judgeState = (
  { states }: StatesOf,
  kind: ManagedKind,
  state: State,
  { narrow }: Aim,
  failures: Failure[],
): void => {
  const isLet = (states?.includes(state) ?? true) && (narrow?.includes(state) ?? true)
  if (!isLet) failures.push({ reason: 'wrongKeyLifecycleState', kind, state })
}

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
const judgeKey = (target: KeyTarget, { key, state }: Found, aim: Aim, failures: Failure[]): void => {
  if (!isFor(target, key)) failures.push(misused(key))
  if (target.origin && key.origin !== target.origin)
    failures.push({ reason: target.origin === 'imported' ? 'notImported' : 'notGenerated' })
  judgeState(target, 'key', state, aim, failures)
  if ((target.userOwned || aim.userOwned) && key.owner !== userOwner) failures.push({ reason: 'notUserOwned' })
  if (target.unbound && key.bindings > 0) failures.push({ reason: 'objectInUse' })
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

/** Finds and judges targets one after the other. Rows are nearly always at hand, and then nothing is waited for. */
class Resolving implements Resolved {
  readonly at: Record<string, unknown> = {}
  readonly keys: Found[] = []
  readonly objects: Snapshot[] = []
  readonly failures: Failure[] = []
  readonly #asked: Asked
  readonly #allowed: Allowed

  constructor(asked: Asked, allowed: Allowed) {
    this.#asked = asked
    this.#allowed = allowed
  }

  /** Those that are named, from the one at `next` on. */
  all(
    targets: Targets,
    aims: (target: string) => Aim,
    names: readonly string[],
    next = 0,
  ): Resolved | Promise<Resolved> {
    for (let each = next; each < names.length; each++) {
      const name = names[each] as string
      const found = this.#found(targets[name] as Targets[string], aims(name))
      if (found instanceof Promise)
        return found.then((row) => {
          this.at[name] = row
          return this.all(targets, aims, names, each + 1)
        })
      this.at[name] = found
    }
    return this
  }

  #found(target: Targets[string], aim: Aim): unknown {
    if (isMany(target)) return this.#many(target, aim)
    return isObject(target) ? this.#object(target, aim) : this.#one(target, aim)
  }

  #one(target: ActedOn | CollectionTarget, aim: Aim): unknown {
    if (isCollection(target)) return this.#collection(target, aim)
    return isManaged(target) ? this.#managed(target, aim) : this.#key(target, aim)
  }

  async #many(many: readonly (ActedOn | CollectionTarget)[], aim: Aim): Promise<unknown[]> {
    const founds: unknown[] = []
    for (const target of many) {
      const found = await this.#one(target, aim)
      if (found) founds.push(found)
    }
    return founds
  }

  #key(target: KeyTarget, aim: Aim): Found | undefined | Promise<Found | undefined> {
    return onceAtHand(findKey(this.#asked, target), (found) => {
      if (typeof found === 'string') return this.#notFound(found, target)
      const by = rightTo(found, withAlias(target, aim), this.#allowed, this.#asked.caller)
      if (by === 'none') this.failures.push(withoutRight(found, this.#asked.caller))
      judgeKey(target, found, aim, this.failures)
      this.keys.push(found)
      const judged = by === 'granted' ? { ...found, granted: true as const } : found
      const { keyStore } = found.key
      return keyStore === null || !target.usage ? judged : this.#inStore(keyStore, judged)
    })
  }

  /** Cryptography needs the key's store in use. */
  async #inStore(id: string, found: Found): Promise<Found> {
    const store = await this.#asked.view.get('keyStore', id)
    if (!store || store.suspended) this.failures.push({ reason: 'keyStoreUnavailable' })
    return found
  }

  #managed(target: ManagedTarget, aim: Aim): FoundManaged | undefined | Promise<FoundManaged | undefined> {
    const { managed: kind, id, where } = target
    return onceAtHand(findManaged(this.#asked, kind, id, where), (found) => {
      if (!found) return this.#notFound(kind, target)
      this.failures.push(...judgeRight(found.row, aim, this.#allowed))
      judgeState(target, kind, found.state, aim, this.failures)
      this.objects.push(found.row)
      return found
    })
  }

  #object(target: ObjectTarget, aim: Aim): Snapshot | undefined | Promise<Snapshot | undefined> {
    return onceAtHand(this.#asked.view.get(target.kind, target.id), (row) => {
      this.failures.push(...judgeObject(target, row, aim, this.#allowed, this.#asked))
      if (row) this.objects.push(row)
      return row
    })
  }

  #collection(target: CollectionTarget, aim: Aim): Place {
    this.failures.push(...judgeCollection(this.#asked, target, aim, this.#allowed))
    return target.in
  }

  #notFound(kind: ManagedKind, { optional }: ActedOn): undefined {
    if (!optional) this.failures.push({ reason: 'objectNotFound', kind })
  }
}

/** Finds and judges every target. Refused or not, `keys` says which keys were found, for the record. */
export const resolve = (asked: Asked, targets: Targets, aims: (target: string) => Aim): Resolved | Promise<Resolved> =>
  onceAtHand(allowedFor(asked), (allowed) => new Resolving(asked, allowed).all(targets, aims, Object.keys(targets)))

/** A refusal never rests on a cached row: the second look reads past the cache. */
export const past = (view: View): View => ({ get: (kind, id) => view.reload(kind, id), reload: view.reload.bind(view) })
