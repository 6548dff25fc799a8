/** The tag service as its clients ask it: under its own host, version and signature scope, on the same server. */
import { createHash } from 'node:crypto'
import { tag } from 'tencentcloud-sdk-nodejs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { texts } from '../../../../src/dialects/tencent/codes.ts'
import { services } from '../../../../src/dialects/tencent/services.ts'
import { neighbours } from '../../../../src/dialects/tencent/vendor-neighbours.ts'
import { addAccessKey, addAccount, addPrincipal } from '../../../harness/access.ts'
import { createKey, newAlias } from '../../../harness/keys.ts'
import { type CallOptions, type Members, startKeystead, type TestKeystead } from '../../../harness/keystead.ts'
import vendor from '../../../vendor/tencent-tag.json' with { type: 'json' }

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const call = (action: string, members: Members, options: CallOptions = {}) =>
  keystead.call(action, members, { service: 'tag', ...options })
const ok = (action: string, members: Members, options: CallOptions = {}) =>
  keystead.ok(action, members, { service: 'tag', ...options })

interface Made {
  readonly KeyId: string
  readonly ResourceId: string
  readonly name: string
}

const list = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))

const named = (id: string, region = 'ap-guangzhou', uin = '') => `qcs::kms:${region}:uin/${uin}:key/${id}`

const make = async (tags: Readonly<Record<string, string>> = {}, region = 'ap-guangzhou'): Promise<Made> => {
  const Tags = list(tags)
  const KeyId = await createKey(keystead, Tags.length > 0 ? { Tags } : {}, { region })
  const ResourceId = `creatorUin/${keystead.credentials.tencent.uin}/${KeyId}`
  return { KeyId, ResourceId, name: named(ResourceId, region) }
}

const asked = { ServiceType: 'kms', ResourcePrefix: 'key', ResourceRegion: 'ap-guangzhou' }

