/**
 * The calls of the Terraform provider, in its order and with its members, to the hosts that TENCENTCLOUD_DOMAIN makes of
 * the services' names. What it compares to decide that nothing is to do is compared here.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { materialOf, newAlias, wrapMaterial } from '../../harness/keys.ts'
import { type CallOptions, type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

let keystead: TestKeystead
let called: string[]
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())
beforeEach(() => {
  called = []
})

const region = 'ap-shanghai'

/** One call as the provider's SDK sends it: POST, TC3, en-US, the service named by the first label of the host. */
const api = (service: NonNullable<CallOptions['service']>) => async (action: string, members: Members) => {
  called.push(`${service}.${action}`)
  return keystead.ok(action, members, { service, region, headers: { 'X-TC-Language': 'en-US' } })
}
const kms = api('kms')
const tag = api('tag')

interface Key {
  readonly alias: string
  readonly description?: string
  readonly enabled?: boolean
  readonly rotated?: boolean
  readonly archived?: boolean
  readonly tags?: Readonly<Record<string, string>>
}

const listOf = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))

const describeKey = async (KeyId: string): Promise<Members> => (await kms('DescribeKey', { KeyId })).KeyMetadata

/** Rows of another id than the one that was asked are dropped, as the provider does. */
const readTags = async (ResourceId: string): Promise<Record<string, string>> => {
  const { Tags } = await tag('DescribeResourceTagsByResourceIds', {
    ServiceType: 'kms',
    ResourcePrefix: 'key',
    ResourceRegion: region,
    ResourceIds: [ResourceId],
    Offset: 0,
    Limit: 20,
  })
  const own = Tags.filter((row: Members) => row.ResourceId === ResourceId)
  return Object.fromEntries(own.map((row: Members) => [row.TagKey, row.TagValue]))
}

const read = async (KeyId: string) => {
  const metadata = await describeKey(KeyId)
  return { metadata, tags: await readTags(metadata.ResourceId) }
}

const stateOf = ({ metadata, tags }: Awaited<ReturnType<typeof read>>): Required<Key> => ({
  alias: metadata.Alias,
  description: metadata.Description,
  enabled: metadata.KeyState === 'Enabled',
  rotated: metadata.KeyRotationEnabled,
  archived: metadata.KeyState === 'Archived',
  tags,
})

const changeTags = async (KeyId: string, replace: Readonly<Record<string, string>>, remove: readonly string[] = []) => {
  const { ResourceId } = await describeKey(KeyId)
  await tag('ModifyResourceTags', {
    Resource: `qcs::kms:${region}:uin/:key/${ResourceId}`,
    ...(Object.keys(replace).length > 0 ? { ReplaceTags: listOf(replace) } : {}),
    ...(remove.length > 0 ? { DeleteTags: remove.map((TagKey) => ({ TagKey })) } : {}),
  })
}

const create = async ({ alias, description = '', enabled = true, rotated, archived, tags }: Key): Promise<string> => {
  const members = { Alias: alias, Description: description, KeyUsage: 'ENCRYPT_DECRYPT', Type: 1 }
  const { KeyId } = await kms('CreateKey', members)
  if (!enabled && !archived) await kms('DisableKey', { KeyId })
  if (rotated) await kms('EnableKeyRotation', { KeyId })
  if (archived) await kms('ArchiveKey', { KeyId })
  if (tags) await changeTags(KeyId, tags)
  return KeyId
}

/** A read, and a plan: whether what is there is what is wanted. */
const apply = async (KeyId: string, wanted: Key) => {
  const found = await read(KeyId)
  const defaults = { description: '', enabled: !wanted.archived, rotated: false, archived: false, tags: {} }
  expect(stateOf(found)).toEqual({ ...defaults, ...wanted })
  return found
}

const destroy = async (KeyId: string): Promise<number> => {
  if ((await describeKey(KeyId)).KeyState === 'Enabled') await kms('DisableKey', { KeyId })
  await kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  for (let polls = 1; ; polls++) if ((await describeKey(KeyId)).KeyState === 'PendingDelete') return polls
}

