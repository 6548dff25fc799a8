/** Tags: what an account says of its objects for itself. Policies may rest on them, so a change of one is waited for. */
import { refuse } from '../failure.ts'
import type { Instant, Place, Tagged, Tags } from '../object.ts'
import { change, type Found, type KeyTarget, look, type Whereabouts } from '../operation.ts'
import type { Effect, TagCondition } from '../ports.ts'
import { keyTarget } from './target.ts'

/** The most tags of one object. */
export const tagsMax = 50

/** A tagged object as a caller names it. */
export interface TagSubject {
  readonly id: string
  readonly where: Whereabouts
}

const subjectTarget = ({ id, where }: TagSubject): KeyTarget => keyTarget(id, { where })
const optionalTarget = ({ id, where }: TagSubject): KeyTarget => keyTarget(id, { where, optional: true })

const same = (a: Tags, b: Tags): boolean => a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)

const changed = (tags: Tags, replace: Tags, remove: readonly string[]): Tags => {
  const after = new Map([...tags, ...replace])
  for (const key of remove) after.delete(key)
  return after
}

/** None where nothing changes, and `tooManyTags` where an object would have more than it may. */
const retagged = (keys: readonly Found[], replace: Tags, remove: readonly string[]) => {
  const effects: Effect[] = []
  for (const { key } of keys) {
    const tags = changed(key.tags, replace, remove)
    if (tags.size > tagsMax) return refuse({ reason: 'tooManyTags' })
    if (!same(tags, key.tags)) effects.push({ put: { ...key, tags }, over: key })
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
  rights: { key: 'retag' },
  targets: ({ subject }: RetagRequest) => ({ key: subjectTarget(subject) }),
  requestTags: ({ replace }) => replace,
  prepare: () => {},
  decide({ at }, { replace, remove }) {
    const effects = retagged([at.key], replace, remove)
    return Array.isArray(effects) ? { result: undefined, effects } : effects
  },
})

/** Objects by their ids, as found. */
export type FoundById = ReadonlyMap<string, Tagged>

const byId = (keys: readonly Found[]): FoundById => new Map(keys.map(({ key }) => [key.id, key]))

export const tag = change({
  name: 'tag',
  summary: 'Give several objects the same tags; one that is not found is left out.',
  rights: { keys: 'tag' },
  targets: ({ subjects }: { subjects: readonly TagSubject[]; tags: Tags }) => ({ keys: subjects.map(optionalTarget) }),
  requestTags: ({ tags }) => tags,
  prepare: () => {},
  decide({ at }, { tags }) {
    const effects = retagged(at.keys, tags, [])
    return Array.isArray(effects) ? { result: byId(at.keys), effects } : effects
  },
})

export const untag = change({
  name: 'untag',
  summary: 'Take tags from several objects; one that is not found is left out.',
  rights: { keys: 'untag' },
  targets: ({ subjects }: { subjects: readonly TagSubject[]; keys: readonly string[] }) => ({
    keys: subjects.map(optionalTarget),
  }),
  prepare: () => {},
  decide({ at }, { keys }) {
    const effects = retagged(at.keys, new Map(), keys)
    return Array.isArray(effects) ? { result: byId(at.keys), effects } : effects
  },
})

export const describeTags = look({
  name: 'describeTags',
  summary: 'Read the tags of objects; one that is not found has none.',
  rights: { keys: 'describeTags' },
  targets: ({ subjects }: { subjects: readonly TagSubject[] }) => ({ keys: subjects.map(optionalTarget) }),
  run: ({ at }): FoundById => byId(at.keys),
})

export interface ListTaggedRequest {
  readonly places: readonly Place[]
  /** Named ones only, where some are named. */
  readonly subjects: readonly TagSubject[]
  readonly conditions: readonly TagCondition[]
  readonly after?: string
  readonly limit: number
}

const holds =
  (tags: Tags) =>
  ({ key, values }: TagCondition): boolean => {
    const value = tags.get(key)
    return value !== undefined && (values.length === 0 || values.includes(value))
  }

export interface TaggedList {
  readonly objects: readonly Tagged[]
  /** Where the next page goes on; absent at the end. */
  readonly next?: string
}

/** What is past its destruction date is gone, whether or not it was destroyed yet. */
const pageOf = (rows: readonly Tagged[], limit: number, now: Instant): TaggedList => {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const objects = page.filter(({ destroyAt }) => destroyAt === null || destroyAt > now)
  return rows.length > limit && last ? { objects, next: last.id } : { objects }
}

export const listTagged = look({
  name: 'listTagged',
  summary: 'Read the objects that have tags, of all places or as named, page by page.',
  rights: { places: 'listTagged', named: 'listTagged' },
  targets: ({ places, subjects }: ListTaggedRequest) => ({
    places: subjects.length > 0 ? [] : places.map((place) => ({ in: place, kind: 'key' }) as const),
    named: subjects.map(optionalTarget),
  }),
  async run({ at, caller, now }, { subjects, conditions, after = '', limit }, read): Promise<TaggedList> {
    if (subjects.length === 0) {
      const regions = at.places.map(({ region }) => region)
      return pageOf(await read.tagged(caller.account.id, { regions, conditions, after, limit: limit + 1 }), limit, now)
    }
    const named = [...byId(at.named).values()]
      .filter(({ id, tags }) => id > after && tags.size > 0 && conditions.every(holds(tags)))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
    return pageOf(named, limit, now)
  },
})
