/** What the tests of the identity service share. */
import { expect } from 'vitest'
import { addAccessKey, addPrincipal } from '../../harness/access.ts'
import type { HuaweiAnswered, HuaweiKey } from '../../harness/huawei.ts'
import type { Members, TestKeystead } from '../../harness/keystead.ts'

export const hourMs = 3_600_000

/** A user with an access key of its own, and what the user may do. */
export const newUser = async (
  keystead: TestKeystead,
  policies: readonly object[] = [],
): Promise<{ principal: string; key: HuaweiKey }> => {
  const principal = await addPrincipal(keystead, { policies })
  const { secretId, secretKey } = await addAccessKey(keystead, { principal, dialect: 'huawei' })
  return { principal, key: { accessKey: secretId, secretKey } }
}

const everything = { kind: '*', region: '*', creator: '*', id: '*' }
export const may = (effect: string, ...rights: string[]) => ({
  statements: [{ effect, rights, resources: [everything] }],
})

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
}

/** The error record of the service, and what the gateway says at the top level. */
export const refused = ({ status, members, exchanged }: HuaweiAnswered, expected: number, message: RegExp): void => {
  expect([status, members.error.message]).toEqual([expected, expect.stringMatching(message)])
  expect(members.error).toMatchObject({ code: expected, title: titles[expected], error_code: String(expected) })
  expect([members.error_code, members.error_msg]).toEqual([String(expected), members.error.message])
  expect(exchanged.headers['x-iam-trace-id']).toBe(exchanged.headers['x-request-id'])
}

export const securityTokens = 'POST /v3.0/OS-CREDENTIAL/securitytokens'
export const byToken = (token: Members, rest: Members = {}) => ({
  auth: { identity: { methods: ['token'], token, ...rest } },
})