const tagsOf = async (id: string, region = 'ap-guangzhou'): Promise<Record<string, string>> => {
  const members = { ...asked, ResourceRegion: region, ResourceIds: [id] }
  const { Tags } = await ok('DescribeResourceTagsByResourceIds', members)
  return Object.fromEntries(Tags.map(({ TagKey, TagValue }: Members) => [TagKey, TagValue]))
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

describe('the tags of a key', () => {
  test('that were given at its creation are what the tag service tells', async () => {
    const { ResourceId, KeyId } = await make({ env: 'dev', 团队: '红 a+b' })
    const { Tags, TotalCount, Offset, Limit } = await ok('DescribeResourceTagsByResourceIds', {
      ...asked,
      ResourceIds: [ResourceId, KeyId],
    })
    expect({ TotalCount, Offset, Limit }).toEqual({ TotalCount: 4, Offset: 0, Limit: 0 })
    const row = (id: string, TagKey: string, TagValue: string) => ({
      TagKey,
      TagValue,
      ResourceId: id,
      TagKeyMd5: md5(TagKey),
      TagValueMd5: md5(TagValue),
      ServiceType: 'kms',
      Category: 'Custom',
    })
    const rows = (id: string) => [row(id, 'env', 'dev'), row(id, '团队', '红 a+b')]
    expect(Tags).toEqual([...rows(ResourceId), ...rows(KeyId)])
  })

  test('are replaced and detached in one call, and a key that is not there is detached too', async () => {
    const { ResourceId, name } = await make({ a: '1', b: '2' })
    await ok('ModifyResourceTags', {
      Resource: name,
      ReplaceTags: list({ b: '3', c: '4' }),
      DeleteTags: [{ TagKey: 'a' }, { TagKey: 'never' }],
    })
    expect(await tagsOf(ResourceId)).toEqual({ b: '3', c: '4' })
  })

  test('are the same under the bare id and under the one with its creator', async () => {
    const { KeyId, ResourceId } = await make()
    await ok('ModifyResourceTags', { Resource: named(KeyId), ReplaceTags: list({ a: '1' }) })
    expect(await tagsOf(ResourceId)).toEqual({ a: '1' })
    await ok('TagResources', { ResourceList: [named(KeyId), named(ResourceId)], Tags: list({ b: '2' }) })
    expect(await tagsOf(KeyId)).toEqual({ a: '1', b: '2' })
    expect(await tagsOf(`creatorUin/1/${KeyId}`)).toEqual({})
  })

  test('are found in the region that the name says, whichever the request is sent to', async () => {
    const { ResourceId, name } = await make({}, 'ap-shanghai')
    await ok('ModifyResourceTags', { Resource: name, ReplaceTags: list({ a: '1' }) })
    expect(await tagsOf(ResourceId, 'ap-shanghai')).toEqual({ a: '1' })
    expect(await tagsOf(ResourceId, 'ap-guangzhou')).toEqual({})
    const wrong = await call('ModifyResourceTags', { Resource: named(ResourceId), ReplaceTags: list({ a: '2' }) })
    expect(wrong.code).toBe('InvalidParameterValue.ResourceIdInvalid')
  })

  test('of another account are neither told nor changed', async () => {
    const { ResourceId, name } = await make({ a: '1' })
    const key = await addAccount(keystead)
    const read = await ok('DescribeResourceTagsByResourceIds', { ...asked, ResourceIds: [ResourceId] }, { key })
    expect(read.Tags).toEqual([])
    const changed = await call('ModifyResourceTags', { Resource: name, ReplaceTags: list({ a: '2' }) }, { key })
    expect(changed.code).toBe('InvalidParameterValue.ResourceIdInvalid')
    expect((await ok('GetResources', {}, { key })).ResourceTagMappingList).toEqual([])
    expect(await tagsOf(ResourceId)).toEqual({ a: '1' })
  })

  test('come page by page, and none is of the system', async () => {
    const { ResourceId } = await make({ a: '1', b: '2', c: '3' })
    const page = async (members: Members) => {
      const action = 'DescribeResourceTagsByResourceIds'
      const { Tags, TotalCount } = await ok(action, { ...asked, ResourceIds: [ResourceId], ...members })
      return [TotalCount, Tags.map(({ TagKey }: Members) => TagKey).join('')]
    }
    expect(await page({ Offset: 2, Limit: 2 })).toEqual([3, 'c'])
    expect(await page({ Offset: 0, Limit: 2 })).toEqual([3, 'ab'])
    expect(await page({ Category: 'System' })).toEqual([0, ''])
    const one = await ok('DescribeResourceTags', { ...asked, ResourceId, Offset: 1, Limit: 1 })
    expect(one).toMatchObject({ TotalCount: 3, Offset: 1, Limit: 1, Rows: [{ TagKey: 'b', ResourceId }] })
  })

  test('are at most fifty', async () => {
    const { ResourceId, name } = await make()
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, 'v']))
    await ok('ModifyResourceTags', { Resource: name, ReplaceTags: list(many) })
    const one = await call('ModifyResourceTags', { Resource: name, ReplaceTags: list({ more: 'v' }) })
    expect(one.code).toBe('LimitExceeded.ResourceAttachedTags')
    await ok('ModifyResourceTags', { Resource: name, ReplaceTags: list({ more: 'v' }), DeleteTags: [{ TagKey: 'k0' }] })
    expect(Object.keys(await tagsOf(ResourceId))).toHaveLength(50)
  })

  test('go with the key', async () => {
    const { KeyId, name, ResourceId } = await make({ gone: 'soon' })
    await keystead.ok('DisableKey', { KeyId })
    await keystead.ok('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    expect(await tagsOf(ResourceId)).toEqual({ gone: 'soon' })
    keystead.clock.jump(8 * 86_400_000)
    expect(await tagsOf(ResourceId)).toEqual({})
    const filter = { TagFilters: [{ TagKey: 'gone' }] }
    expect((await ok('GetResources', filter)).ResourceTagMappingList).toEqual([])
    expect((await call('ModifyResourceTags', { Resource: name, ReplaceTags: list({ a: '1' }) })).code).toBe(
      'InvalidParameterValue.ResourceIdInvalid',
    )
    keystead.clock.jump(-8 * 86_400_000)
  })
})

