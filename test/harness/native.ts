/** A client of Keystead's own API, as a program writes one: a token, JSON in, JSON out. */
import { exchange } from './http.ts'
import type { AccessKey, Members, TestKeystead } from './keystead.ts'

export interface NativeAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Members
  readonly text: string
}

export interface NativeOptions {
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

export const post = async (
  { endpoint }: Pick<TestKeystead, 'endpoint'>,
  action: string,
  members: unknown = {},
  { token, headers = {} }: NativeOptions = {},
): Promise<NativeAnswer> => {
  const body = typeof members === 'string' ? members : JSON.stringify(members)
  const bearer = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  const sent = { 'Content-Type': 'application/json', ...bearer, ...headers }
  const answer = await exchange(endpoint, { path: `/api/v1/${action}`, headers: sent, body })
  const isJson = String(answer.headers['content-type']).match(/json$/)
  return { ...answer, text: answer.body, body: isJson ? JSON.parse(answer.body) : {} }
}

export const signIn = async (
  keystead: TestKeystead,
  key: AccessKey = keystead.credentials.tencent,
): Promise<string> => {
  const { secretId: accessKey, secretKey } = key
  const { status, body } = await post(keystead, 'session-create', { accessKey, secretKey })
  if (status !== 200) throw new Error(`session-create: ${JSON.stringify(body)}`)
  return body.token
}

export interface NativeClient {
  readonly token: string
  call(action: string, members?: unknown, headers?: Readonly<Record<string, string>>): Promise<NativeAnswer>
  /** As `call`, and fails the test where the answer is a problem. */
  ok(action: string, members?: unknown, headers?: Readonly<Record<string, string>>): Promise<Members>
}

export const clientOf = (keystead: TestKeystead, token: string): NativeClient => {
  const call: NativeClient['call'] = (action, members, headers = {}) =>
    post(keystead, action, members, { token, headers })
  return {
    token,
    call,
    async ok(action, members, headers) {
      const { status, body, text } = await call(action, members, headers)
      if (status !== 200) throw new Error(`${action}: ${text}`)
      return body
    },
  }
}
