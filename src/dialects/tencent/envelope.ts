/**
 * How success and failure are wrapped. The status is 200 for both, and the content type has no charset: SDKs take any
 * other status for a network failure, and one of them takes any other type for a stream.
 */
import type { Members } from '../../contract/members.ts'
import type { Answer } from '../../contract/serve.ts'
import type { Code } from './codes.ts'

const wrap = (body: string): Answer => ({ status: 200, contentType: 'application/json', body })

export const success = (members: Members, request: string): Answer =>
  wrap(JSON.stringify({ Response: { ...members, RequestId: request } }))

export const failure = (code: Code, message: string, request: string): Answer =>
  wrap(JSON.stringify({ Response: { Error: { Code: code, Message: message }, RequestId: request } }))