describe('several resources at once', () => {
  test('are tagged and untagged, and those that there are not are named', async () => {
    const [one, two] = [await make(), await make({ b: '9' })]
    const missing = named('23e80852-1e38-11e9-b129-5cb9019b4b01')
    const ResourceList = [one.name, missing, two.name]
    const tagged = await ok('TagResources', { ResourceList, Tags: list({ a: '1', b: '2' }) })
    expect(tagged.FailedResources).toEqual([
      { Resource: missing, Code: 'InvalidParameterValue.ResourceIdInvalid', Message: expect.any(String) },
    ])
    expect([await tagsOf(one.KeyId), await tagsOf(two.KeyId)]).toEqual([
      { a: '1', b: '2' },
      { a: '1', b: '2' },
    ])
    const untagged = await ok('UnTagResources', { ResourceList: [one.name, two.name], TagKeys: ['a', 'never'] })
    expect(untagged.FailedResources).toEqual([])
    expect([await tagsOf(one.KeyId), await tagsOf(two.KeyId)]).toEqual([{ b: '2' }, { b: '2' }])
  })

  test('are listed by their tags, of every region, page by page, keys AND, values OR', async () => {
    const team = newAlias()
    const [a, b, c] = [
      await make({ team, env: 'dev' }),
      await make({ team, env: 'prod' }, 'ap-shanghai'),
      await make({ team }),
    ]
    const found = async (filters: Members[], members: Members = {}): Promise<Members> => {
      const answer = await ok('GetResources', { TagFilters: filters, ...members })
      return { ...answer, names: answer.ResourceTagMappingList.map(({ Resource }: Members) => Resource) }
    }
    const { uin } = keystead.credentials.tencent
    const nameOf = ({ ResourceId }: Made, region = 'ap-guangzhou') => named(ResourceId, region, uin)
    const [first, second, third] = [nameOf(a), nameOf(b, 'ap-shanghai'), nameOf(c)]
    const ofTeam = { TagKey: 'team', TagValue: [team] }
    expect((await found([ofTeam])).names).toEqual([first, second, third])
    expect((await found([ofTeam, { TagKey: 'env' }])).names).toEqual([first, second])
    expect((await found([ofTeam, { TagKey: 'env', TagValue: ['prod', 'test'] }])).names).toEqual([second])
    expect((await found([ofTeam], { ResourceList: [first, b.name] })).names).toEqual([first, second])
    const page = await found([ofTeam], { MaxResults: 2 })
    expect(page.names).toEqual([first, second])
    const rest = await found([ofTeam], { MaxResults: 2, PaginationToken: page.PaginationToken })
    expect([rest.names, rest.PaginationToken]).toEqual([[third], ''])
    expect(page.ResourceTagMappingList[0].Tags).toEqual([
      { TagKey: 'team', TagValue: team, Category: 'Custom' },
      { TagKey: 'env', TagValue: 'dev', Category: 'Custom' },
    ])
  })
})

