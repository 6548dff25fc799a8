/** Every error code that the vendor lists for a call is answered to a real request, or the reason why not is stated. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { whyUnreached } from '../../../scripts/reference/unreached.ts'
import { actions } from '../../../src/dialects/huawei/actions.ts'
import { codes, statusOf } from '../../../src/dialects/huawei/codes.ts'
import { errors, precedence } from '../../../src/dialects/huawei/errors.ts'
import { addAccessKey, addAccount, addPrincipal } from '../../harness/access.ts'
import { type HuaweiAnswered, type HuaweiCallOptions, huaweiCall } from '../../harness/huawei.ts'
import { startKeystead, type TestKeystead, temporaryFolder } from '../../harness/keystead.ts'
import vendor from '../../vendor/huawei.json' with { type: 'json' }
import { cryptographyWays } from './cryptography-ways.ts'
import { managementWays, rightOf, send, stores, useBench } from './management-ways.ts'
import { createKey, type Request, rightRequests } from './requests.ts'

let keystead: TestKeystead
let full: TestKeystead
let nobody: HuaweiCallOptions
beforeAll(async () => {
  const keyStore = [[stores, join(temporaryFolder(), 'second.key')]] as const
  keystead = await startKeystead({ settings: { keyStore } })
  full = await startKeystead({ settings: { quotaKeys: 1 } })
  await createKey(full)
  const principal = await addPrincipal(keystead)
  const { secretKey } = await addAccessKey(keystead, { principal, secretId: 'HWNOBODY', dialect: 'huawei' })
  nobody = { key: { accessKey: 'HWNOBODY', secretKey } }
  const right = rightRequests(keystead, { stores })
  useBench({ keystead, full, other: await addAccount(keystead), nobody, right })
})
afterAll(async () => {
  await keystead.end()
  await full.end()
})

interface Listed {
  readonly name: string
  readonly in: string
  readonly required: boolean
}
interface VendorAction {
  readonly path: string
  readonly request: readonly Listed[]
  readonly errors: readonly { readonly code: string }[]
}
const documented = vendor.actions as unknown as Readonly<Record<string, VendorAction>>
const offered = actions.filter(({ name }) => name in documented)
const names = offered.map(({ name }) => name)

const listing = (name: string) => documented[name]?.errors.map((one) => one.code) ?? []
const ways = { ...managementWays, ...cryptographyWays(() => keystead) }
const pairs = names.flatMap((name) => listing(name).map((listed) => [name, listed] as const))
const asPair = ([name, listed]: readonly [string, string]) => `${name} ${listed}`

describe('every documented code', () => {
  test('of a call is answered to a request, or there is a reason why not, and not both', () => {
    const left = pairs.filter(
      ([name, listed]) => !(asPair([name, listed]) in ways) && whyUnreached(name, listed) === undefined,
    )
    expect(left.map(asPair)).toEqual([])
    const both = pairs.filter((pair) => asPair(pair) in ways && whyUnreached(...pair) !== undefined)
    expect(both.map(asPair)).toEqual([])
  })

  test.each(pairs.filter((pair) => asPair(pair) in ways))('%s answers %s', async (name, listed) => {
    expect(await ways[asPair([name, listed])]?.()).toBe(listed)
  })
})

/** Versions are told to everybody. */
const isOpen = (name: string) => name.startsWith('ShowVersion')
const guarded = names.filter((name) => !isOpen(name))
const withBody = (name: string) =>
  (documented[name]?.request ?? []).some((member) => member.in === 'body') && !name.startsWith('ShowVersion')

const expectError = ({ status, members, code: said }: HuaweiAnswered, expected: string, what: string) => {
  expect([what, said]).toEqual([what, expected])
  expect([what, status]).toEqual([what, statusOf(expected as keyof typeof codes)])
  expect(members.error_msg).not.toBe('')
}

