import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringInto, createImported, createKey, type KeyState } from '../../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../../harness/keystead.ts'

let keystead: TestKeystead
/** Newest first, as lists have them. */
let all: { KeyId: string; Alias: string; state: KeyState }[]

beforeAll(async () => {
  keystead = await startKeystead()
  all = []
  const made: [string, KeyState][] = [
    ['plain-1', 'Enabled'],
    ['Plain-2', 'Disabled'],
    ['under_score', 'Archived'],
    ['underXscore', 'PendingDelete'],
    ['plain-3', 'Enabled'],
  ]
  for (const [Alias, state] of made) {
    const KeyId = await createKey(keystead, { Alias })
    await bringInto(keystead, KeyId, state)
    all.unshift({ KeyId, Alias, state })
  }
  const imported = await createImported(keystead)
  await keystead.ok('UpdateAlias', { KeyId: imported, Alias: 'imported-1' })
  all.unshift({ KeyId: imported, Alias: 'imported-1', state: 'Enabled' })
  const waiting = await createKey(keystead, { Type: 2, Alias: 'imported-2' })
  all.unshift({ KeyId: waiting, Alias: 'imported-2', state: 'PendingImport' })
  await createKey(keystead, { Alias: 'elsewhere' }, { region: 'ap-shanghai' })
})
afterAll(() => keystead.end())

const detail = async (members: Members = {}): Promise<{ aliases: string[]; total: number }> => {
  const { KeyMetadatas, TotalCount } = await keystead.ok('ListKeyDetail', members)
  return { aliases: KeyMetadatas.map((found: Members) => found.Alias), total: TotalCount }
}
const ids = async (members: Members = {}): Promise<{ ids: string[]; total: number }> => {
  const { Keys, TotalCount } = await keystead.ok('ListKeys', members)
  return { ids: Keys.map((found: Members) => found.KeyId), total: TotalCount }
}
const inStates = (...states: KeyState[]) => all.filter(({ state }) => states.includes(state))
const aliasesOf = (keys: typeof all) => keys.map(({ Alias }) => Alias)
const code = async (action: string, members: Members) => (await keystead.call(action, members)).code

describe('ListKeys', () => {
  test('has ids of keys that are Enabled, Disabled or PendingImport, newest first', async () => {
    const listed = inStates('Enabled', 'Disabled', 'PendingImport').map(({ KeyId }) => KeyId)
    expect(await ids()).toEqual({ ids: listed, total: listed.length })
  })

  test('has nothing but ids', async () => {
    const { Keys } = await keystead.ok('ListKeys', { Limit: 1 })
    expect(Keys.map((found: Members) => Object.keys(found))).toEqual([['KeyId']])
  })

  test('pages are parts of the whole, counted before they are cut', async () => {
    const whole = await ids({ Limit: 200 })
    const paged: string[] = []
    for (let Offset = 0; Offset < whole.total; Offset += 2) {
      const page = await ids({ Offset, Limit: 2 })
      expect(page.total).toBe(whole.total)
      paged.push(...page.ids)
    }
    expect(paged).toEqual(whole.ids)
    expect(await ids({ Offset: 1000 })).toEqual({ ids: [], total: whole.total })
  })

  test('has 10 rows when no limit is asked', async () => {
    const options = { region: 'ap-beijing' }
    for (let at = 0; at < 11; at++) await createKey(keystead, {}, options)
    const { Keys, TotalCount } = await keystead.ok('ListKeys', {}, options)
    expect([Keys.length, TotalCount]).toEqual([10, 11])
    expect((await keystead.ok('ListKeyDetail', {}, options)).KeyMetadatas).toHaveLength(10)
  })
})

describe('both lists', () => {
  test.each(['ListKeys', 'ListKeyDetail'])('%s takes limits from 1 to 200 and no negative offset', async (action) => {
    for (const Limit of [1, 200]) expect(await code(action, { Limit })).toBeUndefined()
    for (const Limit of [0, 201, -1, 1.5])
      expect([Limit, await code(action, { Limit })]).toEqual([Limit, 'InvalidParameter'])
    expect(await code(action, { Offset: -1 })).toBe('InvalidParameter')
    expect(await code(action, { Offset: Number.MAX_SAFE_INTEGER })).toBeUndefined()
    expect(await code(action, { Role: 2 })).toBe('InvalidParameter')
  })

  test('cloud products have no keys here, and there is no cluster', async () => {
    expect((await ids({ Role: 1 })).total).toBe(0)
    expect(await detail({ Role: 1 })).toEqual({ aliases: [], total: 0 })
    expect((await ids({ Role: 0, HsmClusterId: '' })).total).toBeGreaterThan(0)
  })

  test('lists that are empty are empty arrays', async () => {
    const options = { region: 'ap-tokyo' }
    expect(await keystead.ok('ListKeys', {}, options)).toMatchObject({ Keys: [], TotalCount: 0 })
    expect(await keystead.ok('ListKeyDetail', {}, options)).toMatchObject({ KeyMetadatas: [], TotalCount: 0 })
  })
})