describe('every code of the service', () => {
  const codeOf = async (action: string, members: Members, options?: CallOptions) =>
    (await call(action, members, options)).code
  const modify = async (members: Members, options?: CallOptions) =>
    codeOf('ModifyResourceTags', { Resource: (await make()).name, ...members }, options)
  const set = (TagKey: string, TagValue = 'v') => modify({ ReplaceTags: [{ TagKey, TagValue }] })
  const resource = (Resource: string) => modify({ Resource, ReplaceTags: list({ a: '1' }) })
  const describeIds = (members: Members) =>
    codeOf('DescribeResourceTagsByResourceIds', { ...asked, ResourceIds: ['x'], ...members })
  const many = (length: number) => Array.from({ length }, (_, at) => `k${at}`)
  const value = 'InvalidParameterValue'

  const ways: Readonly<Record<string, () => Promise<string | undefined>>> = {
    'AuthFailure.UnauthorizedOperation': async () => {
      const key = await addAccessKey(keystead, { principal: await addPrincipal(keystead) })
      return modify({ ReplaceTags: list({ a: '1' }) }, { key })
    },
    InvalidParameter: () => modify({ ReplaceTags: [] }),
    MissingParameter: () => codeOf('ModifyResourceTags', { ReplaceTags: list({ a: '1' }) }),
    UnsupportedOperation: () => codeOf('DescribeResourceTags', { ResourceId: 'x', CosResourceId: 1 }),
    'InvalidParameter.PaginationTokenInvalid': () => codeOf('GetResources', { PaginationToken: 'x' }),
    'InvalidParameter.UnsupportedService': () => resource('qcs::cvm:ap-guangzhou:uin/:instance/ins-1'),
    [`${value}.DeleteTagsParamError`]: () => modify({ ReplaceTags: list({ a: '1' }), DeleteTags: [{ TagKey: 'a' }] }),
    [`${value}.OffsetInvalid`]: () => describeIds({ Offset: 3, Limit: 2 }),
    [`${value}.RegionInvalid`]: () => describeIds({ ResourceRegion: 'ap-nowhere' }),
    [`${value}.ReservedTagKey`]: () => set('QCloud:mine'),
    [`${value}.ResourceDescriptionError`]: () => resource('key/x'),
    [`${value}.ResourceIdInvalid`]: () => resource(named('x')),
    [`${value}.ResourcePrefixInvalid`]: () => describeIds({ ResourcePrefix: 'instance' }),
    [`${value}.ServiceTypeInvalid`]: () => describeIds({ ServiceType: 'cvm' }),
    [`${value}.TagFilters`]: () => codeOf('GetResources', { TagFilters: [{ TagKey: 'a', TagValue: many(11) }] }),
    [`${value}.TagFiltersLengthExceeded`]: () =>
      codeOf('GetResources', { TagFilters: many(6).map((TagKey) => ({ TagKey })) }),
    [`${value}.TagKeyCharacterIllegal`]: () => set('a\nb'),
    [`${value}.TagKeyDuplicate`]: () => modify({ ReplaceTags: [...list({ a: '1' }), ...list({ a: '2' })] }),
    [`${value}.TagKeyEmpty`]: () => set(''),
    [`${value}.TagKeyLengthExceeded`]: () => set('k'.repeat(128)),
    [`${value}.TagValueCharacterIllegal`]: () => set('a', 'b\u0000'),
    [`${value}.TagValueEmpty`]: () => set('a', ''),
    [`${value}.TagValueLengthExceeded`]: () => set('a', 'v'.repeat(256)),
    'LimitExceeded.ResourceAttachedTags': async () => {
      const { name } = await make({ first: 'v' })
      return codeOf('ModifyResourceTags', {
        Resource: name,
        ReplaceTags: many(50).map((TagKey) => ({ TagKey, TagValue: 'v' })),
      })
    },
    'LimitExceeded.ResourceNumPerRequest': () => describeIds({ ResourceIds: many(51) }),
    'LimitExceeded.TagNumPerRequest': async () =>
      codeOf('UnTagResources', { ResourceList: [(await make()).name], TagKeys: many(51) }),
  }

  const noRegister = 'a tag need not exist before it is attached, and none is made or removed by itself'
  const precise = 'a more precise code is answered'
  const vain: Readonly<Record<string, string>> = {
    AuthFailure: precise,
    FailedOperation: precise,
    LimitExceeded: precise,
    'InvalidParameter.Tag': precise,
    'InvalidParameter.ReservedTagKey': `${value}.ReservedTagKey is answered`,
    'FailedOperation.ResourceTagProcessing': 'a change of tags is done when it is answered',
    'FailedOperation.TagAttachedQuota': 'LimitExceeded.ResourceAttachedTags is answered',
    'FailedOperation.TagAttachedResource': noRegister,
    'LimitExceeded.Quota': noRegister,
    'LimitExceeded.TagKey': noRegister,
    'LimitExceeded.TagValue': noRegister,
    OperationDenied: 'AuthFailure.UnauthorizedOperation is answered',
    'ResourceInUse.TagDuplicate': noRegister,
    'ResourceInUse.TagKeyAttached': noRegister,
    'ResourceNotFound.AttachedTagKeyNotFound': 'detaching what is not attached does nothing',
    'ResourceNotFound.TagNonExist': noRegister,
  }

  test.each(vendor.errors)('%s is answered, or there is a reason why not', async (code) => {
    expect([code in ways, code in vain].filter(Boolean)).toHaveLength(1)
    if (ways[code]) expect(await ways[code]()).toBe(code)
  })

  test('is known to the program, with a text where it is answered', () => {
    expect([...(neighbours.tag?.errors ?? [])].sort()).toEqual([...vendor.errors].sort())
    for (const code of Object.keys(ways)) expect(texts).toHaveProperty([code])
    expect(Object.keys({ ...ways, ...vain }).filter((code) => !vendor.errors.includes(code))).toEqual([])
  })

  test('a refused change changes nothing', async () => {
    const { name, ResourceId } = await make({ a: '1' })
    await call('ModifyResourceTags', { Resource: name, ReplaceTags: list({ a: '2', '': 'x' }) })
    expect(await tagsOf(ResourceId)).toEqual({ a: '1' })
  })
})

