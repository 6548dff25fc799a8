/** From what a caller wrote to the rows that the caller can see. */
import { actingIn, type Caller } from './access/caller.ts'
import { isNamedIn } from './access/grant.ts'
import { uuidFromBytes } from './bytes.ts'
import { copyIdIn } from './copies.ts'
import type { House } from './house.ts'
import { type AliasRef, aliasId } from './key-name.ts'
import type { Instant, Key, ManagedKind, Snapshot } from './object.ts'
import type { Found, FoundManaged, KeyTarget, Ref, Whereabouts } from './operation.ts'
import type { View } from './ports.ts'
import { stateOf } from './state.ts'

export interface Asked {
  readonly house: House
  readonly caller: Caller
  readonly view: View
  readonly now: Instant
  /** The region that the caller speaks to; keys of another one do not exist for it. */
  readonly region: string
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
export const findManaged = <K extends ManagedKind>(
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
export const findKey = (asked: Asked, { ref, where }: KeyTarget): FoundKey | Promise<FoundKey> => {
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