describe('ListKeyDetail', () => {
  test('has every key of the region, newest first or oldest first', async () => {
    expect(await detail()).toEqual({ aliases: aliasesOf(all), total: all.length })
    expect((await detail({ OrderType: 0 })).aliases).toEqual(aliasesOf(all))
    expect((await detail({ OrderType: 1 })).aliases).toEqual(aliasesOf(all).toReversed())
    expect(await code('ListKeyDetail', { OrderType: 2 })).toBe('InvalidParameter')
  })

  test('tells of each key what DescribeKey tells', async () => {
    const { KeyMetadatas } = await keystead.ok('ListKeyDetail')
    for (const found of KeyMetadatas as Members[])
      expect((await keystead.ok('DescribeKey', { KeyId: found.KeyId })).KeyMetadata).toEqual(found)
  })

  test.each<[number, KeyState]>([
    [1, 'Enabled'],
    [2, 'Disabled'],
    [3, 'PendingDelete'],
    [4, 'PendingImport'],
    [5, 'Archived'],
  ])('KeyState %i keeps the keys that are %s', async (KeyState, state) => {
    const expected = aliasesOf(inStates(state))
    expect(expected.length).toBeGreaterThan(0)
    expect(await detail({ KeyState })).toEqual({ aliases: expected, total: expected.length })
  })

  test('KeyState 0 keeps all, and 6 is none', async () => {
    expect((await detail({ KeyState: 0 })).total).toBe(all.length)
    expect(await code('ListKeyDetail', { KeyState: 6 })).toBe('InvalidParameter')
  })

  test('Origin keeps generated or imported keys, in the case that is documented', async () => {
    expect((await detail({ Origin: 'EXTERNAL' })).aliases).toEqual(['imported-2', 'imported-1'])
    expect((await detail({ Origin: 'TENCENT_KMS' })).total).toBe(5)
    expect((await detail({ Origin: 'ALL' })).total).toBe(7)
    expect(await code('ListKeyDetail', { Origin: 'external' })).toBe('InvalidParameter')
  })

  test('KeyUsage absent, empty, ALL or ENCRYPT_DECRYPT keeps the keys, another has none', async () => {
    for (const KeyUsage of ['', 'ALL', 'ENCRYPT_DECRYPT']) expect((await detail({ KeyUsage })).total).toBe(7)
    expect((await detail({ KeyUsage: 'ASYMMETRIC_SIGN_VERIFY_ECDSA384' })).total).toBe(0)
    expect(await code('ListKeyDetail', { KeyUsage: 'NONSENSE' })).toBe('InvalidParameter')
  })

  test.each([
    ['PLAIN-', ['plain-3', 'Plain-2', 'plain-1']],
    ['lain-2', ['Plain-2']],
    ['under_score', ['under_score']],
    ['r_s', ['under_score']],
    ['UNDERx', ['underXscore']],
    ['%', []],
    ['_', ['under_score']],
    ["'", []],
    ['\\', []],
    ['*', []],
    ['"', []],
    ['elsewhere', []],
  ])('a search for %s ignores case and takes every character for itself', async (SearchKeyAlias, aliases) => {
    expect(await detail({ SearchKeyAlias })).toEqual({ aliases, total: aliases.length })
  })

  test('a search finds parts of ids, and an empty one finds all', async () => {
    const { KeyId, Alias } = all[2] as (typeof all)[number]
    expect((await detail({ SearchKeyAlias: KeyId })).aliases).toEqual([Alias])
    expect((await detail({ SearchKeyAlias: KeyId.slice(9).toUpperCase() })).aliases).toEqual([Alias])
    expect((await detail({ SearchKeyAlias: '' })).total).toBe(all.length)
    expect(await code('ListKeyDetail', { SearchKeyAlias: 'x'.repeat(257) })).toBe('InvalidParameter')
  })

  test('filters are all meant, and counted before the page is cut', async () => {
    const members = { SearchKeyAlias: 'plain', KeyState: 1, Origin: 'TENCENT_KMS', OrderType: 1 }
    expect(await detail(members)).toEqual({ aliases: ['plain-1', 'plain-3'], total: 2 })
    expect(await detail({ ...members, Offset: 1, Limit: 1 })).toEqual({ aliases: ['plain-3'], total: 2 })
  })

  test('a filter by tag finds what has every key with one of the values, and counts it before the page is cut', async () => {
    const give = async (Alias: string, tags: Record<string, string>) => {
      const { KeyId } = all.find((one) => one.Alias === Alias) as { KeyId: string }
      const ReplaceTags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))
      const Resource = `qcs::kms:ap-guangzhou:uin/:key/${KeyId}`
      await keystead.ok('ModifyResourceTags', { Resource, ReplaceTags }, { service: 'tag' })
    }
    await give('plain-1', { env: 'dev', team: 'red' })
    await give('Plain-2', { env: 'prod', team: 'red' })
    await give('plain-3', { env: 'test' })
    const filter = (TagKey: string, ...TagValue: string[]) => (TagValue.length > 0 ? { TagKey, TagValue } : { TagKey })
    const found = (...TagFilters: Members[]) => detail({ TagFilters, OrderType: 1 })
    expect(await found(filter('env', 'dev'))).toEqual({ aliases: ['plain-1'], total: 1 })
    expect(await found(filter('env', 'dev', 'test'))).toEqual({ aliases: ['plain-1', 'plain-3'], total: 2 })
    expect(await found(filter('env'), filter('team', 'red'))).toEqual({ aliases: ['plain-1', 'Plain-2'], total: 2 })
    expect((await found(filter('env', 'DEV'))).total).toBe(0)
    expect((await found(filter('dev'))).total).toBe(0)
    expect(await detail({ TagFilters: [filter('env')], Offset: 1, Limit: 1 })).toEqual({
      aliases: ['Plain-2'],
      total: 3,
    })
    expect((await detail({ TagFilters: [filter('env')], KeyState: 1 })).total).toBe(2)
    expect((await detail({ TagFilters: [] })).total).toBe(7)
    expect(await code('ListKeyDetail', { TagFilters: [{ TagValue: ['dev'] }] })).toBe('MissingParameter')
  })
})
