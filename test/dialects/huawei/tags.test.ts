import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { keyRecord, makeDefaultKey, makeKey, moveInto } from '../../harness/huawei-keys.ts'
import { newAlias } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const sequence = '919c82d4-8046-4722-9094-35c3c6524cff'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const create = (key_id: string, tag: unknown, beside: Members = {}) =>
  huaweiCall(keystead, `POST kms/${key_id}/tags`, { tag, ...beside })
const batch = (key_id: string, action: unknown, tags: unknown) =>
  huaweiCall(keystead, `POST kms/${key_id}/tags/action`, { action, tags })
const remove = (key_id: string, key: string) => huaweiCall(keystead, `DELETE kms/${key_id}/tags/${key}`)
const tagsOf = (key_id: string) => huaweiOk(keystead, `GET kms/${key_id}/tags`)
const tags = (...keys: string[]) => keys.map((key) => ({ key, value: `${key} value` }))
const numbered = (count: number) => tags(...Array.from({ length: count }, (_, at) => `tag-${at}`))

describe('one tag', () => {
  it('is given, shown, overwritten, and taken, and each answers 204 without a body', async () => {
    const key_id = await makeKey(keystead)
    expect(await tagsOf(key_id)).toEqual({ tags: [], existTagsNum: 0 })
    const made = await create(key_id, { key: 'team', value: 'red' }, { sequence })
    expect([made.status, made.exchanged.body]).toEqual([204, ''])
    await create(key_id, { key: 'team', value: 'blue' })
    await create(key_id, { key: 'empty' })
    const shown = {
      tags: [
        { key: 'team', value: 'blue' },
        { key: 'empty', value: '' },
      ],
      existTagsNum: 2,
    }
    expect(await tagsOf(key_id)).toEqual(shown)
    const gone = await remove(key_id, 'team')
    expect([gone.status, gone.exchanged.body]).toEqual([204, ''])
    expect((await tagsOf(key_id)).existTagsNum).toBe(1)
  })

  it('is seen by the other cloud, and its tags are seen here', async () => {
    const Tags = [{ TagKey: 'from', TagValue: 'there' }]
    const { KeyId } = await keystead.ok('CreateKey', { Alias: newAlias(), Tags })
    expect((await tagsOf(KeyId)).tags).toEqual([{ key: 'from', value: 'there' }])
    await create(KeyId, { key: 'and', value: 'here' })
    const { TotalCount } = await keystead.ok('ListKeyDetail', { TagFilters: [{ TagKey: 'and', TagValue: ['here'] }] })
    expect(TotalCount).toBe(1)
  })

  it.each(['a/b', 'a%2Fb', '%E9%A1%B9%E7%9B%AE', 'action', 'a b'])(
    'is taken by the rest of its path: %s',
    async (path) => {
      const key_id = await makeKey(keystead)
      await create(key_id, { key: decodeURIComponent(path), value: '' })
      expect((await remove(key_id, path.replace(' ', '%20'))).status).toBe(204)
      expect((await tagsOf(key_id)).existTagsNum).toBe(0)
    },
  )

  it('takes 128 characters for its key and 255 for its value', async () => {
    const key_id = await makeKey(keystead)
    expect((await create(key_id, { key: 'k'.repeat(128), value: 'v'.repeat(255) })).status).toBe(204)
  })

  it.each([
    ['an empty key', { key: '', value: 'v' }, 'KMS.0406'],
    ['a key with a star', { key: 'a*', value: 'v' }, 'KMS.0406'],
    ['a key with a line break', { key: 'a\n', value: 'v' }, 'KMS.0406'],
    ['a key of 129 characters', { key: 'k'.repeat(129), value: 'v' }, 'KMS.0411'],
    ['a value with =', { key: 'k', value: 'a=b' }, 'KMS.0405'],
    ['a value of 256 characters', { key: 'k', value: 'v'.repeat(256) }, 'KMS.0410'],
    ['no tag', undefined, 'KMS.0204'],
    ['no key', { value: 'v' }, 'KMS.0204'],
    ['a tag that is no object', 'team', 'KMS.0214'],
    ['a key that is no text', { key: 7 }, 'KMS.0214'],
    ['a member that is not declared', { key: 'k', colour: 'red' }, 'KMS.0308'],
  ])('is refused with %s', async (_what, tag, code) => {
    expectError(await create(await makeKey(keystead), tag), 400, code)
  })

  it('is refused for a key that has 20, and not where it only changes one of them', async () => {
    const key_id = await makeKey(keystead)
    await batch(key_id, 'create', numbered(20))
    expectError(await create(key_id, { key: 'one-more' }), 400, 'KMS.0409')
    expect((await create(key_id, { key: 'tag-0', value: 'other' })).status).toBe(204)
  })

  it('that the key has not cannot be taken: 404 with KMS.0416', async () => {
    expectError(await remove(await makeKey(keystead), 'none'), 404, 'KMS.0416')
  })
})