const reading = ['kms.DescribeKey', 'tag.DescribeResourceTagsByResourceIds']
const tagging = ['kms.DescribeKey', 'tag.ModifyResourceTags']

describe('tencentcloud_kms_key', () => {
  const kinds: readonly (readonly [string, Omit<Key, 'alias'>, readonly string[]])[] = [
    ['as it comes', {}, []],
    ['disabled', { enabled: false }, ['kms.DisableKey']],
    ['that rotates', { rotated: true }, ['kms.EnableKeyRotation']],
    ['archived', { archived: true, enabled: false }, ['kms.ArchiveKey']],
    ['with tags', { tags: { env: 'dev', 'cost:centre': '12 a/b' } }, tagging],
    ['that rotates, with tags', { rotated: true, tags: { env: 'dev' } }, ['kms.EnableKeyRotation', ...tagging]],
  ]
  test.each(kinds)('%s is made, and a second apply has nothing to do', async (_name, rest, calls) => {
    const wanted = { alias: newAlias(), description: 'by Terraform', ...rest }
    const KeyId = await create(wanted)
    const first = await apply(KeyId, wanted)
    const second = await apply(KeyId, wanted)
    expect(second).toEqual(first)
    expect(called).toEqual(['kms.CreateKey', ...calls, ...reading, ...reading])
  })

  test('is changed in place, and switched on again although it is on', async () => {
    const wanted = { alias: newAlias(), description: 'first', tags: { a: '1', b: '2' } }
    const KeyId = await create(wanted)
    called = []
    const changed = { alias: newAlias(), description: 'second', rotated: true, tags: { b: '3', c: '4' } }
    await kms('UpdateKeyDescription', { KeyId, Description: changed.description })
    await kms('UpdateAlias', { KeyId, Alias: changed.alias })
    await kms('EnableKey', { KeyId })
    await kms('EnableKeyRotation', { KeyId })
    await changeTags(KeyId, { b: '3', c: '4' }, ['a'])
    const found = await apply(KeyId, changed)
    await kms('EnableKey', { KeyId })
    expect(await apply(KeyId, changed)).toEqual(found)
  })

  test('is disabled, archived and archived again by updates', async () => {
    const wanted = { alias: newAlias() }
    const KeyId = await create(wanted)
    await kms('DisableKey', { KeyId })
    await kms('DisableKey', { KeyId })
    await apply(KeyId, { ...wanted, enabled: false })
    await kms('EnableKey', { KeyId })
    await kms('ArchiveKey', { KeyId })
    await kms('ArchiveKey', { KeyId })
    await apply(KeyId, { ...wanted, archived: true })
  })

  test('loses all of its tags', async () => {
    const wanted = { alias: newAlias(), tags: { a: '1', b: '2' } }
    const KeyId = await create(wanted)
    await changeTags(KeyId, {}, ['a', 'b'])
    await apply(KeyId, { ...wanted, tags: {} })
  })

  test.each([{}, { enabled: false }])('%j is destroyed: the first poll sees that it is pending', async (rest) => {
    const KeyId = await create({ alias: newAlias(), tags: { env: 'dev' }, ...rest })
    called = []
    expect(await destroy(KeyId)).toBe(1)
    const disable = 'enabled' in rest ? [] : ['kms.DisableKey']
    expect(called).toEqual(['kms.DescribeKey', ...disable, 'kms.ScheduleKeyDeletion', 'kms.DescribeKey'])
  })

  test('with more tags than a page of the provider has is read whole', async () => {
    const tags = Object.fromEntries(Array.from({ length: 45 }, (_, at) => [`k${at}`, `v${at}`]))
    const KeyId = await create({ alias: newAlias(), tags })
    const { ResourceId } = await describeKey(KeyId)
    const found: Record<string, string> = {}
    for (let Offset = 0; ; Offset += 20) {
      const asked = { ServiceType: 'kms', ResourcePrefix: 'key', ResourceRegion: region, ResourceIds: [ResourceId] }
      const { Tags } = await tag('DescribeResourceTagsByResourceIds', { ...asked, Offset, Limit: 20 })
      for (const { TagKey, TagValue } of Tags) found[TagKey] = TagValue
      if (Tags.length < 20) break
    }
    expect(found).toEqual(tags)
  })
})

