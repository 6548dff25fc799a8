/** Tags of one key that must be there, and keys by their tags. */
import { refuse } from '../failure.ts'
import type { Place, Tags } from '../object.ts'
import { change, look } from '../operation.ts'
import type { KeyPage } from '../ports.ts'
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

export interface UntagKeyRequest {
  readonly keyId: string
  readonly tagKeys: readonly string[]
  /** Refused unless the key has all of them. */
  readonly all: boolean
}

export const untagKey = change({
  name: 'untagKey',
  summary: 'Take tags from a key.',
  rights: { key: 'untag' },
  targets: ({ keyId }: UntagKeyRequest) => ({ key: keyTarget(keyId) }),
  prepare: () => {},
  decide({ at }, { tagKeys, all }) {
    const { key } = at.key
    if (all && !tagKeys.every((tagKey) => key.tags.has(tagKey))) return refuse({ reason: 'tagNotFound' })
    const after = changed(key.tags, new Map(), tagKeys)
    return { result: undefined, effects: same(after, key.tags) ? [] : [putOver(key, after)] }
  },
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
