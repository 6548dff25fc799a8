/**
 * How success and failure are wrapped. An error is said twice, nested as the service does and at the top level as the
 * gateway does: each official client reads one of the two, and none minds the other.
 */
import type { Members } from '../../contract/members.ts'
import type { Answer } from '../../contract/serve.ts'
import { type Code, statusOf } from './codes.ts'

const answer = (status: number, body: string, request: string): Answer => ({
  status,
  contentType: 'application/json;charset=UTF-8',
  body,
  headers: { 'X-Request-Id': request },
})

export const success = (status: number, members: Members | readonly Members[], request: string): Answer =>
  answer(status, status === 204 ? '' : JSON.stringify(members), request)

export const failure = (code: Code, message: string, request: string): Answer => {
  const said = { error_code: code, error_msg: message }
  return answer(statusOf(code), JSON.stringify({ error: said, ...said, request_id: request }), request)
}