describe('tencentcloud_kms_external_key', () => {
  test('is made, given its material, tagged, read twice alike and destroyed', async () => {
    const alias = newAlias()
    const { KeyId } = await kms('CreateKey', {
      Alias: alias,
      Description: 'external',
      KeyUsage: 'ENCRYPT_DECRYPT',
      Type: 2,
    })
    const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }
    const { PublicKey, ImportToken } = await kms('GetParametersForImport', { KeyId, ...wrapping })
    const ValidTo = Math.floor(keystead.clock.now() / 1000) + 86_400
    const EncryptedKeyMaterial = wrapMaterial(PublicKey, materialOf(3))
    await kms('ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial, ValidTo })
    await changeTags(KeyId, { env: 'dev' })
    const wanted = { alias, description: 'external', tags: { env: 'dev' } }
    const first = await apply(KeyId, wanted)
    expect(first.metadata).toMatchObject({ Origin: 'EXTERNAL', ValidTo, KeyState: 'Enabled' })
    expect(await apply(KeyId, wanted)).toEqual(first)
    await destroy(KeyId)
  })
})

describe('tencentcloud_kms_cloud_resource_attachment', () => {
  test('is made, read by the key alone, and taken away, after which the key can go', async () => {
    const KeyId = await create({ alias: newAlias() })
    const attachment = { KeyId, ProductId: 'ssm', ResourceId: 'ins-1' }
    await kms('BindCloudResource', attachment)
    const first = await describeKey(KeyId)
    expect(await describeKey(KeyId)).toEqual(first)
    await kms('UnbindCloudResource', attachment)
    await destroy(KeyId)
  })
})

describe('the data sources', () => {
  test('page through the keys until a page is short, and read the same twice', async () => {
    const Aliases: string[] = []
    for (let made = 0; made < 23; made++) {
      Aliases.push(newAlias())
      await kms('CreateKey', { Alias: Aliases.at(-1), Description: 'listed', KeyUsage: 'ENCRYPT_DECRYPT', Type: 1 })
    }
    const pages = async (action: string, list: string, size: number, members: Members) => {
      const rows: Members[] = []
      for (let Offset = 0; ; Offset += size) {
        const page = (await kms(action, { ...members, Offset, Limit: size }))[list]
        rows.push(...page)
        if (page.length < size) return rows
      }
    }
    const details = () =>
      pages('ListKeyDetail', 'KeyMetadatas', 200, { Role: 0, OrderType: 0, KeyState: 0, Origin: 'ALL' })
    const first = await details()
    expect(first.map(({ Alias }) => Alias)).toEqual(expect.arrayContaining(Aliases))
    expect(await details()).toEqual(first)
    const ids = (await pages('ListKeys', 'Keys', 20, { Role: 0 })).map(({ KeyId }) => KeyId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThanOrEqual(23)
    const described = await kms('DescribeKeys', { KeyIds: ids.slice(0, 100) })
    expect(described.KeyMetadatas).toHaveLength(Math.min(ids.length, 100))
  })

  test('of the service answer', async () => {
    expect((await kms('GetRegions', {})).Regions).toContain(region)
    expect((await kms('GetServiceStatus', {})).ServiceEnabled).toBe(true)
    expect((await kms('ListAlgorithms', {})).SymmetricAlgorithms.length).toBeGreaterThan(0)
  })

  test('filter by tags what the resources were given', async () => {
    const alias = newAlias()
    await create({ alias, tags: { app: alias } })
    const asked = { Offset: 0, Limit: 200, TagFilters: [{ TagKey: 'app', TagValue: [alias] }] }
    expect((await kms('ListKeyDetail', asked)).KeyMetadatas).toMatchObject([{ Alias: alias }])
  })
})