describe('several tags', () => {
  it('are given and taken together; values and unknown keys do not matter when they are taken', async () => {
    const key_id = await makeKey(keystead)
    const made = await batch(key_id, 'create', tags('a', 'b', 'c'))
    expect([made.status, made.exchanged.body]).toEqual([204, ''])
    const gone = await batch(key_id, 'delete', [{ key: 'a', value: 'other' }, { key: 'b' }, { key: 'none' }])
    expect([gone.status, gone.exchanged.body]).toEqual([204, ''])
    expect((await tagsOf(key_id)).tags).toEqual(tags('c'))
  })

  it.each([
    ['an empty list', 'create', [], 'KMS.0401'],
    ['21 tags', 'create', numbered(21), 'KMS.0407'],
    ['a key twice', 'create', [{ key: 'a' }, { key: 'a', value: 'b' }], 'KMS.0412'],
    ['a tag without a key', 'create', [{ value: 'a' }], 'KMS.0412'],
    ['a tag that is no object', 'create', ['a'], 'KMS.0412'],
    ['a list that is none', 'create', 'a', 'KMS.0412'],
    ['no list', 'create', undefined, 'KMS.0204'],
    ['an empty key', 'create', [{ key: '' }], 'KMS.0406'],
    ['a forbidden value', 'create', [{ key: 'a', value: '<' }], 'KMS.0405'],
    ['a long key', 'create', [{ key: 'a'.repeat(129) }], 'KMS.0411'],
    ['a long value', 'create', [{ key: 'a', value: 'v'.repeat(256) }], 'KMS.0410'],
    ['another action', 'update', [{ key: 'a' }], 'KMS.0404'],
    ['an empty action', '', [{ key: 'a' }], 'KMS.0404'],
    ['no action', undefined, [{ key: 'a' }], 'KMS.0204'],
  ])('are refused with %s', async (_what, action, list, code) => {
    expectError(await batch(await makeKey(keystead), action, list), 400, code)
  })

  it('are refused where the key would have more than 20, and then none is given', async () => {
    const key_id = await makeKey(keystead)
    await batch(key_id, 'create', numbered(19))
    expectError(await batch(key_id, 'create', tags('x', 'y')), 400, 'KMS.0409')
    expect((await tagsOf(key_id)).existTagsNum).toBe(19)
  })
})

describe('a key', () => {
  const calls = (key_id: string) => [
    create(key_id, { key: 'a' }),
    batch(key_id, 'create', [{ key: 'a' }]),
    batch(key_id, 'delete', [{ key: 'a' }]),
    remove(key_id, 'a'),
  ]

  it('that a product owns cannot be tagged, and shows its tags', async () => {
    const key_id = await makeDefaultKey(keystead)
    for (const call of calls(key_id)) expectError(await call, 400, 'KMS.0211')
    expect((await tagsOf(key_id)).existTagsNum).toBe(0)
  })

  it('that is not there, or has a malformed id, is refused', async () => {
    for (const call of calls(unknownId)) expectError(await call, 404, 'KMS.0207')
    expectError(await huaweiCall(keystead, `GET kms/${unknownId}/tags`), 404, 'KMS.0207')
    for (const call of calls('nonsense')) expectError(await call, 400, 'KMS.0205')
  })
})

