/** Every call through the vendor's own SDK for Node: its signer, its HTTP client, what it reads of answers. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actions } from '../../../src/dialects/huawei/actions.ts'
import { sdkClient, sdkSend } from '../../harness/huawei-sdk.ts'
import { type Members, startKeystead, type TestKeystead, temporaryFolder } from '../../harness/keystead.ts'
import vendor from '../../vendor/huawei.json' with { type: 'json' }
import { rightRequests } from './requests.ts'

let keystead: TestKeystead
let client: ReturnType<typeof sdkClient>
beforeAll(async () => {
  keystead = await startKeystead({ settings: { keyStore: [['second', join(temporaryFolder(), 'second.key')]] } })
  client = sdkClient(keystead)
})
afterAll(() => keystead.end())

interface Documented {
  readonly type: string
  readonly presence?: string
  readonly members?: Readonly<Record<string, Documented>>
}
interface VendorAction {
  readonly status: number
  readonly response: Readonly<Record<string, Documented>>
}
const documented = vendor.actions as unknown as Readonly<Record<string, VendorAction>>

/** What only a cloud's own machines can show: the SDK gets the documented refusal. */
const refusedHere: Readonly<Record<string, string>> = { DecryptDatakeyCapsule: 'KMS.3804' }

const jsonTypes: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: Number.isSafeInteger,
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

/** Members that are documented to be there and are not, or are of another type, by their path. */
const wrongIn = (members: Members, shape: Readonly<Record<string, Documented>>, path = ''): string[] =>
  Object.entries(shape).flatMap(([name, { type, presence, members: inner = {} }]) => {
    const value = members[name]
    const at = `${path}${name}`
    if (value === undefined) return presence === 'always' ? [`${at} is missing`] : []
    if (!jsonTypes[type]?.(value)) return [`${at} is no ${type}`]
    const entries = Array.isArray(value) ? value.filter((entry) => typeof entry === 'object') : [value]
    return Object.keys(inner).length === 0 ? [] : entries.flatMap((entry) => wrongIn(entry, inner, `${at}.`))
  })

test.each(actions.map(({ name }) => name).filter((name) => name in documented))('%s', async (name) => {
  const { status, response } = documented[name] as VendorAction
  const request = await rightRequests(keystead, { stores: 'second' })[name]?.()
  expect(request, 'there is a request').toBeDefined()
  const { call, members, query } = request as NonNullable<typeof request>
  const answered = await sdkSend(client, keystead, call, members, query)
  expect(answered.code, answered.message).toBe(refusedHere[name])
  if (refusedHere[name] !== undefined) return
  expect(answered.status).toBe(status)
  expect(wrongIn(answered.members, response)).toEqual([])
})

test('every call of the vendor is offered', () => {
  expect(actions.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(documented)))
})