test('the documented actions are offered, with the documented members', () => {
  const offered = services.find(({ name }) => name === 'tag')
  expect(offered?.version).toBe(vendor.version)
  const actions = offered?.actions ?? []
  expect(actions.map(({ name }) => name).sort()).toEqual(Object.keys(vendor.actions).sort())
  for (const [name, documented] of Object.entries(vendor.actions)) {
    const { request, response } = actions.find((one) => one.name === name)!
    expect(Object.keys(request).sort(), name).toEqual(documented.request.map((member) => member.name).sort())
    expect([...Object.keys(response), 'RequestId'].sort(), name).toEqual([...documented.response].sort())
    const required = documented.request.filter((member) => member.required).map((member) => member.name)
    expect(
      required.filter((member) => request[member]?.isOptional()),
      name,
    ).toEqual([])
  }
})

test.each(['TC3-HMAC-SHA256', 'HmacSHA256'] as const)(
  'every action works through the Node SDK with %s',
  async (signMethod) => {
    const { host } = new URL(keystead.endpoint)
    const { tencent } = keystead.credentials
    const client = new tag.v20180813.Client({
      credential: tencent,
      region: tencent.region,
      profile: { signMethod, httpProfile: { endpoint: host, protocol: 'http://' } },
    })
    const { KeyId, ResourceId, name } = await make()
    await client.ModifyResourceTags({ Resource: name, ReplaceTags: list({ sdk: signMethod, b: '2' }) })
    await client.TagResources({ ResourceList: [name], Tags: list({ c: '3' }) })
    await client.UnTagResources({ ResourceList: [name], TagKeys: ['b'] })
    const byIds = await client.DescribeResourceTagsByResourceIds({ ...asked, ResourceIds: [KeyId] })
    expect(byIds.Tags?.map(({ TagKey }) => TagKey)).toEqual(['sdk', 'c'])
    expect((await client.DescribeResourceTags({ ...asked, ResourceId })).Rows).toHaveLength(2)
    const listed = await client.GetResources({ TagFilters: [{ TagKey: 'sdk', TagValue: [signMethod] }] })
    expect(listed.ResourceTagMappingList).toHaveLength(1)
  },
)
