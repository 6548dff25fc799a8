/** Every error code that the vendor lists for a call is answered to a real request, or the reason why not is stated. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { whyUnreached } from '../../../scripts/reference/unreached.ts'
import { actions } from '../../../src/dialects/huawei/actions.ts'
import { codes } from '../../../src/dialects/huawei/codes.ts'
import { errors, precedence } from '../../../src/dialects/huawei/errors.ts'
import { vendorActions } from '../../../src/dialects/huawei/vendor.ts'
import { huaweiCall } from '../../harness/huawei.ts'
import { createKey } from '../../harness/keys.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import vendor from '../../vendor/huawei.json' with { type: 'json' }
import { cryptographyCalls, cryptographyWays } from './cryptography-ways.ts'
import { keyGroups, keyWays, shownElsewhere } from './key-ways.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

interface VendorAction {
  readonly method: string
  readonly path: string
  readonly request: readonly { readonly name: string; readonly required: boolean }[]
}
const documented = vendor.actions as unknown as Record<string, VendorAction>

/** A request that gets the code, by `Call code`. */
const ways: Readonly<Record<string, () => Promise<string | undefined>>> = {
  'CancelKeyDeletion KMS.1501': async () => {
    const key_id = await createKey(keystead)
    return (await huaweiCall(keystead, 'POST kms/cancel-key-deletion', { key_id })).code
  },
  ...cryptographyWays(() => keystead),
  ...keyWays(() => keystead),
}

test.each(Object.entries(ways))('%s', async (named, way) => {
  expect(await way()).toBe(named.split(' ')[1])
})

const keyCalls = vendorActions.filter(({ group }) => keyGroups.includes(group)).map(({ name }) => name)
const reached = (named: string): boolean => named in ways || shownElsewhere.includes(named)

test.each([...new Set([...cryptographyCalls, ...keyCalls])])(
  'every code that is listed for %s is reached, or cannot be and it is said why',
  (name) => {
    const { errors: listed = [] } = vendorActions.find((vendor) => vendor.name === name) ?? {}
    const named = (code: string) => `${name} ${code}`
    expect(listed.filter((code) => !reached(named(code)) && whyUnreached(name, code) === undefined)).toEqual([])
    expect(listed.filter((code) => reached(named(code)) && whyUnreached(name, code) !== undefined)).toEqual([])
  },
)

describe('the tables', () => {
  test('every reason to refuse has its place in the order of checks, once', () => {
    expect([...precedence].sort()).toEqual(Object.keys(errors).sort())
  })

  test('every code has a status of an error and a text', () => {
    for (const [code, [status, text]] of Object.entries(codes)) {
      expect([code, status]).toEqual([code, expect.any(Number)])
      expect(status).toBeGreaterThanOrEqual(400)
      expect(text).not.toBe('')
    }
  })

  test('every call is one of the vendor, and has at least its members', () => {
    for (const { name, request } of actions) {
      const { request: listed } = documented[name] ?? { request: [] }
      const names = listed.map((member) => member.name).filter((member) => member !== 'project_id')
      expect([name, Object.keys(request)]).toEqual([name, expect.arrayContaining(names)])
    }
  })
})
