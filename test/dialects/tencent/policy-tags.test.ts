/** Policies that rest on tags, over HTTP: what a key has, what a request brings, and what was changed a moment ago. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAccessKey, addPrincipal } from '../../harness/access.ts'
import { createKey, newAlias } from '../../harness/keys.ts'
import { type AccessKey, type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { allows, documentOf, faultOf, language, type Statement } from './policy-question.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const list = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))
const tagged = (tags: Readonly<Record<string, string>>) => createKey(keystead, { Tags: list(tags) })
const nameOf = (KeyId: string) => `qcs::kms:ap-guangzhou:uin/:key/${KeyId}`

const who = async (...statements: readonly Statement[]): Promise<AccessKey> => {
  const principal = await addPrincipal(keystead, { policies: [documentOf(...statements)], language: 'tencent' })
  return addAccessKey(keystead, { principal })
}

const retag = (KeyId: string, ReplaceTags: object[], DeleteTags?: object[], key?: AccessKey) =>
  keystead.call(
    'ModifyResourceTags',
    { Resource: nameOf(KeyId), ReplaceTags, ...(DeleteTags ? { DeleteTags } : {}) },
    { service: 'tag', ...(key ? { key } : {}) },
  )

const encrypts = async (KeyId: string, key: AccessKey): Promise<boolean> => {
  const { code } = await keystead.call('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' }, { key })
  if (code !== undefined) expect(code).toBe('UnauthorizedOperation')
  return code === undefined
}

const has = (...pairs: string[]) => ({ 'for_any_value:string_equal': { 'qcs:resource_tag': pairs } })
const brings = (...pairs: string[]) => ({ 'for_any_value:string_equal': { 'qcs:request_tag': pairs } })

describe('the tags of a key', () => {
  test('let a policy allow the keys that have one, and no others', async () => {
    const key = await who({ action: 'kms:Encrypt', condition: has('env&dev', 'env&test') })
    expect(await encrypts(await tagged({ env: 'dev' }), key)).toBe(true)
    expect(await encrypts(await tagged({ a: 'b', env: 'test' }), key)).toBe(true)
    expect(await encrypts(await tagged({ env: 'prod' }), key)).toBe(false)
    expect(await encrypts(await createKey(keystead), key)).toBe(false)
  })

  test('let a policy deny the keys that have one', async () => {
    const key = await who({}, { effect: 'deny', action: 'kms:*', condition: has('env&prod') })
    expect(await encrypts(await tagged({ env: 'prod' }), key)).toBe(false)
    expect(await encrypts(await tagged({ env: 'dev' }), key)).toBe(true)
  })

  test('are asked by the older name of the condition too', async () => {
    const key = await who({ action: 'kms:Encrypt', condition: { string_equal: { 'qcs:tag/env': 'dev' } } })
    expect(await encrypts(await tagged({ env: 'dev' }), key)).toBe(true)
    expect(await encrypts(await tagged({ env: 'prod' }), key)).toBe(false)
  })

  test('decide as they are in the first request after they were changed, to allow and to deny', async () => {
    const allowed = await who({ action: 'kms:Encrypt', condition: has('env&dev') })
    const denied = await who({}, { effect: 'deny', condition: has('env&dev') })
    const KeyId = await createKey(keystead)
    for (let round = 0; round < 5; round++) {
      expect([await encrypts(KeyId, allowed), await encrypts(KeyId, denied)]).toEqual([false, true])
      expect((await retag(KeyId, list({ env: 'dev' }))).code).toBeUndefined()
      expect([await encrypts(KeyId, allowed), await encrypts(KeyId, denied)]).toEqual([true, false])
      expect((await retag(KeyId, list({ env: 'prod' }))).code).toBeUndefined()
    }
  })

  test('may themselves only be changed by whom a policy lets, also by the tags that they have', async () => {
    const key = await who({ action: 'tag:ModifyResourceTags', condition: has('owner&me') })
    const mine = await tagged({ owner: 'me' })
    expect((await retag(mine, list({ a: '1' }), undefined, key)).code).toBeUndefined()
    expect((await retag(await createKey(keystead), list({ a: '1' }), undefined, key)).code).toBe(
      'AuthFailure.UnauthorizedOperation',
    )
  })
})

describe('the tags that a request brings', () => {
  test('let a policy demand one of every new key', async () => {
    const key = await who({ action: 'kms:CreateKey', condition: brings('env&dev') })
    const made = async (Tags?: object[]) => {
      const members: Members = { Alias: newAlias(), ...(Tags ? { Tags } : {}) }
      return (await keystead.call('CreateKey', members, { key })).code
    }
    expect(await made(list({ env: 'dev' }))).toBeUndefined()
    expect(await made(list({ env: 'prod' }))).toBe('UnauthorizedOperation')
    expect(await made()).toBe('UnauthorizedOperation')
  })

  test('let a policy say which ones may be attached', async () => {
    const key = await who(
      { action: ['tag:ModifyResourceTags', 'tag:TagResources'] },
      { effect: 'deny', action: 'tag:*', condition: brings('env&prod') },
    )
    const KeyId = await createKey(keystead)
    expect((await retag(KeyId, list({ env: 'dev' }), undefined, key)).code).toBeUndefined()
    expect((await retag(KeyId, list({ env: 'prod' }), undefined, key)).code).toBe('AuthFailure.UnauthorizedOperation')
    const many = { ResourceList: [nameOf(KeyId)], Tags: list({ a: '1', env: 'prod' }) }
    const { code } = await keystead.call('TagResources', many, { service: 'tag', key })
    expect(code).toBe('AuthFailure.UnauthorizedOperation')
  })
})

describe('a permission of the tag service', () => {
  test('is no permission of KMS, nor the other way round', async () => {
    const [keys, tags] = [await who({ action: 'kms:*' }), await who({ action: 'tag:*' })]
    const KeyId = await createKey(keystead)
    expect([await encrypts(KeyId, keys), await encrypts(KeyId, tags)]).toEqual([true, false])
    const codes = [keys, tags].map(async (key) => (await retag(KeyId, list({ a: '1' }), undefined, key)).code)
    expect(await Promise.all(codes)).toEqual(['AuthFailure.UnauthorizedOperation', undefined])
  })

  test('is judged on the name of the key', async () => {
    const one = await createKey(keystead)
    const { uin } = keystead.credentials.tencent
    const resource = `qcs::kms:ap-guangzhou:uin/${uin}:key/creatorUin/${uin}/${one}`
    const key = await who({ action: 'tag:*', resource })
    expect((await retag(one, list({ a: '1' }), undefined, key)).code).toBeUndefined()
    const other = await createKey(keystead)
    expect((await retag(other, list({ a: '1' }), undefined, key)).code).toBe('AuthFailure.UnauthorizedOperation')
    const listed = await keystead.call('GetResources', {}, { service: 'tag', key })
    expect(listed.code).toBe('AuthFailure.UnauthorizedOperation')
  })

  test('that is misspelt is a fault, one of an action that is not offered is none and opens nothing', () => {
    const named = (action: string) => documentOf({ action })
    expect(faultOf(named('tag:ModifyResourceTag'))).toContain('unknown action')
    expect(faultOf(named('tag:CreateTag'))).toBeUndefined()
    expect(faultOf(named('cos:Whatever'))).toBeUndefined()
    expect(allows({ action: ['tag:CreateTag', 'tag:*'] })).toBe(false)
  })

  test('is not needed to deny every right: a deny of all of KMS is one', () => {
    const read = language(JSON.stringify(documentOf({ effect: 'deny', action: 'kms:*' })))
    const [first] = 'fault' in read ? [] : read
    for (const right of ['encrypt', 'retag', 'tag'] as const) expect(first?.rights.has(right)).toBe(true)
    const tags = language(JSON.stringify(documentOf({ effect: 'deny', action: 'tag:*' })))
    expect('fault' in tags ? undefined : tags[0]?.rights.has('encrypt')).toBe(false)
  })
})
