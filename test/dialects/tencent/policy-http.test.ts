import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Policy } from '../../../src/core/object.ts'
import { addAccessKey, addPrincipal, change } from '../../harness/access.ts'
import { createKey } from '../../harness/keys.ts'
import { type AccessKey, type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { documentOf, type Statement } from './policy-question.ts'

const dollar = '$'
const Plaintext = 'aGVsbG8='
let keystead: TestKeystead
let root: string
beforeAll(async () => {
  keystead = await startKeystead({ settings: { trustedProxy: ['127.0.0.1'] } })
  root = keystead.credentials.tencent.uin
})
afterAll(() => keystead.end())

interface Sub {
  readonly uin: string
  readonly key: AccessKey
  /** The error code of a call, `ok` where there is none. */
  call(action: string, members?: Members, headers?: Record<string, string>): Promise<string>
}

const newSub = async (...statements: readonly Statement[]): Promise<Sub> => {
  const policies = statements.length > 0 ? [documentOf(...statements)] : []
  const uin = await addPrincipal(keystead, { language: 'tencent', policies })
  const key = await addAccessKey(keystead, { principal: uin })
  const call: Sub['call'] = async (action, members = {}, headers = {}) =>
    (await keystead.call(action, members, { key, headers })).code ?? 'ok'
  return { uin, key, call }
}

const named = (id: string, creator = root) => `qcs::kms:ap-guangzhou:uin/${root}:key/creatorUin/${creator}/${id}`
const denied = 'UnauthorizedOperation'

test('whoever was granted nothing may do nothing, and a policy in the language gives exactly what it says', async () => {
  const [one, other] = [await createKey(keystead), await createKey(keystead)]
  const nobody = await newSub()
  expect(await nobody.call('DescribeKey', { KeyId: one })).toBe(denied)

  const sub = await newSub({ action: ['name/kms:Encrypt', 'kms:Describe*'], resource: named(one) })
  expect(await sub.call('Encrypt', { KeyId: one, Plaintext })).toBe('ok')
  expect(await sub.call('DescribeKey', { KeyId: one })).toBe('ok')
  expect(await sub.call('Encrypt', { KeyId: other, Plaintext })).toBe(denied)
  expect(await sub.call('DisableKey', { KeyId: one })).toBe(denied)
  expect(await sub.call('DescribeKeys', { KeyIds: [one, other] })).toBe(denied)
})

test('a policy for a region gives nothing in another one', async () => {
  const KeyId = await createKey(keystead)
  const sub = await newSub({ resource: `qcs::kms:ap-shanghai:uin/${root}:key/*` })
  expect(await sub.call('DescribeKey', { KeyId })).toBe(denied)
  const { code } = await keystead.call('ListKeys', {}, { key: sub.key, region: 'ap-shanghai' })
  expect(code).toBeUndefined()
})

test('a deny wins over an allow, whatever their order', async () => {
  const KeyId = await createKey(keystead)
  const allow: Statement = { action: 'kms:*' }
  const deny: Statement = { effect: 'deny', action: 'kms:Decrypt', resource: named(KeyId) }
  for (const statements of [
    [allow, deny],
    [deny, allow],
  ]) {
    const sub = await newSub(...statements)
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext }, { key: sub.key })
    expect(await sub.call('Decrypt', { CiphertextBlob })).toBe(denied)
  }
})

test('ReEncrypt needs its word on both keys', async () => {
  const [from, to] = [await createKey(keystead), await createKey(keystead)]
  const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId: from, Plaintext })
  const action = 'kms:ReEncrypt'
  const asked = { CiphertextBlob, DestinationKeyId: to }
  const source = await newSub({ action, resource: named(from) })
  const destination = await newSub({ action, resource: named(to) })
  const both = await newSub({ action, resource: [named(from), named(to)] })
  expect(await source.call('ReEncrypt', asked)).toBe(denied)
  expect(await destination.call('ReEncrypt', asked)).toBe(denied)
  expect(await both.call('ReEncrypt', asked)).toBe('ok')
  expect(await source.call('ReEncrypt', { CiphertextBlob })).toBe('ok')
  const parts = await newSub({ action: ['kms:Encrypt', 'kms:Decrypt'] })
  expect(await parts.call('ReEncrypt', asked)).toBe(denied)
})

describe('an action that acts on no key of its own', () => {
  test.each(['ListKeys', 'ListKeyDetail', 'GetServiceStatus', 'GetRegions', 'ListAlgorithms'])(
    '%s is opened by key/* and by *, and not by a policy for keys of one creator',
    async (action) => {
      // Every action takes * and key/*; the older page gives these the name of all keys.
      for (const resource of ['*', `qcs::kms::uin/${root}:key/*`])
        expect(await (await newSub({ action: `kms:${action}`, resource })).call(action)).toBe('ok')
      const refused = await (await newSub({ resource: [named('*'), named(await createKey(keystead))] })).call(action)
      expect(refused).toMatch(/UnauthorizedOperation$/)
    },
  )

  test('CreateKey works with key/*, and the creator has no right to what it made', async () => {
    const sub = await newSub({ action: 'kms:CreateKey', resource: `qcs::kms:ap-guangzhou:uin/${root}:key/*` })
    const { KeyId } = await keystead.ok('CreateKey', { Alias: `made-by-${sub.uin}` }, { key: sub.key })
    expect(await sub.call('DescribeKey', { KeyId })).toBe(denied)
    const narrow = await newSub({ action: 'kms:CreateKey', resource: `qcs::kms:::key/creatorUin/*` })
    expect(await narrow.call('CreateKey', { Alias: 'never-made' })).toBe(denied)
  })
})

