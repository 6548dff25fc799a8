/** Aliases: names for keys that are objects of their own, so that a name can move to another key. */
import { type Refusal, refuse } from '../failure.ts'
import { aliasId, aliasText } from '../key-name.ts'
import type { Alias, Key, Place } from '../object.ts'
import { type ActedOn, type Call, change, look, type Targets } from '../operation.ts'
import { beforeDestruction, keyTarget } from './target.ts'

/** The most aliases of one key. */
export const aliasesMax = 50

type Views = Pick<Call<Targets>, 'view'>

const reload = ({ view }: Views, { account, region }: Pick<Key, 'account' | 'region'>, name: string) =>
  view.reload('alias', aliasId(account, region, name))

const tooMany = ({ aliases }: Key): Refusal | undefined =>
  aliases.length < aliasesMax ? undefined : refuse({ reason: 'objectQuotaExceeded', kind: 'alias' })

const without = (key: Key, names: readonly string[]): Key => ({
  ...key,
  aliases: key.aliases.filter((name) => !names.includes(name)),
})

export interface CreateAliasRequest {
  readonly keyId: string
  readonly name: string
  /** As the caller wrote it. */
  readonly written: string
}

export const createAlias = change({
  name: 'createAlias',
  summary: 'Give a key an alias, unique in its account and region.',
  rights: { key: 'createAlias' },
  requestFacts: ({ name }) => ({ aliases: [name] }),
  targets: ({ keyId }: CreateAliasRequest) => ({ key: keyTarget(keyId, { states: beforeDestruction }) }),
  prepare: (call, { name }) => reload(call, call.at.key.key, name),
  refresh: (call, { name }) => reload(call, call.at.key.key, name),
  decide({ at, now }, { name, written }, held) {
    const { key } = at.key
    if (held) return refuse({ reason: 'nonUniqueNameAttribute' })
    const refused = tooMany(key)
    if (refused) return refused
    const { account, region } = key
    const id = aliasId(account, region, name)
    const times = { createdAt: now, updatedAt: now }
    const add: Alias = { kind: 'alias', id, account, revision: 1, region, name, written, key: key.id, ...times }
    return { result: add, effects: [{ put: { ...key, aliases: [...key.aliases, name] }, over: key }, { add }] }
  },
})

interface MoveAliasRequest {
  readonly name: string
  readonly keyId: string
}

export const moveAlias = change({
  name: 'moveAlias',
  summary: 'Let an alias name another key.',
  rights: { from: 'moveAlias', to: 'moveAlias' },
  requestFacts: ({ name }) => ({ aliases: [name] }),
  targets: ({ name, keyId }: MoveAliasRequest) => ({
    from: keyTarget(aliasText(name)),
    to: keyTarget(keyId, { states: beforeDestruction }),
  }),
  prepare: (call, { name }) => reload(call, call.at.from.key, name),
  refresh: (call, { name }) => reload(call, call.at.from.key, name),
  decide({ at, now }, { name }, over): { result: Alias; effects: [] } | Refusal | ReturnType<typeof moved> {
    const [from, to] = [at.from.key, at.to.key]
    if (over?.key !== from.id) return refuse({ reason: 'objectNotFound', kind: 'alias' })
    if (from.id === to.id) return { result: over, effects: [] }
    return tooMany(to) ?? moved(over, from, to, now, name)
  },
})

const moved = (over: Alias, from: Key, to: Key, now: number, name: string) => {
  const put: Alias = { ...over, key: to.id, updatedAt: now }
  const keys = [
    { put: without(from, [name]), over: from },
    { put: { ...to, aliases: [...to.aliases, name] }, over: to },
  ]
  return { result: put, effects: [...keys, { put, over }] }
}

interface DeleteAliasesRequest {
  readonly keyId: string
  readonly names: readonly string[]
}

const held = ({ at, view }: { at: { key: { key: Key } } } & Views, { names }: DeleteAliasesRequest) =>
  Promise.all([...new Set(names)].map((name) => reload({ view }, at.key.key, name)))

export const deleteAliases = change({
  name: 'deleteAliases',
  summary: 'Take aliases from a key.',
  rights: { key: 'deleteAlias' },
  requestFacts: ({ names }) => ({ aliases: names }),
  targets: ({ keyId }: DeleteAliasesRequest) => ({ key: keyTarget(keyId) }),
  prepare: held,
  refresh: held,
  decide({ at }, { names }, rows) {
    const { key } = at.key
    const own = rows.filter((row) => row?.key === key.id) as Alias[]
    if (own.length < rows.length) return refuse({ reason: 'objectNotFound', kind: 'alias' })
    return {
      result: undefined,
      effects: [{ put: without(key, names), over: key }, ...own.map((row) => ({ drop: row }))],
    }
  },
})

export interface ListAliasesRequest {
  readonly at: Place
  /** Of this key alone; absent for all of the place. */
  readonly keyId?: string
  /** The last name of the page before. */
  readonly after: string
  readonly limit: number
}

export interface AliasList {
  readonly aliases: readonly Alias[]
  /** Whether more follow. */
  readonly more: boolean
}

/** Only one of the two: the key that is named, or the place. */
export const listAliases = look({
  name: 'listAliases',
  summary: 'Read the aliases of a place or of one key, by name, page by page.',
  rights: { place: 'listAliases', key: 'listAliases' },
  targets: ({ at, keyId }: ListAliasesRequest) => ({
    place: keyId === undefined ? [{ in: at, kind: 'alias' } as const] : [],
    key: keyId === undefined ? [] : ([keyTarget(keyId)] satisfies readonly ActedOn[]),
  }),
  async run({ at }, { at: place, after, limit }, read): Promise<AliasList> {
    const [found] = at.key
    const of = found ? { key: found.key.id } : {}
    const rows = await read.aliases(found ? found.key : place, { ...of, after, limit: limit + 1 })
    return { aliases: rows.slice(0, limit), more: rows.length > limit }
  },
})
