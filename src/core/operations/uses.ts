/** Who uses what, as it is counted: to know who would notice that a key is gone. */
import { actingIn } from '../access/caller.ts'
import type { House } from '../house.ts'
import type { Place } from '../object.ts'
import { look } from '../operation.ts'
import type { Reader, Use, View } from '../ports.ts'
import { sumsOf, type UsedBy, type UseQuery, type UseSum } from '../uses.ts'
import { newestOf } from './audit-pages.ts'
import { dayMs } from './create.ts'
import { keyTarget } from './target.ts'

/** Most sums that are told: beyond them the smallest are left out. */
const sumsMax = 10_000

export interface Window {
  readonly from: number
  readonly until: number
  readonly step: number
}

/** What is written, and what this process has counted since. */
const allUses = async (
  { uses }: House,
  read: Reader,
  query: UseQuery,
  isMeant: (use: Use) => boolean,
): Promise<readonly UseSum[]> => {
  const within = ({ minute }: Use) => minute >= query.from && minute < query.until
  const kept = [...uses.kept()].filter((use) => within(use) && isMeant(use))
  const written = await read.uses(query)
  return kept.length === 0 ? written : sumsOf([...written, ...kept], query.step, query.by)
}

const usesOfKey = (house: House, read: Reader, key: string, window: Window, by: readonly UsedBy[]) =>
  allUses(house, read, { of: { key }, ...window, by, limit: sumsMax }, (use) => use.key === key)

export interface Named extends UseSum {
  /** Empty where it is gone. */
  readonly principalName: string
}

const named = async (view: View, sums: readonly UseSum[]): Promise<readonly Named[]> => {
  const names = new Map<string, string>()
  for (const { principal } of sums)
    if (!names.has(principal)) names.set(principal, (await view.get('principal', principal))?.name ?? '')
  return sums.map((sum) => ({ ...sum, principalName: names.get(sum.principal) ?? '' }))
}

const users = ['version', 'principal', 'dialect'] as const
const inOrder = (sums: readonly UseSum[]): readonly UseSum[] => sums.toSorted((a, b) => a.minute - b.minute)

export const readUses = look({
  name: 'readUses',
  summary: 'Read how often a key was used, over time and by whom.',
  rights: { key: 'readUses' },
  targets: ({ keyId }: Window & { keyId: string }) => ({ key: keyTarget(keyId) }),
  async run({ at, house, view }, { from, until, step }, read) {
    const { id } = at.key.key
    const window = { from, until, step }
    const points = inOrder(await usesOfKey(house, read, id, window, ['minute']))
    return { points, by: await named(view, await usesOfKey(house, read, id, window, users)) }
  },
})

/** Keys that are told of one by one. */
const topMax = 20

export const readTotalUses = look({
  name: 'readTotalUses',
  summary: 'Read how often the keys of an account in a region were used, over time and through which dialect.',
  rights: { keys: 'readUses' },
  targets: ({ at }: Window & { at: Place }) => ({ keys: { in: at, kind: 'key' } as const }),
  async run({ at, house, view, caller }, { from, until, step }, read) {
    const { account, region } = at.keys
    const mine = new Set<string>()
    for (const { key } of house.uses.kept()) {
      const row = await view.get('key', key)
      if (row?.region === region && actingIn(caller).some(({ id }) => id === row.account)) mine.add(key)
    }
    const sums = (by: readonly UsedBy[], limit: number) =>
      allUses(house, read, { of: { account, region }, from, until, step, by, limit }, ({ key }) => mine.has(key))
    const points = inOrder(await sums(['minute', 'dialect'], sumsMax))
    return { points, keys: (await sums(['key'], topMax)).slice(0, topMax) }
  },
})

const dayMinutes = 1440

/** Sources of a user that are told. */
const sourcesMax = 10
/** Entries of the record that are looked at for them, the newest. */
const entriesMax = 2000

interface Seen {
  readonly sources: Set<string>
  readonly lastAt: string
}

/** From where, and when last: the counts do not know, the record does. The newest entry of each tells when. */
const seenOf = async (
  { record }: House,
  key: string,
  since: number,
  now: number,
): Promise<ReadonlyMap<string, Seen>> => {
  const seen = new Map<string, Seen>()
  const query = { account: '', criteria: { key, since, outcome: 'success' } } as const
  for (const { principal, dialect, source, at } of await newestOf(record, query, now + 1, entriesMax)) {
    const name = `${principal} ${dialect}`
    const one = seen.get(name) ?? { sources: new Set<string>(), lastAt: at }
    if (one.sources.size < sourcesMax) one.sources.add(String(source))
    seen.set(name, one)
  }
  return seen
}

export interface User extends Named {
  readonly sources: readonly string[]
  /** ISO 8601; undefined where the record no longer tells. */
  readonly lastAt: string | undefined
}

export const readImpact = look({
  name: 'readImpact',
  summary: 'Read who used a key lately and from where, and what relies on it: who would notice that it is gone.',
  rights: { key: 'readUses' },
  targets: ({ keyId }: { keyId: string; days: number }) => ({ key: keyTarget(keyId) }),
  async run({ at, house, view, now }, { days }, read) {
    const { key } = at.key
    const until = Math.floor(now / 60_000) + 1
    const window = { from: until - days * dayMinutes, until, step: dayMinutes }
    const used = await named(view, await usesOfKey(house, read, key.id, window, users))
    const seen = await seenOf(house, key.id, now - days * dayMs, now)
    const uses = used.map((one): User => {
      const found = seen.get(`${one.principal} ${one.dialect}`)
      return { ...one, sources: [...(found?.sources ?? [])], lastAt: found?.lastAt }
    })
    const dataKeys = await read.countDataKeys(key, { key: key.id }, now)
    return { uses, bindings: key.bindings, aliases: key.aliases.length, grants: key.grants.length, dataKeys }
  },
})