test('the creator in a resource may be the caller itself', async () => {
  const sub = await newSub(
    { action: 'kms:CreateKey' },
    { action: 'kms:DescribeKey', resource: `qcs::kms:::key/creatorUin/${dollar}{uin}/*` },
  )
  const { KeyId } = await keystead.ok('CreateKey', { Alias: `own-of-${sub.uin}` }, { key: sub.key })
  expect(await sub.call('DescribeKey', { KeyId })).toBe('ok')
  expect(await sub.call('DescribeKey', { KeyId: await createKey(keystead) })).toBe(denied)
})

test('a source address is what the trusted proxy says it is', async () => {
  const KeyId = await createKey(keystead)
  const sub = await newSub({ condition: { ip_equal: { 'qcs:ip': ['10.0.0.0/8', '2001:db8::/32'] } } })
  const from = (address: string) => sub.call('DescribeKey', { KeyId }, { 'X-Forwarded-For': address })
  expect(await from('10.1.2.3')).toBe('ok')
  expect(await from('2001:db8::1')).toBe('ok')
  expect(await from('11.1.2.3')).toBe(denied)
  // The client's own claim is left of what the proxy adds.
  expect(await from('10.1.2.3, 11.1.2.3')).toBe(denied)
  expect(await sub.call('DescribeKey', { KeyId })).toBe(denied)
})

test('a condition on the time follows the clock', async () => {
  const ends = new Date(keystead.clock.now() + 3_600_000).toISOString()
  const sub = await newSub({ condition: { date_less_than: { 'qcs:current_time': ends } } })
  expect(await sub.call('ListKeys')).toBe('ok')
  keystead.clock.pass(3_600_001)
  expect(await sub.call('ListKeys')).toBe(denied)
})

test('the code for a refusal is the one that the action lists', async () => {
  const KeyId = await createKey(keystead)
  const sub = await newSub()
  const resource = { KeyId, ProductId: 'cos', ResourceId: 'bucket-1' }
  expect(await sub.call('BindCloudResource', resource)).toBe('AuthFailure.UnauthorizedOperation')
  expect(await sub.call('UnbindCloudResource', resource)).toBe('UnauthorizedOperation')
  expect(await sub.call('Encrypt', { KeyId, Plaintext })).toBe('UnauthorizedOperation')
})

test('a misspelt policy beside a good one denies everything', async () => {
  const good = documentOf({})
  const bad = documentOf({ effect: 'deny', condition: { string_eqaul: { 'qcs:uin': '1' } } })
  const principal = await addPrincipal(keystead, { language: 'tencent', policies: [good, bad] })
  const key = await addAccessKey(keystead, { principal })
  expect((await keystead.call('ListKeys', {}, { key })).code).toBe(denied)
})

describe('what is taken away is gone with the next call', () => {
  const policyOf = async (sub: Sub): Promise<Policy> => {
    const policy = await (await keystead.running.installation.house.coherence.view()).get('policy', `${sub.uin}-0`)
    if (!policy) throw new Error('the policy is missing')
    return policy
  }

  test('where the policy is removed', async () => {
    const sub = await newSub({})
    expect(await sub.call('ListKeys')).toBe('ok')
    await change(keystead, { drop: await policyOf(sub) })
    expect(await sub.call('ListKeys')).toBe(denied)
  })

  test('where the policy is written anew', async () => {
    const sub = await newSub({})
    expect(await sub.call('ListKeys')).toBe('ok')
    const over = await policyOf(sub)
    const document = JSON.stringify(documentOf({ action: 'kms:CreateKey' }))
    await change(keystead, { put: { ...over, document }, over })
    expect(await sub.call('ListKeys')).toBe(denied)
    expect(await sub.call('CreateKey', { Alias: `rewritten-${sub.uin}` })).toBe('ok')
  })

  test('where it is detached from the user, a deny too', async () => {
    const sub = await newSub({}, { effect: 'deny', action: 'kms:ListKeys' })
    expect(await sub.call('ListKeys')).toBe(denied)
    const policy = await policyOf(sub)
    const principal = await (await keystead.running.installation.house.coherence.view()).get('principal', sub.uin)
    if (!principal) throw new Error('the principal is missing')
    const allow: Policy = { ...policy, id: `${sub.uin}-1`, name: 'allow', document: JSON.stringify(documentOf({})) }
    await change(keystead, { add: allow }, { put: { ...principal, policies: [allow.id] }, over: principal })
    expect(await sub.call('ListKeys')).toBe('ok')
  })
})