describe('keys by their tags', () => {
  const call = 'POST kms/resource_instances/action'
  const search = (members: Members) => huaweiCall(keystead, call, members)
  const ids = async (members: Members): Promise<string[]> =>
    (await huaweiOk(keystead, call, members)).resources.map(({ resource_id }: Members) => resource_id)
  const made: Record<string, string> = {}

  beforeAll(async () => {
    for (const [name, colour, size] of [
      ['one', 'red', 'small'],
      ['two', 'red', 'large'],
      ['three', 'blue', 'large'],
    ] as const) {
      made[name] = await makeKey(keystead, {
        key_alias: `Search-${name}`,
        key_spec: name === 'three' ? 'SM4' : 'AES_256',
      })
      await batch(made[name] ?? '', 'create', [
        { key: 'search-colour', value: colour },
        { key: 'search-size', value: size },
      ])
    }
  })
  const named = (...names: string[]) => names.map((name) => made[name])

  it('are found with their records, oldest first, whatever their kind', async () => {
    const answered = await huaweiOk(keystead, call, {
      action: 'filter',
      tags: [{ key: 'search-size', values: [] }],
      sequence,
    })
    expect(answered.total_count).toBe(3)
    expect(answered.resources.map(({ resource_id }: Members) => resource_id)).toEqual(named('one', 'two', 'three'))
    expect(answered.resources[0]).toEqual({
      resource_id: made.one,
      resource_name: 'Search-one',
      resource_detail: await keyRecord(keystead, made.one ?? ''),
      tags: [
        { key: 'search-colour', value: 'red' },
        { key: 'search-size', value: 'small' },
      ],
    })
    for (const value of Object.values(answered.resources[0].resource_detail)) expect(value).toBeTypeOf('string')
  })

  it.each([
    [[{ key: 'search-colour', values: ['red'] }], ['one', 'two']],
    [[{ key: 'search-colour', values: ['red', 'blue'] }], ['one', 'two', 'three']],
    [
      [
        { key: 'search-colour', values: ['red'] },
        { key: 'search-size', values: ['large'] },
      ],
      ['two'],
    ],
    [[{ key: 'search-colour' }, { key: 'none' }], []],
  ])('are those of which every tag holds: %j', async (asked, names) => {
    expect(await ids({ tags: asked })).toEqual(named(...names))
  })

  it('are found by a part of their name too, whatever its case', async () => {
    const asked = (value: string) => ({ tags: [{ key: 'search-size' }], matches: [{ key: 'resource_name', value }] })
    expect(await ids(asked('search-T'))).toEqual(named('two', 'three'))
    expect(await ids(asked('search_'))).toEqual([])
    expect(await ids(asked(''))).toEqual(named('one', 'two', 'three'))
  })

  it.each([
    ['2', 0],
    [2, '0'],
  ])('come page by page, limit %j and offset %j', async (limit, offset) => {
    const asked = { tags: [{ key: 'search-size' }], limit }
    expect(await ids({ ...asked, offset })).toEqual(named('one', 'two'))
    const second = await huaweiOk(keystead, call, { ...asked, offset: 2 })
    expect([second.resources.length, second.total_count]).toEqual([1, 3])
    expect(await ids({ ...asked, offset: '9999' })).toEqual([])
  })

  it('are ten to a page when nothing is said, and a thousand at most', async () => {
    for (let count = 0; count < 11; count++) await makeKey(keystead)
    expect(await ids({})).toHaveLength(10)
    const { resources, total_count } = await huaweiOk(keystead, call, { limit: '1000' })
    expect(resources).toHaveLength(total_count)
  })

  it('are counted without being shown', async () => {
    const counted = await huaweiOk(keystead, call, { action: 'count', tags: [{ key: 'search-size' }] })
    expect(counted).toEqual({ total_count: 3 })
  })

  it('are found while they are to be deleted, and no longer when that was', async () => {
    const key_id = await makeKey(keystead)
    await create(key_id, { key: 'search-deleted' })
    await moveInto(keystead, key_id, '4')
    expect(await ids({ tags: [{ key: 'search-deleted' }] })).toEqual([key_id])
    keystead.clock.pass(7 * 86_400_000)
    expect((await huaweiOk(keystead, 'GET kms/tags')).tags).not.toContainEqual({ key: 'search-deleted', values: [''] })
  })

  it.each([
    ['an unknown action', { action: 'find' }, 'KMS.0404'],
    ['an empty action', { action: '' }, 'KMS.0404'],
    ['a limit for count', { action: 'count', limit: '10' }, 'KMS.0418'],
    ['an offset for count', { action: 'count', offset: '0' }, 'KMS.0418'],
    ['a negative offset', { offset: '-1' }, 'KMS.0417'],
    ['an offset that is no number', { offset: 'x' }, 'KMS.0417'],
    ['a limit of 0', { limit: '0' }, 'KMS.0308'],
    ['a limit of 1001', { limit: 1001 }, 'KMS.0308'],
    ['11 tags', { tags: Array.from({ length: 11 }, (_, at) => ({ key: `k${at}` })) }, 'KMS.0414'],
    ['a tag without a key', { tags: [{ values: ['a'] }] }, 'KMS.0414'],
    ['a tag with an empty key', { tags: [{ key: '' }] }, 'KMS.0414'],
    ['a tag with a long value', { tags: [{ key: 'a', values: ['v'.repeat(256)] }] }, 'KMS.0414'],
    ['tags that are no list', { tags: 'a' }, 'KMS.0414'],
    ['a tag with another member', { tags: [{ key: 'a', colour: 'red' }] }, 'KMS.0414'],
    ['11 values', { tags: [{ key: 'a', values: Array.from({ length: 11 }, (_, at) => `v${at}`) }] }, 'KMS.0413'],
    ['another field', { matches: [{ key: 'resource_id', value: 'a' }] }, 'KMS.0403'],
    ['a long name', { matches: [{ key: 'resource_name', value: 'a'.repeat(256) }] }, 'KMS.0402'],
    ['matches that are no list', { matches: 'a' }, 'KMS.0415'],
    ['a match without a key', { matches: [{ value: 'a' }] }, 'KMS.0415'],
    ['11 matches', { matches: Array.from({ length: 11 }, () => ({ key: 'resource_name' })) }, 'KMS.0415'],
    ['a member that is not declared', { colour: 'red' }, 'KMS.0308'],
  ])('are not looked for with %s', async (_what, asked, code) => {
    expectError(await search(asked), 400, code)
  })

  it('are looked for under one word alone', async () => {
    expectError(await huaweiCall(keystead, 'POST kms/keys/action', {}), 400, 'KMS.0408')
  })

  it('have their tags listed by key', async () => {
    const { tags: all } = await huaweiOk(keystead, 'GET kms/tags')
    expect(all).toContainEqual({ key: 'search-colour', values: ['blue', 'red'] })
    expect(all).toContainEqual({ key: 'search-size', values: ['large', 'small'] })
  })
})