describe('every call', () => {
  test.each(guarded)(
    '%s is refused to whoever cannot be authenticated, is of another project, or may not',
    async (name) => {
      const made = await rightOf(name)
      const unsigned = { headers: { Authorization: undefined, 'X-Sdk-Date': undefined } }
      expectError(await send(made, unsigned), 'APIGW.0301', name)
      const foreign = { ...made, call: made.call.replace(keystead.credentials.huawei.projectId, 'f'.repeat(32)) }
      expectError(await send(foreign, { project: 'f'.repeat(32) }), 'KMS.0321', name)
      const denied = await send(made, nobody)
      expectError(denied, 'KMS.0307', name)
    },
  )

  test.each(names)('%s has no other method', async (name) => {
    const { call, ...rest } = await rightOf(name)
    expectError(await send({ call: call.replace(/^\w+/, 'PATCH'), ...rest }), 'KMS.0215', name)
  })

  test.each(names.filter(withBody))('%s names what is wrong with its body', async (name) => {
    const { call, members = {} } = await rightOf(name)
    const body = (text: string) => huaweiCall(keystead, call, text)
    expectError(await body('{"'), 'KMS.0202', name)
    expectError(await body('[]'), 'KMS.0214', name)
    expectError(await body('"text"'), 'KMS.0214', name)
    const undeclared = await huaweiCall(keystead, call, { ...members, colour: 'red' })
    expectError(undeclared, 'KMS.0308', name)
    expect(undeclared.members.error_msg).toContain('colour')
    if (documented[name]?.request.some((member) => member.name === 'sequence'))
      expectError(await huaweiCall(keystead, call, { ...members, sequence: 'x'.repeat(37) }), 'KMS.0206', name)
  })

  const required = names.flatMap((name) =>
    (documented[name]?.request ?? [])
      .filter((member) => member.in === 'body' && member.required && member.name !== 'project_id')
      .map((member) => [name, member.name] as const),
  )
  test.each(required)('%s needs %s', async (name, member) => {
    const { call, members = {} } = await rightOf(name)
    if (!(member in members)) return expect(call).toMatch(/[0-9a-f]{8}-/) // The path names it.
    const { [member]: _gone, ...rest } = members
    const { code: said, members: answered, status } = await huaweiCall(keystead, call, rest)
    expect([member, status]).toEqual([member, 400])
    expect([member, ['KMS.0204', 'KMS.0205', ...listing(name)]]).toEqual([member, expect.arrayContaining([said])])
    expect(answered.error_msg).toContain(member)
  })

  const ofKeys = names.filter((name) => (documented[name]?.request ?? []).some(({ name: one }) => one === 'key_id'))
  test.each(ofKeys)('%s tells a malformed key id from one that is not there', async (name) => {
    const { call, members, query } = await rightOf(name)
    const withId = (id: string): Request => {
      if (members && 'key_id' in members) return { call, members: { ...members, key_id: id } }
      if (query && 'key_id' in query) return { call, query: { ...query, key_id: id } }
      const inPath = call.replace(/(kms\/(?:keys\/)?)[0-9a-f-]{36}/, `$1${id}`)
      return members && inPath === call
        ? { call, members: { ...members, key_id: id } }
        : { call: inPath, ...(members ? { members } : {}) }
    }
    expectError(await send(withId('no-id')), 'KMS.0205', name)
    const unknown = await send(withId('0d0466b0-e727-4d9c-b35d-f84bb474a37f'))
    // A ciphertext or an import token is of another key than the one that is named.
    if (unknown.status !== 404)
      expect([name, unknown.code]).toEqual([name, expect.stringMatching(/^KMS\.(?:2201|2603)$/)])
    else expectError(unknown, 'KMS.0207', name)
  })
})

describe('the tables', () => {
  test('every reason to refuse has its place in the order of checks, once', () => {
    expect([...precedence].sort()).toEqual(Object.keys(errors).sort())
  })

  test('every code has a status of an error and a text', () => {
    for (const [name, [status, text]] of Object.entries(codes)) {
      expect([name, status >= 400]).toEqual([name, true])
      expect(text).not.toBe('')
    }
  })

  test('the members of every call are those of the vendor, older ones that clients still send, and one of our own', () => {
    const older = [
      'import_type',
      'sequence',
      'tags',
      'encryption_context',
      'realm',
      'key_policy',
      'key_type',
      'pin',
      'pin_type',
      'vm_id',
      'key_label',
    ]
    for (const { name, request } of offered) {
      const listed = (documented[name]?.request ?? []).map((member) => member.name)
      const expected = listed.filter((member) => member !== 'project_id')
      const more = Object.keys(request).filter((member) => !listed.includes(member) && !older.includes(member))
      expect([name, Object.keys(request), more]).toEqual([name, expect.arrayContaining(expected), []])
    }
  })
})

test('a body that is too long is refused before it is read to its end', async () => {
  const answered = await huaweiCall(keystead, 'POST kms/create-key', Buffer.alloc(12 * 1024 * 1024 + 1, 32))
  expectError(answered, 'KMS.0203', 'create-key')
})
