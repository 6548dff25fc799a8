/** Tags of one key that must be there, and keys by their tags. */
import { refuse } from '../failure.ts'
import { type Key, noTags, type Place, type Tags } from '../object.ts'
import { change, look } from '../operation.ts'
import type { KeyPage } from '../pages.ts'
import { listFound } from './describe.ts'
import { changed, putOver, same, tagsMax } from './tags.ts'
import { keyTarget } from './target.ts'

export interface TagKeyRequest {
  readonly keyId: string
  readonly tags: Tags
  /** The most tags of the key afterwards; never more than `tagsMax`. */
  readonly max: number
}

export const tagKey = change({
  name: 'tagKey',
  summary: 'Give a key tags, and those that it has other values.',
  rights: { key: 'tag' },
  targets: ({ keyId }: TagKeyRequest) => ({ key: keyTarget(keyId) }),
  requestTags: ({ tags }) => tags,
  prepare: () => {},
  decide({ at }, { tags, max }) {
    const { key } = at.key
    const after = changed(key.tags, tags, [])
    if (same(after, key.tags)) return { result: undefined, effects: [] }
    if (after.size > Math.max(key.tags.size, Math.min(max, tagsMax))) return refuse({ reason: 'tooManyTags' })
    return { result: undefined, effects: [putOver(key, after)] }
  },
})

const taken = (key: Key, tagKeys: readonly string[]) => {
  const after = changed(key.tags, noTags, tagKeys)
  return { result: undefined, effects: same(after, key.tags) ? [] : [putOver(key, after)] }
}

export const untagKey = change({
  name: 'untagKey',
  summary: 'Take tags from a key; those that it has not do not matter.',
  rights: { key: 'untag' },
  targets: ({ keyId }: { keyId: string; tagKeys: readonly string[] }) => ({ key: keyTarget(keyId) }),
  prepare: () => {},
  decide: ({ at }, { tagKeys }) => taken(at.key.key, tagKeys),
})

export const takeTag = change({
  name: 'takeTag',
  summary: 'Take from a key a tag that it has.',
  rights: { key: 'untag' },
  targets: ({ keyId }: { keyId: string; tagKey: string }) => ({ key: keyTarget(keyId) }),
  prepare: () => {},
  decide: ({ at }, { tagKey: key }) =>
    at.key.key.tags.has(key) ? taken(at.key.key, [key]) : refuse({ reason: 'tagNotFound' }),
})

export const describeKeyTags = look({
  name: 'describeKeyTags',
  summary: 'Read the tags of a key.',
  rights: { key: 'describeTags' },
  targets: ({ keyId }: { keyId: string }) => ({ key: keyTarget(keyId) }),
  run: ({ at }) => at.key.key.tags,
})

/** As `list`, for whoever may look for keys by their tags. */
export const listByTags = look({
  name: 'listByTags',
  summary: 'Read the keys of an account and region that have tags, page by page.',
  rights: { keys: 'listTagged' },
  targets: ({ at }: { at: Place; page: KeyPage }) => ({ keys: { in: at, kind: 'key' } as const }),
  run: (call, { page }, read) => listFound(call, call.at.keys, page, read),
})

/** The most pairs of a key and a value that are looked at. */
const pairsMax = 10_000

export const listTagValues = look({
  name: 'listTagValues',
  summary: 'Read every tag that keys of an account and region have: its values by its key.',
  rights: { keys: 'listTagged' },
  targets: ({ at }: { at: Place }) => ({ keys: { in: at, kind: 'key' } as const }),
  async run({ at, now }, _request, read) {
    const values = new Map<string, string[]>()
    for (const { key, value } of await read.tagPairs(at.keys, pairsMax, now))
      values.set(key, [...(values.get(key) ?? []), value])
    return values
  },
})
