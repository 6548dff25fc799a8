/** Grants of keys. They are in the key's own row, so that one that is taken back has ended for whoever decides by that row. */
import { grantedWords, grantsMax, isParty, mayRetire } from '../access/grant.ts'
import { hexFromBytes } from '../bytes.ts'
import { type Refusal, refuse } from '../failure.ts'
import type { House } from '../house.ts'
import type { Grant, Key, Party, Place } from '../object.ts'
import { change, type Decided, type Found, look } from '../operation.ts'
import { keyTarget } from './target.ts'

interface CreateGrantRequest extends Pick<Grant, 'name' | 'grantee' | 'retiring' | 'issuer' | 'allows'> {
  readonly keyId: string
}

/** Whoever may pass a key on only because it was passed on passes on no more than that. */
const isWithin = (
  { key, granted }: Found,
  { allows }: CreateGrantRequest,
  caller: Parameters<typeof grantedWords>[1],
) => {
  if (!granted) return true
  const held = grantedWords(key, caller)
  return allows.words.every((word) => held.has(word))
}

export const createGrant = change({
  name: 'createGrant',
  summary: 'Let a principal or an account use a key.',
  rights: { key: 'createGrant' },
  targets: ({ keyId }: CreateGrantRequest) => ({ key: keyTarget(keyId, { states: ['active'], userOwned: true }) }),
  prepare: ({ house }) => hexFromBytes(house.random.bytes(32)),
  decide({ at, caller, now }, request, id): Decided<string> | Refusal {
    const { key } = at.key
    if (!isWithin(at.key, request, caller)) return refuse({ reason: 'permissionDenied' })
    if (key.grants.length >= grantsMax) return refuse({ reason: 'tooManyGrants' })
    const { keyId, ...said } = request
    const grants = [...key.grants, { id, ...said, createdAt: now }]
    return { result: id, effects: [{ put: { ...key, grants }, over: key }] }
  },
})

interface OneGrant {
  readonly keyId: string
  readonly grantId: string
}

/** Why the grant is not on the key: asked only where it is not. */
const whyMissing = async ({ house }: { house: House }, { key }: Found, grantId: string) => {
  if (key.grants.some(({ id }) => id === grantId)) return undefined
  const holder = await house.store.reader.grantHolder(key.account, grantId)
  return holder === undefined ? ('grantNotFound' as const) : ('grantOfAnotherKey' as const)
}

type Missing = Awaited<ReturnType<typeof whyMissing>>

const without = (key: Key, grantId: string): Decided<undefined> => {
  const put = { ...key, grants: key.grants.filter(({ id }) => id !== grantId) }
  return { result: undefined, effects: [{ put, over: key }] }
}

/** The grant is gone; or the refusal where there is none, or where the caller may not. */
const takeBack = (key: Key, grantId: string, missing: Missing, refusal: (grant: Grant) => Refusal | undefined) => {
  const grant = key.grants.find(({ id }) => id === grantId)
  if (!grant) return refuse({ reason: missing ?? 'grantNotFound' })
  return refusal(grant) ?? without(key, grantId)
}

export const revokeGrant = change({
  name: 'revokeGrant',
  summary: 'Take a grant back: for who made the key, and for the account itself.',
  rights: { key: 'revokeGrant' },
  targets: ({ keyId }: OneGrant) => ({ key: keyTarget(keyId) }),
  prepare: (call, { grantId }) => whyMissing(call, call.at.key, grantId),
  decide({ at, caller }, { grantId }, missing) {
    const { key } = at.key
    const own = caller.principal.id === key.creator || caller.principal.root || caller.reach === 'everything'
    return takeBack(key, grantId, missing, () => (own ? undefined : refuse({ reason: 'foreignAccount' })))
  },
})

export const retireGrant = change({
  name: 'retireGrant',
  summary: 'Give a grant back: for whom it names for that, who made it, and a grantee that it lets.',
  rights: { key: 'retireGrant' },
  targets: ({ keyId }: OneGrant) => ({ key: keyTarget(keyId) }),
  prepare: (call, { grantId }) => whyMissing(call, call.at.key, grantId),
  decide: ({ at, caller }, { grantId }, missing) =>
    takeBack(at.key.key, grantId, missing, (grant) =>
      mayRetire(grant, caller) ? undefined : refuse({ reason: 'permissionDenied' }),
    ),
})

export interface GrantOf {
  readonly key: string
  readonly grant: Grant
}

export interface GrantPage {
  readonly offset: number
  readonly limit: number
}

export interface GrantList {
  readonly total: number
  readonly grants: readonly GrantOf[]
}

const pageOf = (grants: readonly GrantOf[], { offset, limit }: GrantPage): GrantList => ({
  total: grants.length,
  grants: grants.slice(offset, offset + limit),
})

const grantsOf = ({ id, grants }: Key): GrantOf[] => grants.map((grant) => ({ key: id, grant }))

export const listGrants = look({
  name: 'listGrants',
  summary: 'Read the grants of a key, oldest first, page by page.',
  rights: { key: 'listGrants' },
  targets: ({ keyId }: { keyId: string; page: GrantPage }) => ({ key: keyTarget(keyId) }),
  run: ({ at }, { page }) => pageOf(grantsOf(at.key.key), page),
})

export const listRetirableGrants = look({
  name: 'listRetirableGrants',
  summary: 'Read the grants that name the caller to give them back, of keys of every account in the region.',
  rights: { keys: 'listRetirableGrants' },
  targets: ({ at }: { at: Place; retiring: Party; page: GrantPage }) => ({ keys: { in: at, kind: 'key' } as const }),
  async run({ at, caller }, { retiring, page }, read) {
    const keys = isParty(retiring, caller) ? await read.retirable(at.keys.region, retiring) : []
    const named = ({ grant }: GrantOf) => grant.retiring !== null && isParty(grant.retiring, caller)
    return pageOf(keys.flatMap(grantsOf).filter(named), page)
  },
})
