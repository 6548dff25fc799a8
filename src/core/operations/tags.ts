/** Tags: what an account says of its objects for itself. Policies may rest on them, so a change of one is waited for. */
import { refuse } from '../failure.ts'
import { type Instant, noTags, type Place, type Tagged, type Tags } from '../object.ts'
import { type ActedOn, change, type Found, type FoundManaged, look, type Whereabouts } from '../operation.ts'
import type { TagCondition } from '../pages.ts'
import type { Effect } from '../ports.ts'
import { stateOf } from '../state.ts'

/** The most tags of one object. */
export const tagsMax = 50

/** A tagged object as a caller names it. */
export interface TagSubject {
  readonly id: string
  readonly where: Whereabouts
}

/** Ids are unique over all kinds, so at most one of these is found. */
const anyOf = ({ id, where }: TagSubject): readonly ActedOn[] => [
  { ref: { id }, where, optional: true },
  { managed: 'dataKey', id, where, optional: true },
  { managed: 'whiteBoxKey', id, where, optional: true },
]

type FoundAny = Found | FoundManaged
const rowOf = (found: FoundAny): Tagged => ('key' in found ? found.key : found.row)

/** The same object may be named twice, in both spellings of its id. */
const byId = (found: readonly FoundAny[]): ReadonlyMap<string, Tagged> =>
  new Map(found.map(rowOf).map((row) => [row.id, row]))

export const same = (a: Tags, b: Tags): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)

export const changed = (tags: Tags, replace: Tags, remove: readonly string[]): Tags => {
  const after = new Map([...tags, ...replace])
  for (const key of remove) after.delete(key)
  return after
}

/** Each kind by itself: what is put is of the kind that it is put over. */
export const putOver = (row: Tagged, tags: Tags): Effect => {
  if (row.kind === 'key') return { put: { ...row, tags }, over: row }
  return row.kind === 'dataKey' ? { put: { ...row, tags }, over: row } : { put: { ...row, tags }, over: row }
}

/** None where nothing changes, and `tooManyTags` where an object would have more than it may. */
const retagged = (found: readonly FoundAny[], replace: Tags, remove: readonly string[]) => {
  const effects: Effect[] = []
  for (const row of byId(found).values()) {
    const tags = changed(row.tags, replace, remove)
    if (tags.size > tagsMax) return refuse({ reason: 'tooManyTags' })
    if (!same(tags, row.tags)) effects.push(putOver(row, tags))
  }
  return effects
}

export interface RetagRequest {
  readonly subject: TagSubject
  readonly replace: Tags
  readonly remove: readonly string[]
}

export const retag = change({
  name: 'retag',
  summary: 'Give an object tags, give those that it has other values, and take some away.',
  rights: { object: 'retag' },
  targets: ({ subject }: RetagRequest) => ({ object: anyOf(subject) }),
  requestTags: ({ replace }) => replace,
  prepare: () => {},
  decide({ at }, { replace, remove }) {
    if (at.object.length === 0) return refuse({ reason: 'objectNotFound', kind: 'key' })
    const effects = retagged(at.object, replace, remove)
    return Array.isArray(effects) ? { result: undefined, effects } : effects
  },
})

/** For each object that was named, in that order, the one that was found. */
export type InOrder = readonly (Tagged | undefined)[]

const inOrder = (found: readonly FoundAny[], subjects: readonly TagSubject[]): InOrder => {
  const rows = byId(found)
  return subjects.map(({ id, where }) => {
    const row = rows.get(id)
    return row && (where.creator ?? row.creator) === row.creator ? row : undefined
  })
}

export const tag = change({
  name: 'tag',
  summary: 'Give several objects the same tags; one that is not found is left out.',
  rights: { objects: 'tag' },
  targets: ({ subjects }: { subjects: readonly TagSubject[]; tags: Tags }) => ({ objects: subjects.flatMap(anyOf) }),
  requestTags: ({ tags }) => tags,
  prepare: () => {},
  decide({ at }, { subjects, tags }) {
    const effects = retagged(at.objects, tags, [])
    return Array.isArray(effects) ? { result: inOrder(at.objects, subjects), effects } : effects
  },
})

export const untag = change({
  name: 'untag',
  summary: 'Take tags from several objects; one that is not found is left out.',
  rights: { objects: 'untag' },
  targets: ({ subjects }: { subjects: readonly TagSubject[]; tagKeys: readonly string[] }) => ({
    objects: subjects.flatMap(anyOf),
  }),
  prepare: () => {},
  decide({ at }, { subjects, tagKeys }) {
    const effects = retagged(at.objects, noTags, tagKeys)
    return Array.isArray(effects) ? { result: inOrder(at.objects, subjects), effects } : effects
  },
})

export const describeTags = look({
  name: 'describeTags',
  summary: 'Read the tags of objects; one that is not found has none.',
  rights: { objects: 'describeTags' },
  targets: ({ subjects }: { subjects: readonly TagSubject[] }) => ({ objects: subjects.flatMap(anyOf) }),
  run: ({ at }, { subjects }): InOrder => inOrder(at.objects, subjects),
})

export interface ListTaggedRequest {
  readonly places: readonly Place[]
  /** Named ones only, where some are named. */
  readonly subjects: readonly TagSubject[]
  readonly conditions: readonly TagCondition[]
  readonly after?: string
  readonly limit: number
}

export const tagsHold = (tags: Tags, conditions: readonly TagCondition[]): boolean =>
  conditions.every(({ key, values }) => {
    const value = tags.get(key)
    return value !== undefined && (values.length === 0 || values.includes(value))
  })

export interface TaggedList {
  readonly objects: readonly Tagged[]
  /** Where the next page goes on; absent at the end. */
  readonly next?: string
}

/** What is past its destruction date is gone, whether or not it was destroyed yet. */
const pageOf = (rows: readonly Tagged[], limit: number, now: Instant): TaggedList => {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const objects = page.filter((row) => stateOf(row, now) !== 'destroyed')
  return rows.length > limit && last ? { objects, next: last.id } : { objects }
}

export const listTagged = look({
  name: 'listTagged',
  summary: 'Read the objects that have tags, of all places or as named, page by page.',
  rights: { places: 'listTagged', named: 'listTagged' },
  targets: ({ places, subjects }: ListTaggedRequest) => ({
    places: subjects.length > 0 ? [] : places.map((place) => ({ in: place, kind: 'key' }) as const),
    named: subjects.flatMap(anyOf),
  }),
  async run({ at, caller, now }, { subjects, conditions, after = '', limit }, read): Promise<TaggedList> {
    if (subjects.length === 0) {
      const regions = at.places.map(({ region }) => region)
      return pageOf(await read.tagged(caller.account.id, { regions, conditions, after, limit: limit + 1 }), limit, now)
    }
    const named = [...byId(at.named).values()]
      .filter(({ id, tags }) => id > after && tags.size > 0 && tagsHold(tags, conditions))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
    return pageOf(named, limit, now)
  },
})
